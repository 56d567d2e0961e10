"""The telephone: what keeps the leads takes a message as one, by the door of the registry.

The lead is the receipt: it is written under the message's key, once, so that a hand-over that broke
off can be looked up, or done again.
"""

from django.db import DatabaseError

from journeys.outreach.channels.protocol import Outcome, Parcel
from journeys.outreach.enums import Found, Result
from portal.kit.registry import CallAsked, registry


class PhoneGateway:
    """Asks for a call."""

    def hand_over(self, parcel: Parcel) -> Outcome:
        """This will put a lead into the pool. Where no pool is there, nothing is handed over."""
        if registry.pool is None:
            return Outcome(Result.UNREACHABLE, "pool")
        asked = CallAsked(
            parcel.key, parcel.customer_id, parcel.subject, parcel.body, parcel.valid_until
        )
        try:
            number = registry.pool.take(asked)
        except DatabaseError as error:
            return Outcome(Result.NO_ANSWER, type(error).__name__)
        if not number:
            return Outcome(Result.BAD_ADDRESS)
        return Outcome(Result.SENT, reference=number)

    def find(self, key: str) -> Found:
        """This will tell whether there is a lead of a message."""
        if registry.pool is None:
            return Found.UNKNOWN
        return Found.SENT if registry.pool.has(key) else Found.ABSENT

    def close(self) -> None:
        """Nothing is kept."""
