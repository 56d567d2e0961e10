"""Why a partner gets its level: what the last step brought, what the next would, and which bound
holds it there."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from merchants.allocation.rules.problems import Choice, Problem, Share, spent, spent_in
from merchants.allocation.rules.responses import per_yuan


class Holds(StrEnum):
    """What keeps a partner from the next level."""

    CAP = "cap"
    BUDGET = "budget"
    GROUP = "group"
    NOTHING_MORE = "nothing_more"
    BETTER_ELSEWHERE = "better_elsewhere"


@dataclass(frozen=True)
class Why:
    """One line's reasons. Rates are CNY of turnover for one CNY: of the last step, of the next
    (None where there is none). `is_floor` where it stands at a floor above nought; `room` (fen) is
    what the budget has left; `group` the share that holds, or whose least money the last step
    serves."""

    last: float | None
    following: float | None
    holds: Holds
    is_floor: bool
    step: int
    room: int
    group: Share | None = None
    serves: Share | None = None


def explain(problem: Problem, choice: Choice) -> list[Why]:
    """This will say for each partner why it stands where it does, in exact money."""
    room = problem.budget - spent(problem, choice)
    return [_why(problem, choice, place, room) for place in range(len(problem.partners))]


def _why(problem: Problem, choice: Choice, place: int, room: int) -> Why:
    partner, at = problem.partners[place], choice[place]
    here = partner.levels[at]
    above = partner.levels[at + 1] if at + 1 < len(partner.levels) else None
    below = partner.levels[at - 1] if at else None
    full = _full_group(problem, choice, place, above.amount - here.amount) if above else None
    step = above.amount - here.amount if above else 0
    if above is None:
        holds = Holds.CAP
    elif above.effect <= here.effect:
        holds = Holds.NOTHING_MORE
    elif full is not None:
        holds = Holds.GROUP
    else:
        holds = Holds.BUDGET if step > room else Holds.BETTER_ELSEWHERE
    return Why(
        last=per_yuan(below, here) if below else None,
        following=per_yuan(here, above) if above else None,
        holds=holds,
        is_floor=at == 0 and here.amount > 0,
        step=step,
        room=room,
        group=full,
        serves=_served(problem, choice, place, here.amount - below.amount) if below else None,
    )


def _full_group(problem: Problem, choice: Choice, place: int, step: int) -> Share | None:
    """The share at most that a step would break; of one that says how much at least alone, it is
    the budget that holds."""
    for share in problem.shares:
        if share.most < 100 and place in problem.members(share):
            money = spent_in(problem, share, choice) + step
            if money > share.most_money(problem.budget):
                return share
    return None


def _served(problem: Problem, choice: Choice, place: int, step: int) -> Share | None:
    for share in problem.shares:
        if place in problem.members(share):
            money = spent_in(problem, share, choice) - step
            if money < share.least_money(problem.budget):
                return share
    return None


def are_held_by_shares(reasons: Sequence[Why]) -> bool:
    """This will tell whether somebody would bring more whom the share of a group holds: it is a
    part of the budget, and rises with it."""
    return any(why.holds == Holds.GROUP and (why.following or 0) > 0 for why in reasons)


def next_yuan(problem: Problem, reasons: Sequence[Why]) -> tuple[str, float] | None:
    """This will return who would get more if the budget were larger, and what a CNY would bring
    there, by the reasons that `explain` gave; None where nobody may get more or nothing would come
    of it."""
    rates = [
        (why.following, -place)
        for place, why in enumerate(reasons)
        if why.holds in (Holds.BUDGET, Holds.BETTER_ELSEWHERE) and why.following
    ]
    if not rates:
        return None
    rate, place = max(rates)
    return problem.partners[-place].number, rate
