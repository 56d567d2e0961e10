"""Names of a result's message, and when telling is tried again."""

import datetime as dt

from journeys.contact.enums import GateAnswer
from journeys.notices.enums import Result
from journeys.outreach import rules as outreach

# How long a result waits that lacks a contact rule, hours, a calendar or its text, until it is
# tried again.
TRY_AGAIN_AFTER = dt.timedelta(minutes=10)
# An address may still come in: asked for every hour, later at a quarter of the time waited, so
# that a million without one keep nobody busy.
ADDRESS_AGAIN_AFTER = dt.timedelta(hours=1)
MAX_DAYS = 31
# What a person of the bank has to enter first; the outbox waits for the same.
_WAITS = frozenset({GateAnswer.NO_RULE, GateAnswer.NO_HOURS, GateAnswer.NO_CALENDAR})
_ORIGIN = "result:"
# The next wording of a text of results, before those who decide about it.
APPROVAL_KIND = "result_text"
# What a result brings for the texts of its messages.
VARIABLES = ("filed", "decided", "tail", "product", "product_en", "branch", "branch_en")


def origin_of(result: str) -> str:
    """This will return the origin that the messages of a result carry."""
    return f"{_ORIGIN}{result}"


def result_of(origin: str) -> str | None:
    """This will return the result that an origin names; None for other origins."""
    result = origin.removeprefix(_ORIGIN)
    return result if origin.startswith(_ORIGIN) and result in Result.values else None


def result_told_by(code: str) -> str | None:
    """This will return the result that the text with this code tells; None for other texts."""
    return next((result for result in Result.values if template_of(result) == code), None)


def unknown_variables(*texts: str) -> list[str]:
    """This will list the variables of texts that no result brings. Raises outreach's
    BadTemplate."""
    return outreach.unknown_variables(VARIABLES, *texts)


def template_of(result: str) -> str:
    """This will return the code of the text that tells a result."""
    return f"application_{result}"


def dedup_key_of(result: str, decided: dt.date, place: int, round_number: int) -> str:
    """This will return the cause of a message. `place` counts a customer's results of the same
    kind and day from 1; `round_number` how often the same result was taken up, which is once
    unless its message was called off before it went."""
    key = f"result:{result}:{decided.isoformat()}"
    if place > 1:
        key += f":{place}"
    return key if round_number == 1 else f"{key}:r{round_number}"


def waits(answer: str) -> bool:
    """This will tell whether the gate's answer holds until a person enters what is missing."""
    return answer in _WAITS


def asked_for_address(
    noted_at: dt.datetime, last_instant: dt.datetime, at: dt.datetime
) -> dt.datetime | None:
    """This will say when a result without an address is tried again: once more at
    `last_instant` at the latest; None from then on."""
    if at >= last_instant:
        return None
    return min(at + max(ADDRESS_AGAIN_AFTER, (at - noted_at) / 4), last_instant)
