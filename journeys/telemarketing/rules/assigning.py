"""How leads are shared out among people: by weight, within quotas, the same each time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction

from journeys.telemarketing.enums import PassedOver


@dataclass(frozen=True)
class Taker:
    """Who takes part in an assignment, with a weight from 1 on and a quota, None for no limit."""

    staff_id: int
    weight: int = 1
    quota: int | None = None


@dataclass(frozen=True)
class Share:
    """A person who takes part: the weight, how many leads at most (`quota`, None for no limit), how
    many open ones the person has, and what keeps the person out altogether, "" where nothing
    does."""

    staff_id: int
    weight: int
    quota: int | None
    held: int
    out: str = ""


@dataclass(frozen=True)
class Wanted:
    """A lead to assign: how many open leads its policy lets a person have, and who may not have
    it, with what stands against that."""

    lead_id: int
    cap: int
    barred: dict[int, str]


@dataclass(frozen=True)
class Line:
    """Who gets a lead, None for nobody, and why: it is the `place`-th, the person had `given` by
    then with a weight of `weight` out of `weights`; `passed` are those who would have come before,
    each with what stood against it."""

    lead_id: int
    staff_id: int | None
    place: int
    given: int
    weight: int
    weights: int
    passed: tuple[tuple[int, str], ...]


def share_out(leads: Sequence[Wanted], shares: Collection[Share]) -> list[Line]:
    """This will say of each lead, in order, who gets it: of those who may have it, the one whose
    leads by then, this one with them, are the fewest for the weight. Ties go to who has fewer open
    leads, then to the earlier number. The same leads and shares give the same lines; nobody who
    may have them gets more for the weight than another with one more would have."""
    given = {share.staff_id: 0 for share in shares}
    weights = sum(share.weight for share in shares if not share.out)
    lines = []
    for place, lead in enumerate(leads, start=1):
        passed: list[tuple[int, str]] = []
        taker: Share | None = None
        for share in sorted(shares, key=lambda one: _turn(one, given[one.staff_id])):
            against = _against(share, given[share.staff_id], lead)
            if not against:
                taker = share
                break
            passed.append((share.staff_id, against))
        if taker is None:
            lines.append(Line(lead.lead_id, None, place, 0, 0, weights, tuple(passed)))
            continue
        had = given[taker.staff_id]
        given[taker.staff_id] += 1
        lines.append(
            Line(
                lead.lead_id, taker.staff_id, place, had, taker.weight, weights, tuple(passed)
            )
        )  # fmt: skip
    return lines


def _turn(share: Share, given: int) -> tuple[Fraction, int, int]:
    return Fraction(given + 1, share.weight), share.held + given, share.staff_id


def _against(share: Share, given: int, lead: Wanted) -> str:
    """What keeps a person from getting a lead, "" where nothing does."""
    if share.out:
        return share.out
    if share.quota is not None and given >= share.quota:
        return PassedOver.QUOTA.value
    if share.held + given >= lead.cap:
        return PassedOver.CAP.value
    return lead.barred.get(share.staff_id, "")
