"""Reading what was revealed."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from journeys.customers.models import Customer
from journeys.reveals.enums import RevealField
from journeys.reveals.models import Reveal, RevealRule
from portal.kit import clock
from portal.staff.access import Scope
from portal.staff.models import Staff

# A day of a person stands out where four fifths of the limit are used, or where at least five
# values were revealed and three times as many as on the person's days of the month before.
_UNUSUAL = """
WITH days AS (
    SELECT actor_id, on_date, count(*) AS number, max(allowed) AS allowed,
           count(DISTINCT customer_id) AS customers
      FROM journeys_reveal WHERE on_date >= %(first)s - 30 AND on_date <= %(last)s
     GROUP BY actor_id, on_date
), beside AS (
    SELECT *, coalesce(avg(number) OVER (PARTITION BY actor_id ORDER BY on_date
                       RANGE BETWEEN '30 days' PRECEDING AND '1 day' PRECEDING), 0) AS usual
      FROM days
)
SELECT beside.actor_id, on_date, number, allowed, customers, round(usual, 1)
  FROM beside JOIN portal_staff staff ON staff.id = beside.actor_id
  JOIN portal_branch branch ON branch.id = staff.branch_id
 WHERE on_date >= %(first)s AND starts_with(branch.path, %(path)s)
   AND (number * 5 >= allowed * 4 OR (number >= 5 AND number >= 3 * usual))
 ORDER BY on_date DESC, number DESC, beside.actor_id LIMIT 50
"""


@dataclass(frozen=True)
class UnusualDay:
    """A day on which a person revealed strikingly much. `usual` is the average of the person's
    days with reveals in the 30 days before."""

    actor: Staff
    on_date: dt.date
    number: int
    allowed: int
    customers: int
    usual: Any

    @property
    def is_near_limit(self) -> bool:
        return self.number * 5 >= self.allowed * 4


def rule_on(day: dt.date) -> RevealRule | None:
    """This will return the rule in force on a day; None where there is none."""
    rules = RevealRule.objects.filter(effective_date__lte=day)
    return rules.order_by("-effective_date").first()


def used_on(*, actor: Staff, day: dt.date) -> int:
    """This will count what a person revealed on a day."""
    return Reveal.objects.filter(actor=actor, on_date=day).count()


def masked(customer: Customer, field: str) -> str:
    """This will return what pages show of a field."""
    if field == RevealField.NAME:
        return customer.shown_name
    return getattr(customer, f"{field}_masked")


def list_reveals(
    *,
    scope: Scope,
    first: dt.date | None = None,
    last: dt.date | None = None,
    person: str = "",
    branch_path: str = "",
    field: str = "",
) -> QuerySet[Reveal]:
    """This will list reveals, the newest first. `first` and `last` are bank days, both inside;
    `person` is part of a name or a whole user name; the branch is the person's."""
    rows = Reveal.objects.filter(scope.branches(), branch__path__startswith=branch_path)
    if first:
        rows = rows.filter(at__gte=clock.start_of(first))
    if last and last < dt.date.max:
        rows = rows.filter(at__lt=clock.start_of(last + dt.timedelta(days=1)))
    if person:
        rows = rows.filter(
            Q(actor__name__icontains=person)
            | Q(actor__name_en__icontains=person)
            | Q(actor__username=person.lower())
        )
    if field:
        rows = rows.filter(field=field)
    return rows.select_related("customer", "actor", "branch").order_by("-at", "-id")


def unusual_days(*, scope: Scope, first: dt.date, last: dt.date) -> list[UnusualDay]:
    """This will find the days of persons between two days, both inside, that stand out; at most
    50, the latest first."""
    with connection.cursor() as cursor:
        cursor.execute(_UNUSUAL, {"first": first, "last": last, "path": scope.branch_path})
        rows = cursor.fetchall()
    people = Staff.objects.select_related("branch").in_bulk({row[0] for row in rows})
    return [UnusualDay(people[actor_id], *rest) for actor_id, *rest in rows]
