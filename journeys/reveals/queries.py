"""Reading what was revealed, and who looked for whom by a full value."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from journeys.customers.models import Customer
from journeys.reveals.enums import RevealField, SearchOutcome
from journeys.reveals.models import ExactSearch, Reveal, RevealRule
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

# Of searches, days stand out like those of reveals; also where one was refused, or where at least
# five found nobody and these are half of all: whoever asks about customers mostly finds them.
_UNUSUAL_SEARCHES = """
WITH days AS (
    SELECT actor_id, on_date, count(number_of_day) AS number, max(allowed) AS allowed,
           count(*) FILTER (WHERE found = 0) AS missed,
           count(*) FILTER (WHERE number_of_day IS NULL) AS refused
      FROM journeys_exactsearch WHERE on_date >= %(first)s - 30 AND on_date <= %(last)s
     GROUP BY actor_id, on_date
), beside AS (
    SELECT *, coalesce(avg(number) OVER (PARTITION BY actor_id ORDER BY on_date
                       RANGE BETWEEN '30 days' PRECEDING AND '1 day' PRECEDING), 0) AS usual
      FROM days
)
SELECT beside.actor_id, on_date, number, allowed, missed, refused, round(usual, 1)
  FROM beside JOIN portal_staff staff ON staff.id = beside.actor_id
  JOIN portal_branch branch ON branch.id = staff.branch_id
 WHERE on_date >= %(first)s AND starts_with(branch.path, %(path)s)
   AND (refused > 0 OR number * 5 >= allowed * 4 OR (missed >= 5 AND missed * 2 >= number)
        OR (number >= 5 AND number >= 3 * usual))
 ORDER BY on_date DESC, refused DESC, number DESC, beside.actor_id LIMIT 50
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


@dataclass(frozen=True)
class UnusualSearches:
    """A day on which a person searched strikingly much by full values: how many searches found
    nobody (`missed`), how many more were refused. `usual` is as in UnusualDay."""

    actor: Staff
    on_date: dt.date
    number: int
    allowed: int
    missed: int
    refused: int
    usual: Any

    @property
    def is_near_limit(self) -> bool:
        return self.refused > 0 or self.number * 5 >= self.allowed * 4


def rule_on(day: dt.date) -> RevealRule | None:
    """This will return the rule in force on a day; None where there is none."""
    rules = RevealRule.objects.filter(effective_date__lte=day)
    return rules.order_by("-effective_date").first()


def used_on(*, actor: Staff, day: dt.date) -> int:
    """This will count what a person revealed on a day."""
    return Reveal.objects.filter(actor=actor, on_date=day).count()


def searched_on(*, actor: Staff, day: dt.date) -> int:
    """This will count the searches by a full value that a person made on a day."""
    made = ExactSearch.objects.filter(actor=actor, on_date=day, number_of_day__isnull=False)
    return made.count()


def masked(customer: Customer, field: str) -> str:
    """This will return what pages show of a field."""
    if field == RevealField.NAME:
        return customer.shown_name
    return getattr(customer, f"{field}_masked")


def list_reveals(*, scope: Scope, field: str = "", **asked: Any) -> QuerySet[Reveal]:
    """This will list reveals, the newest first; `asked` as in `_narrowed`."""
    rows = _narrowed(Reveal.objects.all(), scope=scope, **asked)
    if field:
        rows = rows.filter(field=field)
    return rows.select_related("customer", "actor", "branch").order_by("-at", "-id")


def list_searches(
    *, scope: Scope, field: str = "", outcome: str = "", **asked: Any
) -> QuerySet[ExactSearch]:
    """This will list searches by full values, the newest first; `asked` as in `_narrowed`."""
    rows = _narrowed(ExactSearch.objects.all(), scope=scope, **asked)
    if field:
        rows = rows.filter(field=field)
    if outcome:
        rows = rows.filter(_OUTCOMES[outcome])
    return rows.select_related("actor", "branch").order_by("-at", "-id")


_OUTCOMES: dict[str, Q] = {
    SearchOutcome.FOUND: Q(found__gte=1),
    SearchOutcome.NOBODY: Q(found=0),
    SearchOutcome.REFUSED: Q(found=None),
}


def _narrowed(
    rows: QuerySet[Any],
    *,
    scope: Scope,
    first: dt.date | None = None,
    last: dt.date | None = None,
    person: str = "",
    branch_path: str = "",
) -> QuerySet[Any]:
    """The rows of people of the scope. `first` and `last` are bank days, both inside; `person` is
    part of a name or a whole user name; the branch is the person's."""
    rows = rows.filter(scope.branches(), branch__path__startswith=branch_path)
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
    return rows


def unusual_days(*, scope: Scope, first: dt.date, last: dt.date) -> list[UnusualDay]:
    """This will find the days of persons between two days, both inside, that stand out; at most
    50, the latest first."""
    return [UnusualDay(*day) for day in _striking(_UNUSUAL, scope, first, last)]


def unusual_searches(*, scope: Scope, first: dt.date, last: dt.date) -> list[UnusualSearches]:
    """This will find the days on which persons searched strikingly much; as `unusual_days`."""
    return [UnusualSearches(*day) for day in _striking(_UNUSUAL_SEARCHES, scope, first, last)]


def _striking(sql: str, scope: Scope, first: dt.date, last: dt.date) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"first": first, "last": last, "path": scope.branch_path})
        rows = cursor.fetchall()
    people = Staff.objects.select_related("branch").in_bulk({row[0] for row in rows})
    return [(people[actor_id], *rest) for actor_id, *rest in rows]
