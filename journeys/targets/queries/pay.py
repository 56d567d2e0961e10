"""Reading the ledger of pay, and saying what measures brought."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from journeys.targets.models import PayEntry, PayMonth
from journeys.targets.rules import paying, weighing
from portal.kit import money
from portal.staff.access import Scope
from portal.staff.models import Staff


def list_months(*, scope: Scope, month: dt.date | None = None) -> QuerySet[PayMonth]:
    """This will list the closed months of the people of a scope: the latest month first, within it
    by branch and name, never by amount."""
    rows = PayMonth.objects.filter(scope.branches("staff__branch")).select_related("staff__branch")
    if month is not None:
        rows = rows.filter(month=month)
    return rows.order_by("-month", "staff__branch__path", "staff__name", "pk")


def months_of(person: Staff) -> QuerySet[PayMonth]:
    """This will list a person's closed months, the latest first."""
    return PayMonth.objects.filter(staff=person).order_by("-month")


def entries_of(person: Staff, months: Sequence[dt.date]) -> dict[dt.date, list[PayEntry]]:
    """This will list what counts in each of a person's months: what was earned, then what was taken
    back."""
    rows = PayEntry.objects.filter(staff=person, pay_month__in=months)
    rows = rows.select_related("measure", "takes_back__card", "takes_back__entry")
    found: dict[dt.date, list[PayEntry]] = {month: [] for month in months}
    for row in rows.order_by("pay_month", F("takes_back").asc(nulls_first=True), "pk"):
        found[row.pay_month].append(row)
    return found


def open_back(person: Staff) -> Sequence[PayEntry]:
    """This will list what was taken back of a person and no closed month has counted yet."""
    last = months_of(person).values_list("month", flat=True).first()
    rows = PayEntry.objects.filter(staff=person, kind="taken_back")
    if last is not None:
        rows = rows.filter(pay_month__gt=last)
    rows = rows.select_related("takes_back__card", "takes_back__entry", "measure")
    return list(rows.order_by("pay_month", "pk"))


def in_words(one: paying.Brought, *, point_value: Decimal) -> str:
    """This will say what a measure brought and why."""
    said = {
        "name": one.line.name, "actual": _number(one.actual), "goal": _number(one.goal),
        "reached": _number(one.attained), "floor": _number(one.line.floor),
        "counted": _number(one.counted), "weight": _number(one.line.weight),
        "points": _number(one.points), "value": money.show(point_value),
        "amount": money.show(one.amount),
    }  # fmt: skip
    if one.attained is None:
        why = _("{name}: nothing is known of this month, which counts as {counted} %")
    elif one.is_below:
        why = _("{name}: {actual} of {goal} is {reached} %, below {floor} %: it brings nothing")
    elif one.is_capped:
        why = _("{name}: {actual} of {goal} is {reached} %, of which {counted} % count")
    elif not one.counted and one.attained:
        return _("{name}: nothing, since no work of this month is on record").format(**said)
    else:
        why = _("{name}: {actual} of {goal} is {reached} %")
    brought = _("{weight} points × {counted} % = {points} points × {value} = {amount}")
    return _("{why}; {brought}").format(why=why.format(**said), brought=brought.format(**said))


def _number(value: Decimal | None) -> str:
    return "–" if value is None else weighing.plain(value)
