"""Reading the funnel of the stages, from their counts."""

import datetime as dt
from dataclasses import dataclass

from django.db import connection
from django.db.models import Max, Min

from journeys.stages import rules
from journeys.stages.enums import Breakdown
from journeys.stages.models import CustomerStage
from journeys.stages.rules import Funnel, funnels_of
from portal.staff.access import Scope

# For each breakdown: by what counts and customers' rows are grouped, how the key is shown, and from
# which table.
_GROUPS = {
    Breakdown.MONTH.value: (
        "c.month", "date_trunc('month', r.awareness_date)::date", "to_char(found.key, 'YYYY-MM')",
        "",
    ),
    Breakdown.BRANCH.value: (
        "c.branch_key", "r.branch_id", "b.code", "JOIN portal_branch b ON b.id = found.key",
    ),
    Breakdown.PRODUCT.value: (
        "c.product_key", "coalesce(r.product_id, 0)", "coalesce(p.code, '')",
        "LEFT JOIN journeys_cardproduct p ON p.id = found.key",
    ),
    "": ("0", "0", "''", ""),
}  # fmt: skip
# What no level tells apart, out of the customers' own rows, in the shape of the counts.
_OF_ROWS = """
SELECT key, step, array_agg(days ORDER BY days) AS days,
       array_agg(customers ORDER BY days) AS customers
FROM (
    SELECT {key} AS key, leg.step, leg.days, count(*) AS customers
    FROM journeys_customerstage r {legs} WHERE leg.is_reached{conditions} GROUP BY 1, 2, 3
) AS counted GROUP BY key, step
"""
_OF_LEVEL = """
SELECT {key} AS key, c.step, c.days, c.customers FROM journeys_stagecount c
WHERE c.level = {level}{conditions}
"""


@dataclass(frozen=True)
class Wanted:
    """Whose funnel is wanted: a branch with what hangs below, a product, a month of entry (its
    first day); what is empty is not asked for."""

    branch_path: str = ""
    product: str = ""
    month: dt.date | None = None


def funnels(
    *, scope: Scope, wanted: Wanted, by: str, is_coarse: bool = False
) -> tuple[Funnel | None, list[Funnel]]:
    """This will make the funnel of the scope's customers (None where there are none), and one for
    each group of the breakdown `by`. With `is_coarse` they are those for who is to see no persons:
    in fives, and without groups that are too small."""
    asked = _asked(scope, wanted)
    counts = _counts(asked, by)
    if by in asked or rules.level_for(asked) is None:
        whole = funnels_of(("", *count[1:]) for count in counts)
    else:
        whole = funnels_of(_counts(asked, ""))
    groups = funnels_of(counts)
    if is_coarse:
        whole, groups = ([found for each in many if (found := each.coarse())]
                         for many in (whole, groups))  # fmt: skip
    return (whole[0] if whole else None), groups


def _asked(scope: Scope, wanted: Wanted) -> dict[str, list[str | dt.date]]:
    """What is asked for, by what must be told apart for it."""
    paths: list[str | dt.date] = [path for path in (scope.branch_path, wanted.branch_path) if path]
    asked: dict[str, list[str | dt.date]] = {
        Breakdown.BRANCH.value: paths,
        Breakdown.PRODUCT.value: [wanted.product] if wanted.product else [],
        Breakdown.MONTH.value: [wanted.month] if wanted.month else [],
    }
    return {name: values for name, values in asked.items() if values}


def _counts(
    asked: dict[str, list[str | dt.date]], by: str
) -> list[tuple[str, int, list[int | None], list[int]]]:
    """The counts of the coarsest level that tells apart what is asked for; where none does, those
    of the customers' own rows, which are few then."""
    level = rules.level_for({*asked, by} - {""})
    of_level, of_rows, shown, join = _GROUPS[by]
    conditions, values = _conditions(asked, of_rows=level is None)
    counts = (
        _OF_ROWS.format(key=of_rows, legs=rules.LEGS, conditions=conditions)
        if level is None
        else _OF_LEVEL.format(key=of_level, level=level, conditions=conditions)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {shown}, found.step, found.days, found.customers"
            f" FROM ({counts}) AS found {join}",
            values,
        )
        return cursor.fetchall()


_BELOW = "IN (SELECT id FROM portal_branch WHERE starts_with(path, %s))"
_PRODUCT = "= (SELECT id FROM journeys_cardproduct WHERE code = %s)"
_MONTH = "r.awareness_date >= %s AND r.awareness_date < %s::date + interval '1 month'"
# What is asked for, of the counts and of the customers' own rows.
_CONDITIONS = {
    Breakdown.BRANCH.value: (f"c.branch_key {_BELOW}", f"r.branch_id {_BELOW}"),
    Breakdown.PRODUCT.value: (f"c.product_key {_PRODUCT}", f"r.product_id {_PRODUCT}"),
    Breakdown.MONTH.value: ("c.month = %s", _MONTH),
}


def _conditions(
    asked: dict[str, list[str | dt.date]], *, of_rows: bool
) -> tuple[str, list[str | dt.date]]:
    texts, values = "", list[str | dt.date]()
    for name, wanted in asked.items():
        condition = _CONDITIONS[name][of_rows]
        for value in wanted:
            texts += f" AND {condition}"
            values += [value] * condition.count("%s")
    return texts, values


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
