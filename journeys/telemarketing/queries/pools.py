"""Reading the pools of branches: their policies, who has what, and what became of a lead."""

import datetime as dt
from collections.abc import Collection, Sequence

from django.db import connection
from django.db.models import Count, Q, QuerySet, Value
from django.db.models.expressions import Func

from journeys.telemarketing.models import Lead, PoolPolicy
from journeys.telemarketing.queries.leads import OPEN
from portal.staff import queries as staff
from portal.staff.rules import codes_on

_IN_FORCE = """
SELECT id, policy FROM unnest(%(ids)s::bigint[]) AS id
CROSS JOIN LATERAL journeys_pool_policy(id, %(on)s) AS policy WHERE policy IS NOT NULL
"""


def policy_of(*, branch_id: int, on: dt.date) -> PoolPolicy | None:
    """This will return the policy in force for a branch on a day, its own or the nearest one above,
    as the database itself finds it."""
    found = Func(Value(branch_id), Value(on), function="journeys_pool_policy")
    return PoolPolicy.objects.filter(pk=found).select_related("branch").first()


def policies_in_force(branch_ids: Sequence[int], *, on: dt.date) -> dict[int, PoolPolicy]:
    """This will return the policy in force for each branch that has one."""
    with connection.cursor() as cursor:
        cursor.execute(_IN_FORCE, {"ids": list(branch_ids), "on": on})
        found = dict(cursor.fetchall())
    rows = PoolPolicy.objects.in_bulk(set(found.values()))
    return {branch_id: rows[policy_id] for branch_id, policy_id in found.items()}


def policies_of(*, branch_path: str) -> QuerySet[PoolPolicy]:
    """This will list the policies that are or were set for a branch, those above it and the whole
    bank, the latest first."""
    rows = PoolPolicy.objects.filter(Q(branch=None) | Q(branch__code__in=codes_on(branch_path)))
    return rows.select_related("branch", "set_by").order_by("-effective_date", "-id")


def open_leads_of(staff_ids: Sequence[int]) -> dict[int, int]:
    """This will count the open leads of people."""
    rows = Lead.objects.filter(owner__in=staff_ids, state__in=OPEN).values("owner")
    counted = rows.annotate(count=Count("id")).order_by("owner")
    return {row["owner"]: row["count"] for row in counted}


def paths_of(branch_ids: Collection[int]) -> dict[int, str]:
    """This will return the places of branches in the tree."""
    return {pk: path for pk, _code, path in staff.branch_tree() if pk in branch_ids}
