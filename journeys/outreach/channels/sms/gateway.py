"""SMS over HTTP in the dialect of Kannel's sendsms.

https://www.kannel.org/download/kannel-userguide-snapshot/userguide.html, "SMS Push reply codes".
"""

from django.conf import settings

from journeys.outreach.channels import web
from journeys.outreach.channels.protocol import Deadline, Outcome, Parcel
from journeys.outreach.enums import Found, Result

# The gateway says itself that it did not take the message, or the request never was for it.
_NOT_TAKEN = {401, 403, 404, 405, 408, 429, 501, 503}


class SmsGateway:
    """A kept connection to the SMS gateway of the settings."""

    def __init__(self) -> None:
        self._connection = web.Connection(settings.SMS_URL)

    def hand_over(self, parcel: Parcel) -> Outcome:
        """This will hand one SMS over. Once the request is written, silence means doubt."""
        if not settings.SMS_URL:
            return Outcome(Result.UNREACHABLE, "SMS_URL")
        fields = {
            "username": settings.SMS_USER,
            "password": settings.SMS_PASSWORD,
            "from": settings.SMS_SENDER,
            "to": parcel.destination,
            "text": parcel.body,
            "coding": "2",
            "charset": "UTF-8",
            "id": parcel.key,
        }
        try:
            status, text = self._connection.post(fields, _deadline())
        except web.NotReached as error:
            return Outcome(Result.UNREACHABLE, str(error))
        except web.NoAnswer as error:
            return Outcome(Result.NO_ANSWER, str(error))
        return classify(status, text.strip())

    def find(self, key: str) -> Found:
        """This will ask the gateway what became of a message key."""
        return web.find_at(settings.SMS_STATUS_URL, key, _deadline())

    def close(self) -> None:
        """This will let the connection go."""
        self._connection.close()


def classify(status: int, text: str) -> Outcome:
    """This will read an answer of the gateway.

    A wrong password or address of the gateway is a fault of the set-up, not of the message, and
    may be tried again. 500, 502 and 504 can come from a proxy after the gateway took the message:
    in doubt.
    """
    detail = f"{status} {text}"[:120]
    if 200 <= status < 300:
        return Outcome(Result.SENT, reference=text[:120])
    if status in _NOT_TAKEN or 300 <= status < 400:
        return Outcome(Result.BUSY, detail)
    if status == 400:
        return Outcome(Result.BAD_ADDRESS, detail)
    if 400 < status < 500:
        return Outcome(Result.REFUSED, detail)
    return Outcome(Result.NO_ANSWER, detail)


def _deadline() -> Deadline:
    return Deadline(settings.OUTBOX_HAND_OVER_SECONDS, settings.EMAIL_TIMEOUT)
