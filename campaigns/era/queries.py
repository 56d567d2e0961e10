"""What branches stand in, from counts by month; no transaction is read."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from campaigns.era import rules
from campaigns.era.models import EraMonth, EraRule
from merchants.evidence.rules import months
from portal.staff import queries as staff
from portal.staff.access import Scope

SHOWN = 12  # months of the pictures
# A branch with all that hangs below it.
_SUMS = f"""
SELECT b.id, e.month, {", ".join(f"sum(e.{name})" for name in rules.COUNTED)}
FROM portal_branch b JOIN portal_branch below ON starts_with(below.path, b.path)
JOIN campaigns_eramonth e ON e.branch_id = below.id
WHERE b.id = ANY(%(branches)s) AND e.month >= %(first)s AND e.month < %(end)s
GROUP BY b.id, e.month
"""


@dataclass(frozen=True)
class Era:
    """A branch with those below it: its counts by month (None where a month was not counted), and
    where it stands by those that the rule judges together."""

    branch: Any  # of the house
    by_month: dict[dt.date, rules.Sums | None]
    standing: rules.Standing


def rule_on(on: dt.date) -> EraRule | None:
    """This will return the rule in force on a day."""
    rows = EraRule.objects.filter(effective_date__lte=on)
    return rows.order_by("-effective_date").first()


def branches_within(scope: Scope) -> list[Any]:
    """This will list the branches that a person may see, each above those below it."""
    return staff.branches_below(scope.branch_path)


def judged_months(rule: EraRule, on: dt.date) -> list[dt.date]:
    """This will return the whole months before a day that a rule judges together."""
    return months.whole_before(on, rule.months)


def counted_among(within: Sequence[dt.date]) -> set[dt.date]:
    """This will return those of some months that were counted."""
    rows = EraMonth.objects.filter(month__in=within)
    return set(rows.values_list("month", flat=True).distinct())


def eras_of(*, branches: Sequence[Any], rule: EraRule, on: dt.date) -> list[Era]:
    """This will tell where branches stand on a day, each with those below it."""
    within = months.whole_before(on, max(SHOWN, rule.months))
    known = counted_among(within)
    found = _sums([one.pk for one in branches], within[0], on.replace(day=1))
    eras = []
    for branch in branches:
        by_month = {
            month: found.get((branch.pk, month), rules.Sums(1)) if month in known else None
            for month in within
        }
        judged = [by_month[month] for month in judged_months(rule, on)]
        # A month that is missing would make shares of the others look like those of all.
        sums = rules.total([one for one in judged if one]) if all(judged) else rules.Sums()
        eras.append(Era(branch, by_month, rules.judge(sums, rule.limits)))
    return eras


def side_by_side(path: str) -> list[Any]:
    """This will list branches to compare: those right below the one branch at the top of a path,
    or it alone where nothing hangs below; where several are at the top, these."""
    rows = staff.branches_below(path)
    depths = {row.pk: row.path.count("/") for row in rows}
    top = min(depths.values(), default=0)
    highest = [row for row in rows if depths[row.pk] == top]
    below = [row for row in rows if depths[row.pk] == top + 1]
    return below if below and len(highest) == 1 else highest


def months_of(
    branches: Sequence[Any], *, on: dt.date
) -> tuple[list[dt.date], list[tuple[Any, list[rules.Sums | None]]]]:
    """This will return the last whole months before a day, and for each branch with those below it
    what each of them came to (None where it was not counted)."""
    within = months.whole_before(on, SHOWN)
    known = counted_among(within)
    found = _sums([one.pk for one in branches], within[0], on.replace(day=1))
    return within, [
        (
            branch,
            [
                found.get((branch.pk, month), rules.Sums(1)) if month in known else None
                for month in within
            ],
        )
        for branch in branches
    ]


def _sums(
    branch_ids: list[int], first: dt.date, end: dt.date
) -> dict[tuple[int, dt.date], rules.Sums]:
    with connection.cursor() as cursor:
        cursor.execute(_SUMS, {"branches": branch_ids, "first": first, "end": end})
        return {(row[0], row[1]): rules.Sums(1, *row[2:]) for row in cursor.fetchall()}
