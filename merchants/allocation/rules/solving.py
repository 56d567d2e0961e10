"""The best split, by mixed-integer programming (HiGHS through scipy).

One variable for each partner and level, of which one is taken: maximise what is brought, within
the budget and the shares of groups. Answers are checked in whole numbers before anybody sees them.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csc_array, vstack

from merchants.allocation.rules import rounding
from merchants.allocation.rules.problems import Choice, Partner, Problem, broken, effect, spent

# Nodes, not seconds: the same question has the same answer on every machine.
_MOST_NODES = 200_000
_LIMIT, _INFEASIBLE = 1, 2
_TRIES = 3
# Parts below this, and shares of the whole below that, are what the solver does not tell apart.
_PART, _SURE = 1e-6, 1e-7


class Infeasible(Exception):
    """Raised where no split keeps all bounds; `bounds` are those that cannot hold together, of
    which none could be left out of the conflict: "budget", "floors", and pairs of a share and
    "least" or "most"."""

    def __init__(self, bounds: list[Any]) -> None:
        super().__init__("infeasible")
        self.bounds = bounds


class NotSolved(Exception):
    """Raised where the solver gives no answer that holds."""


@dataclass(frozen=True)
class Solution:
    """The place of each partner's level, and by how much at most (fen) a better one could exist:
    0 where it is proven that none does."""

    choice: tuple[int, ...]
    gap: int


def solve(problem: Problem) -> Solution:
    """This will find the split that brings most. Equal questions get equal answers: partners come
    by their numbers, of two that are alike the first gets no less, and nobody gets money that
    brings nothing. Raises Infeasible, NotSolved."""
    room, most = 0, math.inf
    for _try in range(_TRIES):
        found = _ask(problem, _everything(problem), room)
        if found is None:
            if room:
                break
            raise Infeasible(_conflict(problem))
        choice, bound = found
        # What the first answer was proven by holds for the question as it was asked.
        most = min(most, bound) if not room else most
        if not broken(problem, choice):
            choice = _tidied(problem, choice)
            return Solution(tuple(choice), max(math.floor(most - effect(problem, choice)), 0))
        # Its tolerance let it take a few fen too many: ask once more with as much less.
        room += max(spent(problem, choice) - problem.budget, 1)
    raise NotSolved


def _everything(problem: Problem) -> list[Any]:
    bounds: list[Any] = ["budget", "floors"]
    for share in problem.shares:
        bounds += [(share, "least")] if share.least else []
        bounds += [(share, "most")] if share.most < 100 else []
    return bounds


def _ask(
    problem: Problem, bounds: list[Any], room: int = 0, *, is_trial: bool = False
) -> tuple[list[int], float] | None:
    """The best choice within some of the bounds, and what no choice can exceed; None where there
    is none."""
    table = _table(problem, bounds, room)
    keep = np.ones(len(table.money), dtype=bool) if is_trial else _worth_asking(problem, table)
    answer = milp(
        np.zeros(keep.sum()) if is_trial else -table.brings[keep],
        integrality=np.ones(keep.sum()),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(table.rows[:, keep], table.lows, table.highs),
        options={"mip_rel_gap": 0.0, "node_limit": _MOST_NODES},
    )
    if answer.status == _INFEASIBLE:
        return None
    if answer.x is None or answer.status not in (0, _LIMIT):
        raise NotSolved(answer.message)
    values = np.zeros(len(keep))
    values[keep] = answer.x
    taken = [int(np.argmax(values[first:end])) for first, end in pairwise(table.starts)]
    return taken, -float(answer.mip_dual_bound)


@dataclass(frozen=True)
class _Table:
    """The question as the solver reads it: a column for each partner and level, those of a partner
    from its place in `starts` on; a row for each partner, then one for each bound on money."""

    starts: Any
    money: Any
    brings: Any
    rows: Any
    lows: Any
    highs: Any


def _table(problem: Problem, bounds: list[Any], room: int) -> _Table:
    levels = [_levels(one, "floors" in bounds) for one in problem.partners]
    starts = np.concatenate([[0], np.cumsum([len(one) for one in levels])])
    money = np.array([amount for one in levels for amount, _effect in one], dtype=np.float64)
    brings = np.array([value for one in levels for _amount, value in one], dtype=np.float64)
    unit = math.gcd(*(int(value) for value in money)) or 1
    owner = np.repeat(np.arange(len(levels)), np.diff(starts))
    count = len(levels)
    rows = [csc_array((np.ones(len(money)), (owner, np.arange(len(money)))))]
    lows, highs = [1.0] * count, [1.0] * count
    for members, low, high in _rows(problem, bounds, room, unit):
        is_in = np.zeros(count, dtype=bool)
        is_in[members] = True
        rows.append(csc_array(np.where(is_in[owner], money / unit, 0.0)[np.newaxis, :]))
        lows.append(low)
        highs.append(high)
    whole = csc_array(vstack(rows))
    return _Table(starts, money, brings, whole, np.array(lows), np.array(highs))


def _worth_asking(problem: Problem, table: _Table) -> Any:
    """Which columns an answer as good as the best can have. The relaxed question (parts of levels)
    gives a bound and what each column would cost; rounding it gives an answer that holds. A column
    that costs more than lies between both is in no better answer. Exact, and it leaves a few
    hundred of thousands of columns."""
    everything = np.ones(len(table.money), dtype=bool)
    relaxed = linprog(
        -table.brings, bounds=(0, None), method="highs", **_sides(table, len(problem.partners))
    )
    if relaxed.status != 0:
        return everything
    choice = rounding.rounded(problem, _lowest(table, relaxed.x))
    if choice is None:
        return everything
    known = effect(problem, choice)
    costs, slack = relaxed.lower.marginals, max(1.0, _SURE * abs(relaxed.fun))
    keep = costs <= -relaxed.fun - known + slack
    keep[table.starts[:-1] + np.array(choice)] = True
    return keep


def _sides(table: _Table, count: int) -> dict[str, Any]:
    """The rows as the relaxed question wants them: equal to one, or at most."""
    rows, lows, highs = table.rows.tocsr(), table.lows[count:], table.highs[count:]
    above, below, bounds = np.isfinite(highs), np.isfinite(lows), rows[count:]
    return {
        "A_eq": rows[:count],
        "b_eq": np.ones(count),
        "A_ub": vstack([bounds[np.flatnonzero(above)], -bounds[np.flatnonzero(below)]]),
        "b_ub": np.concatenate([highs[above], -lows[below]]),
    }


def _lowest(table: _Table, parts: Any) -> list[int]:
    """Of each partner the cheapest level that the relaxed answer takes a part of."""
    return [int(np.argmax(parts[first:end] > _PART)) for first, end in pairwise(table.starts)]


def _levels(partner: Partner, with_floor: bool) -> list[tuple[int, int]]:
    found = [(one.amount, one.effect) for one in partner.levels]
    return found if with_floor or not found[0][0] else [(0, 0), *found]


def _rows(
    problem: Problem, bounds: list[Any], room: int, unit: int
) -> Iterator[tuple[list[int], float, float]]:
    """The bounds on money as rows, in whole units, which loses nothing: all amounts are."""
    if "budget" in bounds:
        everybody = list(range(len(problem.partners)))
        yield everybody, -np.inf, (problem.budget - room) // unit
    for share in problem.shares:
        if (share, "least") in bounds:
            yield problem.members(share), -(-share.least_money(problem.budget) // unit), np.inf
        if (share, "most") in bounds:
            yield problem.members(share), -np.inf, share.most_money(problem.budget) // unit


def _conflict(problem: Problem) -> list[Any]:
    """The bounds that cannot hold together: each is left out where the rest conflicts without
    it."""
    kept = _everything(problem)
    for bound in list(kept):
        rest = [one for one in kept if one != bound]
        if _ask(problem, rest, is_trial=True) is None:
            kept = rest
    return kept


def _tidied(problem: Problem, choice: Choice) -> list[int]:
    """The same effect in the one way that the rule of ties names."""
    tidy = list(choice)
    for place, one in enumerate(problem.partners):
        while tidy[place] and (
            one.levels[tidy[place] - 1].effect >= one.levels[tidy[place]].effect
        ):
            lower = [*tidy[:place], tidy[place] - 1, *tidy[place + 1 :]]
            if broken(problem, lower):
                break
            tidy = lower
    alike: dict[Any, list[int]] = {}
    for place, one in enumerate(problem.partners):
        alike.setdefault((one.levels, one.groups), []).append(place)
    for places in alike.values():
        highest_first = sorted((tidy[place] for place in places), reverse=True)
        for place, level in zip(places, highest_first, strict=True):
            tidy[place] = level
    return tidy
