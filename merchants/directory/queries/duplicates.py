"""Merchants that may be one and the same, and those that were found to be."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet

from merchants.directory.models import Merchant, MerchantMerge
from portal.staff.access import Scope

MOST_GROUPS, MOST_SHOWN = 100, 12

# Who is taken for whom: by name, by unified social credit code, by the phone of a person who is
# still there. A chain has one code for all its merchants, so its groups come last.
_SAME = """
WITH seen AS (
    SELECT m.id, m.name_key, m.credit_code FROM merchants_merchant m
    JOIN portal_branch b ON b.id = m.branch_id
    WHERE m.merged_into_id IS NULL AND starts_with(b.path, %(path)s)
), same AS (
    SELECT 1 AS place, 'name' AS why, array_agg(id ORDER BY id) AS ids
      FROM seen WHERE name_key <> '' GROUP BY name_key HAVING count(*) > 1
    UNION ALL
    SELECT 2, 'phone', array_agg(DISTINCT seen.id) FROM seen
      JOIN merchants_merchantcontact c ON c.merchant_id = seen.id
     WHERE c.phone_index IS NOT NULL AND c.left_date IS NULL
     GROUP BY c.phone_index HAVING count(DISTINCT seen.id) > 1
    UNION ALL
    SELECT 3, 'credit_code', array_agg(id ORDER BY id)
      FROM seen WHERE credit_code <> '' GROUP BY credit_code HAVING count(*) > 1
)
SELECT min(place), array_agg(why ORDER BY place), ids FROM same GROUP BY ids
ORDER BY count(*) DESC, 1, cardinality(ids), ids LIMIT %(most)s
"""


@dataclass(frozen=True)
class Group:
    """Merchants that may be the same, the first few of `count`, and why: "name", "phone",
    "credit_code"."""

    whys: list[str]
    merchants: list[Merchant]
    count: int


def groups_of_same(*, scope: Scope) -> list[Group]:
    """This will find merchants of the branches of a scope that may be the same; what several signs
    speak for comes first."""
    with connection.cursor() as cursor:
        cursor.execute(_SAME, {"path": scope.branch_path, "most": MOST_GROUPS})
        found = cursor.fetchall()
    wanted = {key for _place, _whys, ids in found for key in ids[:MOST_SHOWN]}
    rows = Merchant.objects.filter(pk__in=wanted).select_related("category", "branch", "manager")
    known = {row.pk: row for row in rows}
    return [
        Group(whys, [known[key] for key in ids[:MOST_SHOWN]], len(ids))
        for _place, whys, ids in found
    ]


def with_aliases(*, ids: Sequence[int]) -> dict[int, int]:
    """This will return these merchants and those that were merged into them, each with the one that
    stands for it: whoever adds up by merchant adds up over all of them."""
    rows = Merchant.objects.filter(Q(pk__in=ids) | Q(merged_into__in=ids))
    known = set(ids)
    return {
        key: into if into is not None and into in known else key
        for key, into in rows.values_list("pk", "merged_into")
    }


def merges_of(*, merchant: Merchant) -> QuerySet[MerchantMerge]:
    """This will list what was merged into a merchant, that which was taken back too, the latest
    first."""
    rows = MerchantMerge.objects.filter(kept=merchant)
    return rows.select_related("merged", "by", "undone_by").order_by("-at", "-id")


def last_merge_of(*, scope: Scope, merge_id: int) -> MerchantMerge | None:
    """This will return a merge that stands, of a merchant of the scope, or None."""
    rows = MerchantMerge.objects.filter(scope.branches("kept__branch"), pk=merge_id, undone_at=None)
    return rows.select_related("kept", "merged").first()
