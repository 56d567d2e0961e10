"""Which of a person's statements hold: for many people as SQL, and the same rule for a page about
one person."""

import datetime as dt
from collections.abc import Iterable
from typing import Protocol, TypeVar


class Said(Protocol):
    """A statement, as `journeys.contact.models.Consent` has it."""

    purpose: str
    channel: str
    is_granted: bool
    effective_at: dt.datetime
    recorded_at: dt.datetime


S = TypeVar("S", bound=Said)


def consent_holds_sql(about: str) -> str:
    """This will return the expression that tells whether the consent holds of which the rows `said`
    of one person speak that meet `about`: an aggregate, NULL where it was never given. The rows are
    those in force at the instant asked about."""
    return f"""max(least(said.recorded_at, said.effective_at))
                FILTER (WHERE {about} AND said.is_granted)
            > coalesce(max(said.effective_at)
                FILTER (WHERE {about} AND NOT said.is_granted), '-infinity')"""


def still_hold(statements: Iterable[S], at: dt.datetime) -> list[S]:
    """This will return the consents that hold at `at`: in force, and said after the last
    withdrawal for the same purpose and channel."""
    said = [one for one in statements if one.effective_at <= at]
    taken_back: dict[tuple[str, str], dt.datetime] = {}
    for one in said:
        if not one.is_granted:
            about = one.purpose, one.channel
            taken_back[about] = max(taken_back.get(about, one.effective_at), one.effective_at)
    return [one for one in said if one.is_granted and _is_after(one, taken_back)]


def _is_after(one: Said, taken_back: dict[tuple[str, str], dt.datetime]) -> bool:
    last = taken_back.get((one.purpose, one.channel))
    return last is None or min(one.recorded_at, one.effective_at) > last
