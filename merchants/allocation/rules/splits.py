"""Splits that people make by habit, on the same levels as the best one, to be held beside it."""

from collections.abc import Sequence
from fractions import Fraction

from merchants.allocation.rules.problems import Choice, Problem


def equal_split(problem: Problem) -> Choice:
    """This will give everybody the same, as nearly as levels, floors and caps allow."""
    count = max(len(problem.partners), 1)
    return towards(problem, [Fraction(problem.budget, count)] * len(problem.partners))


def split_as_before(problem: Problem, before: Sequence[int | None]) -> Choice | None:
    """This will split the budget in the proportions of the money before; None where nobody's is
    known. A partner without known money had none."""
    total = sum(one or 0 for one in before)
    if not total:
        return None
    return towards(problem, [Fraction(problem.budget * (one or 0), total) for one in before])


def towards(problem: Problem, targets: Sequence[Fraction]) -> Choice:
    """This will begin with the floors and raise, step by step, whoever is farthest below the own
    target, as long as the budget has room; the first in order where several are as far. Shares of
    groups are not looked at: habit does not know them."""
    choice = [0] * len(problem.partners)
    left = problem.budget - sum(one.floor for one in problem.partners)
    while True:
        open_places = [
            (targets[place] - one.levels[choice[place]].amount, -place)
            for place, one in enumerate(problem.partners)
            if choice[place] + 1 < len(one.levels)
            and one.levels[choice[place] + 1].amount - one.levels[choice[place]].amount <= left
        ]
        if not open_places:
            return choice
        place = -max(open_places)[1]
        levels = problem.partners[place].levels
        left -= levels[choice[place] + 1].amount - levels[choice[place]].amount
        choice[place] += 1
