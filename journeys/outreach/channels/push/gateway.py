"""Push messages: one JSON object a message, posted to the bank's push gateway.

The gateway keeps the tokens of devices, which change with every new phone; we name the customer by
number and give our key, under which it takes a message once.
"""

from journeys.outreach.channels import web
from journeys.outreach.channels.protocol import Outcome, Parcel, code_of, deadline, setting
from journeys.outreach.enums import Result

CODE = code_of(__package__)
_NOT_TAKEN = {401, 403, 405, 408, 429, 501, 503}
# Nobody with that number has the app, or has it any more.
_NO_DEVICE = {404, 410}
_KNOWN_ALREADY = 409


class PushGateway(web.WebGateway):
    """A kept connection to the push gateway of the settings."""

    def __init__(self) -> None:
        super().__init__(CODE)

    def _ask(self, connection: web.Connection, parcel: Parcel) -> tuple[int, str]:
        data = {
            "id": parcel.key,
            "customer": parcel.destination,
            "title": parcel.subject,
            "text": parcel.body,
        }
        if self._receipts:
            data["receipts"] = self._receipts
        return connection.post_json(data, deadline(), setting(CODE, "TOKEN"))

    def _read(self, status: int, text: str) -> Outcome:
        return classify(status, text)


def classify(status: int, text: str) -> Outcome:
    """This will read an answer of the gateway; 500, 502 and 504 can come from a proxy after the
    gateway took the message: in doubt."""
    detail = f"{status} {text}"
    if 200 <= status < 300 or status == _KNOWN_ALREADY:
        return Outcome(Result.SENT, reference=text)
    if status in _NOT_TAKEN or 300 <= status < 400:
        return Outcome(Result.BUSY, detail)
    if status in _NO_DEVICE:
        return Outcome(Result.BAD_ADDRESS, detail)
    if 400 <= status < 500:
        return Outcome(Result.REFUSED, detail)
    return Outcome(Result.NO_ANSWER, detail)
