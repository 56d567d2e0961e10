"""A funnel from counts of days: how many reached each step, and how long half of them took."""

import bisect
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from journeys.stages.enums import JourneyStep, Reached
from journeys.stages.rules.counting import STANDING
from portal.kit import fewest


@dataclass(frozen=True)
class Step:
    """One step: who reached it, of them who went no further, the shares of those of the step
    before and of the first step in per cent, the median of the days since the step before, and of
    how many these days are known."""

    name: str
    reached: int
    stayed: int
    of_before: float | None
    of_first: float | None
    median_days: float | None
    timed: int

    @property
    def is_partly_timed(self) -> bool:
        """Whether the days are known of some, and not of all who reached it."""
        return 0 < self.timed < self.reached


@dataclass(frozen=True)
class Flow:
    """How many went from one step to another, or stopped there, with their share of all who
    reached the first in per cent. `is_end` marks those who went no further, `is_lost` those of them
    who are out of it: refused or withdrawn."""

    source: str
    target: str
    customers: int
    share: float
    is_end: bool
    is_lost: bool


@dataclass(frozen=True)
class Funnel:
    """The funnel of one group of customers; `key` is the group's code. `ended`, `approved` and
    `supplemented` are of those who applied and hold no card: refused or withdrawn, about to get
    one, and waiting for the decision with all documents in."""

    key: str
    steps: list[Step]
    ended: int = 0
    approved: int = 0
    supplemented: int = 0

    @property
    def entered(self) -> int:
        return self.steps[0].reached

    def flows(self) -> list[Flow]:
        """This will tell who moved from which step to which, and where the others stopped."""
        flows: list[Flow] = []
        for number, step in enumerate(self.steps[:-1]):
            after = self.steps[number + 1]
            ways = [(after.name, after.reached, False, False), *self._ends(number)]
            flows += [
                Flow(step.name, name, count, count / step.reached * 100, is_end, is_lost)
                for name, count, is_end, is_lost in ways
                if count
            ]
        return flows

    def coarse(self) -> "Funnel | None":
        """This will return the same for who is to see no persons: counts in fives, the median of
        days where at least so many took them; None where the group is smaller than that."""
        if self.entered < fewest.FEWEST:
            return None
        reached = [fewest.coarse(step.reached) for step in self.steps]
        timed = [fewest.coarse(step.timed) for step in self.steps]
        medians = [
            step.median_days if known else None
            for step, known in zip(self.steps, timed, strict=True)
        ]
        names = [step.name for step in self.steps]
        steps = _steps_of(names, reached, medians, timed)
        left, ends = steps[_APPLIED].stayed, list[int]()
        for count in (self.ended, self.approved, self.supplemented):
            ends.append(min(left, fewest.coarse(count)))  # all ends together are who stayed
            left -= ends[-1]
        return Funnel(self.key, steps, *ends)

    def _ends(self, number: int) -> list[tuple[str, int, bool, bool]]:
        """Where those stand who reached a step and not the next."""
        stayed = self.steps[number].stayed
        if number != _APPLIED:
            return [(str(_STAYED[number]), stayed, True, False)]
        open_still = stayed - self.ended - self.approved - self.supplemented
        return [
            (str(_STAYED[number]), open_still, True, False),
            (str(JourneyStep.SUPPLEMENTED.label), self.supplemented, True, False),
            (str(JourneyStep.APPROVED.label), self.approved, True, False),
            (str(JourneyStep.ENDED.label), self.ended, True, True),
        ]


_APPLIED = list(Reached).index(Reached.APPLICATION)
_STAYED = (
    _("No application yet"), JourneyStep.FILED.label, _("Not activated yet"),
    _("Not used yet"), _("No points redeemed yet"),
)  # fmt: skip


# Days, ascending, None last where they are not known, and how many took each.
Days = Sequence[int | None]
Took = tuple[Days, Sequence[int]]
_NOBODY: Took = ((), ())


def funnels_of(counts: Iterable[tuple[str, int, Days, Sequence[int]]]) -> list[Funnel]:
    """This will make the funnels of all groups, by key, out of rows (key, number of the step, days
    since the step before, ascending, None last for those not known, customers for each)."""
    groups: dict[str, list[Took]] = {}
    for key, number, days, customers in counts:
        steps = groups.setdefault(key, [_NOBODY] * (len(Reached) + len(STANDING)))
        found = (days, customers)
        steps[number] = found if steps[number] is _NOBODY else _added(steps[number], found)
    names = [str(step.label) for step in Reached]  # looked up once, not for each group
    return [_funnel(key, groups[key], names) for key in sorted(groups)]


def _added(one: Took, other: Took) -> Took:
    summed = dict(zip(*one, strict=True))
    for day, customers in zip(*other, strict=True):
        summed[day] = summed.get(day, 0) + customers
    days = sorted(summed, key=lambda day: (day is None, day))
    return days, [summed[day] for day in days]


def _funnel(key: str, took: list[Took], names: list[str]) -> Funnel:
    standing = (sum(took[number][1]) for number in STANDING)
    return Funnel(key, _steps(took[: len(Reached)], names), *standing)


def _steps(took: list[Took], names: list[str]) -> list[Step]:
    reached = [sum(customers) for _days, customers in took]
    timed = [_known(*found) for found in took]
    medians = [median(*found) for found in timed]
    return _steps_of(names, reached, medians, [sum(customers) for _days, customers in timed])


def _steps_of(
    names: list[str], reached: list[int], medians: list[float | None], timed: list[int]
) -> list[Step]:
    """The steps with their shares; at the entry no days are counted."""
    return [
        Step(
            name=name,
            reached=reached[number],
            stayed=reached[number] - sum(reached[number + 1 : number + 2]),
            of_before=_percent(reached[number], reached[number - 1]) if number else None,
            of_first=_percent(reached[number], reached[0]) if number else None,
            median_days=medians[number] if number else None,
            timed=timed[number] if number else 0,
        )
        for number, name in enumerate(names)
    ]


def _known(days: Days, customers: Sequence[int]) -> tuple[list[int], Sequence[int]]:
    known = [day for day in days if day is not None]
    return known, customers[: len(known)]


def _percent(part: int, whole: int) -> float | None:
    return part / whole * 100 if whole else None


def median(days: Sequence[int], customers: Sequence[int]) -> float | None:
    """This will return the median of days, ascending, that are given with how often each occurs."""
    before = list(itertools.accumulate(customers))
    if not before:
        return None
    total = before[-1]
    lower, upper = (bisect.bisect_right(before, place) for place in ((total - 1) // 2, total // 2))
    return (days[lower] + days[upper]) / 2
