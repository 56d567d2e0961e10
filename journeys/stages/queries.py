"""Reading stages: one customer's, and the funnel of many."""

import datetime as dt
from dataclasses import dataclass

from django.db import connection
from django.db.models import Max, Min

from journeys.stages.enums import Breakdown, Reached
from journeys.stages.models import CustomerStage
from journeys.stages.rules import Funnel, funnels_of
from portal.staff.access import Scope

_KEYS = {
    "": "''",
    Breakdown.MONTH.value: "to_char(s.awareness_date, 'YYYY-MM')",
    Breakdown.BRANCH.value: "b.code",
    Breakdown.PRODUCT.value: "coalesce(p.code, '')",
}


@dataclass(frozen=True)
class Wanted:
    """Whose funnel is wanted: a branch with what hangs below, a product, a month of entry (its
    first day); what is empty is not asked for."""

    branch_path: str = ""
    product: str = ""
    month: dt.date | None = None


def funnels(*, scope: Scope, wanted: Wanted, by: str = "") -> list[Funnel]:
    """This will make the funnel of the scope's customers, or with `by` one for each group."""
    conditions, values = _conditions(scope, wanted)
    columns = [f"s.{step.value}" for step in Reached]
    legs = ", ".join(
        f"({number}, {columns[number]} - {columns[max(0, number - 1)]})"
        for number in range(len(columns))
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_KEYS[by]}, leg.number, leg.days, count(*)"
            " FROM journeys_customerstage s"
            " JOIN portal_branch b ON b.id = s.branch_id"
            " LEFT JOIN journeys_cardproduct p ON p.id = s.product_id"
            f" CROSS JOIN LATERAL (VALUES {legs}) AS leg (number, days)"
            f" WHERE leg.days IS NOT NULL{conditions} GROUP BY 1, 2, 3",
            values,
        )
        return funnels_of(cursor.fetchall())


def _conditions(scope: Scope, wanted: Wanted) -> tuple[str, list[str | dt.date]]:
    conditions, values = "", list[str | dt.date]()
    for path in filter(None, (scope.branch_path, wanted.branch_path)):
        conditions += " AND starts_with(b.path, %s)"
        values.append(path)
    if wanted.product:
        conditions += " AND p.code = %s"
        values.append(wanted.product)
    if wanted.month:
        conditions += " AND s.awareness_date >= %s AND s.awareness_date < %s"
        values += [wanted.month, (wanted.month + dt.timedelta(days=32)).replace(day=1)]
    return conditions, values


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
