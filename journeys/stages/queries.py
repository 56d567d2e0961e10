"""Reading the funnel of the stages, from their counts."""

import datetime as dt
from dataclasses import dataclass

from django.db import connection
from django.db.models import Max, Min

from journeys.stages.enums import Breakdown
from journeys.stages.models import CustomerStage
from journeys.stages.rules import Funnel, funnels_of
from portal.staff.access import Scope

# For each breakdown: what the counts are grouped by, how its code is shown, and from which table.
_GROUPS = {
    Breakdown.MONTH.value: ("c.month", "to_char(found.key, 'YYYY-MM')", ""),
    Breakdown.BRANCH.value: ("c.branch_id", "r.code", "JOIN portal_branch r ON r.id = found.key"),
    Breakdown.PRODUCT.value: (
        "c.product_id",
        "coalesce(r.code, '')",
        "LEFT JOIN journeys_cardproduct r ON r.id = found.key",
    ),
}


@dataclass(frozen=True)
class Wanted:
    """Whose funnel is wanted: a branch with what hangs below, a product, a month of entry (its
    first day); what is empty is not asked for."""

    branch_path: str = ""
    product: str = ""
    month: dt.date | None = None


def funnels(*, scope: Scope, wanted: Wanted, by: str) -> tuple[Funnel | None, list[Funnel]]:
    """This will make the funnel of the scope's customers (None where there are none), and one for
    each group of the breakdown `by`."""
    conditions, values = _conditions(scope, wanted)
    key, shown, join = _GROUPS[by]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {shown}, found.step, found.days, found.customers FROM ("
            f"SELECT {key} AS key, c.step, c.days, sum(c.customers) AS customers"
            f" FROM journeys_stagecount c WHERE {conditions} GROUP BY 1, 2, 3) AS found {join}",
            values,
        )
        counts = cursor.fetchall()
    whole = funnels_of(("", *count[1:]) for count in counts)
    return (whole[0] if whole else None), funnels_of(counts)


def _conditions(scope: Scope, wanted: Wanted) -> tuple[str, list[str | dt.date]]:
    conditions, values = ["TRUE"], list[str | dt.date]()
    for path in filter(None, (scope.branch_path, wanted.branch_path)):
        conditions.append(
            "c.branch_id IN (SELECT id FROM portal_branch WHERE starts_with(path, %s))"
        )
        values.append(path)
    if wanted.product:
        conditions.append("c.product_id = (SELECT id FROM journeys_cardproduct WHERE code = %s)")
        values.append(wanted.product)
    if wanted.month:
        conditions.append("c.month = %s")
        values.append(wanted.month)
    return " AND ".join(conditions), values


def months_of_entry() -> list[dt.date]:
    """This will list the months in which customers entered, the latest first."""
    ends = CustomerStage.objects.aggregate(first=Min("awareness_date"), last=Max("awareness_date"))
    if ends["first"] is None:
        return []
    months, month = [], ends["last"].replace(day=1)
    while month >= ends["first"].replace(day=1):
        months.append(month)
        month = (month - dt.timedelta(days=1)).replace(day=1)
    return months
