"""Reading figures of activity of a scope, from the rows that were counted by day."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, Sum

from journeys.activity.models import ActivityDay, CohortMonth, SleepDay, SleepFlow
from journeys.activity.rules import FORECAST_DAYS, Flow, Ratio
from portal.staff.access import Scope


@dataclass(frozen=True)
class Asked:
    """Whose figures: of the branches of a scope, at or below a path, and of one product, where
    named by code."""

    scope: Scope
    branch_path: str = ""
    product: str = ""

    def where(self) -> Q:
        """This will say so of rows of figures."""
        found = self.scope.branches() & Q(branch__path__startswith=self.branch_path)
        return found & Q(product__code=self.product) if self.product else found


@dataclass(frozen=True)
class ActiveOn:
    """The active cards of a day, and by which version of the definition they were counted."""

    day: dt.date
    definition_id: int
    ratio: Ratio


def active_by_day(
    *, asked: Asked, code: str, first: dt.date, last: dt.date
) -> dict[dt.date, ActiveOn]:
    """This will read the active cards by a definition on each day from `first` to `last` that was
    counted by it."""
    rows = _days(ActivityDay.objects.filter(asked.where()), first, last)
    found = (
        rows.filter(definition__code=code)
        .values("day", "definition")
        .annotate(whole=Sum("cards"), part=Sum("used"))
        .order_by("day")
    )
    return {
        row["day"]: ActiveOn(row["day"], row["definition"], Ratio(row["part"], row["whole"]))
        for row in found
    }


def active_on(*, asked: Asked, on: dt.date) -> dict[int, Ratio]:
    """This will read the active cards of a day by each version that counted it, by its id."""
    rows = ActivityDay.objects.filter(asked.where(), day=on).values("definition")
    found = rows.annotate(whole=Sum("cards"), part=Sum("used")).order_by("definition")
    return {row["definition"]: Ratio(row["part"], row["whole"]) for row in found}


def asleep_by_day(*, asked: Asked, first: dt.date, last: dt.date) -> dict[dt.date, Ratio]:
    """This will read the sleeping cards on each day from `first` to `last` that was counted."""
    rows = _days(SleepDay.objects.filter(asked.where()), first, last)
    found = rows.values("day").annotate(whole=Sum("cards"), part=Sum("asleep")).order_by("day")
    return {row["day"]: Ratio(row["part"], row["whole"]) for row in found}


def _days(rows: QuerySet[Any], first: dt.date, last: dt.date) -> QuerySet[Any]:
    return rows.filter(day__gte=first, day__lte=last)


@dataclass(frozen=True)
class Line:
    """The figures of a branch, or of a product, on a day."""

    label: str
    active: Ratio | None
    asleep: Ratio
    due: tuple[int, ...]


def by_branch(*, asked: Asked, code: str, on: dt.date, branches: Sequence[Any]) -> list[Line]:
    """This will read the figures of branches on a day, each without those below it; branches
    without a card are left out."""
    used, slept = _lines(asked, code, on, "branch")
    return [
        Line(branch.label, used.get(branch.pk), *slept[branch.pk])
        for branch in branches
        if branch.pk in slept
    ]


def by_product(*, asked: Asked, code: str, on: dt.date, products: Sequence[Any]) -> list[Line]:
    """This will read the figures of card products on a day; those without a card are left out."""
    used, slept = _lines(asked, code, on, "product")
    return [
        Line(product.label, used.get(product.pk), *slept[product.pk])
        for product in products
        if product.pk in slept
    ]


def _lines(asked: Asked, code: str, on: dt.date, by: str) -> tuple[dict[Any, Any], dict[Any, Any]]:
    days = ActivityDay.objects.filter(asked.where(), day=on, definition__code=code)
    active = days.values(by).annotate(whole=Sum("cards"), part=Sum("used")).order_by(by)
    dues = {f"all_{days}": Sum(f"due_{days}") for days in FORECAST_DAYS}
    sleep = SleepDay.objects.filter(asked.where(), day=on).values(by)
    rows = sleep.annotate(whole=Sum("cards"), part=Sum("asleep"), **dues).order_by(by)
    return (
        {row[by]: Ratio(row["part"], row["whole"]) for row in active},
        {row[by]: (Ratio(row["part"], row["whole"]), tuple(row[name] for name in dues))
         for row in rows},
    )  # fmt: skip


def flows(*, asked: Asked, on: dt.date) -> dict[int, Flow]:
    """This will read what became of cards in 30, 60 and 90 days before a day, by these days; empty
    where it is not the latest that was counted."""
    names = ("due", "woke", "asleep", "roused")
    rows = SleepFlow.objects.filter(asked.where(), day=on).values("days")
    sums: Any = rows.annotate(**{f"all_{name}": Sum(name) for name in names}).order_by("days")
    return {row["days"]: Flow(row["days"], *(row[f"all_{name}"] for name in names)) for row in sums}


@dataclass(frozen=True)
class Cohort:
    """Cards issued in a month, and how many of them were used within 30, 65 and 90 days."""

    month: dt.date
    cards: int
    used: tuple[int, ...]


def cohorts(*, asked: Asked, first: dt.date) -> list[Cohort]:
    """This will read the cards issued in each month from `first` on."""
    names = ("used_30", "used_65", "used_90")
    rows = CohortMonth.objects.filter(asked.where(), month__gte=first).values("month")
    sums: Any = rows.annotate(
        all_cards=Sum("cards"), **{f"all_{name}": Sum(name) for name in names}
    ).order_by("month")
    return [
        Cohort(row["month"], row["all_cards"], tuple(row[f"all_{name}"] for name in names))
        for row in sums
    ]


def sums_on(*, asked: Asked, on: dt.date) -> Line:
    """This will add up the sleeping cards of a scope on a day."""
    dues = {f"all_{days}": Sum(f"due_{days}") for days in FORECAST_DAYS}
    row = SleepDay.objects.filter(asked.where(), day=on).aggregate(
        whole=Sum("cards"), part=Sum("asleep"), **dues
    )
    asleep = Ratio(row["part"] or 0, row["whole"] or 0)
    return Line("", None, asleep, tuple(row[name] or 0 for name in dues))
