"""A funnel from counts of days: how many reached each step, and how long half of them took."""

from collections.abc import Iterable
from dataclasses import dataclass

from journeys.stages.enums import Reached


@dataclass(frozen=True)
class Step:
    """One step: who reached it, of them who went no further, the shares of those of the step
    before and of the first step in per cent, and the median of the days since the step before."""

    name: str
    reached: int
    stayed: int
    of_before: float | None
    of_first: float | None
    median_days: float | None


@dataclass(frozen=True)
class Funnel:
    """The funnel of one group of customers; `key` is the group's code."""

    key: str
    steps: list[Step]

    @property
    def entered(self) -> int:
        return self.steps[0].reached


def funnels_of(counts: Iterable[tuple[str, int, int, int]]) -> list[Funnel]:
    """This will make the funnels of all groups, by key, out of rows (key, number of the step, days
    since the step before, customers)."""
    groups: dict[str, list[dict[int, int]]] = {}
    for key, number, days, customers in counts:
        took = groups.setdefault(key, [{} for _step in Reached])[number]
        took[days] = took.get(days, 0) + int(customers)
    return [Funnel(key, _steps(groups[key])) for key in sorted(groups)]


def _steps(took: list[dict[int, int]]) -> list[Step]:
    reached = [sum(days.values()) for days in took]
    return [
        Step(
            name=str(step.label),
            reached=reached[number],
            stayed=reached[number] - sum(reached[number + 1 : number + 2]),
            of_before=_percent(reached[number], reached[number - 1]) if number else None,
            of_first=_percent(reached[number], reached[0]) if number else None,
            median_days=median(took[number]) if number else None,
        )
        for number, step in enumerate(Reached)
    ]


def _percent(part: int, whole: int) -> float | None:
    return part / whole * 100 if whole else None


def median(took: dict[int, int]) -> float | None:
    """This will return the median of days that are given with how often each occurs."""
    total = sum(took.values())
    if not total:
        return None
    middle = {(total - 1) // 2, total // 2}
    found: list[int] = []
    before = 0
    for days in sorted(took):
        found += [days for place in middle if before <= place < before + took[days]]
        before += took[days]
    return sum(found) / len(found)
