"""Which leads of somebody are proposed to be handed over to those who are there."""

from collections.abc import Sequence
from dataclasses import dataclass

from journeys.telemarketing.enums import ReliefWhy


@dataclass(frozen=True)
class Open:
    """An open lead that may change hands: whether a call was promised, and whether that is over
    its time."""

    lead_id: int
    is_promised: bool
    is_overdue: bool


def to_hand_over(
    leads: Sequence[Open], *, out: str, held: int, others: Sequence[int]
) -> tuple[list[int], ReliefWhy | None]:
    """This will propose which leads are handed over, the first ones first, and say why; none where
    nothing speaks for it.

    Of somebody who may not call today (`out` says why, as for an assignment) all are. Otherwise
    what is overdue, and as many as the person has beyond the even share: `held` is how many the
    person has open, `others` how many each of those has who may take some. What nobody promised
    goes next: those people expect nobody in particular."""
    if out:
        return [one.lead_id for one in leads], ReliefWhy(out)
    even = -(-(held + sum(others)) // (len(others) + 1))
    overdue = sum(one.is_overdue for one in leads)
    number = max(overdue, held - even)
    if number <= 0 or not leads:
        return [], None
    ordered = sorted(leads, key=lambda one: (not one.is_overdue, one.is_promised))
    why = ReliefWhy.BEHIND if overdue else ReliefWhy.MORE
    return [one.lead_id for one in ordered[:number]], why
