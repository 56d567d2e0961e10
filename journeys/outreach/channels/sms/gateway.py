"""SMS over HTTP in the dialect of Kannel's sendsms.

https://www.kannel.org/download/kannel-userguide-snapshot/userguide.html, "SMS Push reply codes".
"""

from urllib.parse import quote, urlencode

from journeys.outreach.channels import web
from journeys.outreach.channels.protocol import Outcome, Parcel, code_of, deadline, setting
from journeys.outreach.channels.signing import sign
from journeys.outreach.enums import Result

from .callbacks import ASKED_FOR

CODE = code_of(__package__)
# The gateway says itself that it did not take the message, or the request never was for it.
_NOT_TAKEN = {401, 403, 404, 405, 408, 429, 501, 503}


class SmsGateway(web.WebGateway):
    """A kept connection to the SMS gateway of the settings."""

    def __init__(self) -> None:
        super().__init__(CODE)
        self._fixed = urlencode(self._fields_of_all())

    def _ask(self, connection: web.Connection, parcel: Parcel) -> tuple[int, str]:
        """Kannel reads its fields from the query of a GET alone; a form that is posted to it is
        refused as one without a user (its POST has another dialect, of headers)."""
        return connection.get(self._query(parcel), deadline())

    def _read(self, status: int, text: str) -> Outcome:
        return classify(status, text)

    def _fields_of_all(self) -> dict[str, str]:
        """UCS-2 (coding 2) whatever the text holds: the gateway would put question marks in place
        of Chinese otherwise. A receipt is asked for where there is an address to send it to."""
        fields = {
            "username": setting(CODE, "USER"),
            "password": setting(CODE, "PASSWORD"),
            "from": setting(CODE, "SENDER"),
            "coding": "2",
            "charset": "UTF-8",
        }
        if self._receipts:
            fields["dlr-mask"] = str(ASKED_FOR)
        return fields

    def _query(self, parcel: Parcel) -> str:
        fields = {"to": parcel.destination, "id": parcel.key}
        if self._receipts:
            known = f"?id={quote(parcel.key)}&sign={sign(CODE, parcel.key)}"
            fields["dlr-url"] = f"{self._receipts}{known}&type=%d&answer=%A&reference=%F"
        return f"{self._fixed}&{urlencode(fields)}&text={_encoded(parcel.body)}"


def _encoded(text: str) -> str:
    """Every byte in its hexadecimal digits, which a query may hold (RFC 3986, 2.1): of Chinese
    nearly all would be anyway, and asking of each takes thirty times as long."""
    return f"%{text.encode().hex('%')}" if text else ""


def classify(status: int, text: str) -> Outcome:
    """This will read an answer of the gateway.

    A wrong password or address of the gateway is a fault of the set-up, not of the message, and
    may be tried again. 500, 502 and 504 can come from a proxy after the gateway took the message:
    in doubt.
    """
    detail = f"{status} {text}"
    if 200 <= status < 300:
        return Outcome(Result.SENT, reference=text)
    if status in _NOT_TAKEN or 300 <= status < 400:
        return Outcome(Result.BUSY, detail)
    if status == 400:
        return Outcome(Result.BAD_ADDRESS, detail)
    if 400 < status < 500:
        return Outcome(Result.REFUSED, detail)
    return Outcome(Result.NO_ANSWER, detail)
