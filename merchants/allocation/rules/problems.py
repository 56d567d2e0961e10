"""A question of allocation as plain values: partners with their levels, groups with their shares.

Whole numbers throughout (fen), so that what holds, holds exactly.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from merchants.allocation.rules.responses import Level


@dataclass(frozen=True)
class Partner:
    """A partner by its number, its levels in rising order of money, and the groups it is in."""

    number: str
    levels: tuple[Level, ...]
    groups: frozenset[tuple[str, str]] = frozenset()

    @property
    def floor(self) -> int:
        return self.levels[0].amount

    @property
    def cap(self) -> int:
        return self.levels[-1].amount


@dataclass(frozen=True)
class Share:
    """A group's money together: `least` and `most` in percent of the budget."""

    group: tuple[str, str]
    least: int = 0
    most: int = 100

    def least_money(self, budget: int) -> int:
        return -(-budget * self.least // 100)

    def most_money(self, budget: int) -> int:
        return budget * self.most // 100


@dataclass(frozen=True)
class Problem:
    """Partners in the order of their numbers, which settles ties, and what may be spent."""

    budget: int
    partners: tuple[Partner, ...]
    shares: tuple[Share, ...] = ()

    def members(self, share: Share) -> list[int]:
        """This will return the places of the partners in a share's group."""
        return [
            place for place, one in enumerate(self.partners) if share.group in one.groups
        ]  # fmt: skip


Choice = Sequence[int]  # for each partner the place of its level


def spent(problem: Problem, choice: Choice) -> int:
    """This will add up the money of a choice."""
    return sum(
        one.levels[at].amount for one, at in zip(problem.partners, choice, strict=True)
    )  # fmt: skip


def effect(problem: Problem, choice: Choice) -> int:
    """This will add up what a choice brings."""
    return sum(
        one.levels[at].effect for one, at in zip(problem.partners, choice, strict=True)
    )  # fmt: skip


def spent_in(problem: Problem, share: Share, choice: Choice) -> int:
    """This will add up the money of a group."""
    return sum(
        problem.partners[place].levels[choice[place]].amount for place in problem.members(share)
    )


def broken(problem: Problem, choice: Choice) -> list[Share | None]:
    """This will list the bounds that a choice breaks: None stands for the budget."""
    found: list[Share | None] = [None] if spent(problem, choice) > problem.budget else []
    for share in problem.shares:
        money = spent_in(problem, share, choice)
        least, most = share.least_money(problem.budget), share.most_money(problem.budget)
        if not least <= money <= most:
            found.append(share)
    return found
