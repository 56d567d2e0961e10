"""Merchants that may be one and the same, and those that were found to be."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet

from merchants.directory.models import (
    Merchant,
    MerchantContact,
    MerchantMerge,
    MerchantsApart,
)
from portal.staff.access import Scope

MOST_GROUPS, MOST_SHOWN = 100, 12

# Who is taken for whom: by name, by unified social credit code, by the phone of a person who is
# still there. A chain has one code for all its merchants, so its groups come last. Pairs that were
# told apart by that very sign count as none, and a group of such pairs alone is not shown.
_SAME = """
WITH seen AS (
    SELECT m.id, m.name_key, m.credit_code FROM merchants_merchant m
    JOIN portal_branch b ON b.id = m.branch_id
    WHERE m.merged_into_id IS NULL AND starts_with(b.path, %(path)s)
), keyed AS (
    SELECT 1 AS place, 'name' AS why, name_key AS key, id FROM seen WHERE name_key <> ''
    UNION ALL
    SELECT DISTINCT 2, 'phone', encode(c.phone_index, 'hex'), seen.id FROM seen
      JOIN merchants_merchantcontact c ON c.merchant_id = seen.id
     WHERE c.phone_index IS NOT NULL AND c.left_date IS NULL
    UNION ALL
    SELECT 3, 'credit_code', credit_code, id FROM seen WHERE credit_code <> ''
), same AS (
    SELECT place, why, key, array_agg(id ORDER BY id) AS ids, count(*) AS size
      FROM keyed GROUP BY place, why, key HAVING count(*) > 1
), apart AS (
    SELECT one.why, one.key, a.first_id || '-' || a.second_id AS pair
      FROM merchants_merchantsapart a
      JOIN keyed one ON one.id = a.first_id
      JOIN keyed other ON other.id = a.second_id AND other.why = one.why AND other.key = one.key
     WHERE CASE one.why
           WHEN 'name' THEN a.name_key = one.key
           WHEN 'credit_code' THEN a.credit_code = one.key
           ELSE NOT EXISTS (
               SELECT FROM merchants_merchantcontact x JOIN merchants_merchantcontact y
                   ON y.phone_index = x.phone_index AND y.merchant_id = a.second_id
                WHERE x.merchant_id = a.first_id AND encode(x.phone_index, 'hex') = one.key
                  AND x.left_date IS NULL AND y.left_date IS NULL
                  AND x.id || '-' || y.id <> ALL (a.phones)) END
), told AS (
    SELECT why, key, array_agg(DISTINCT pair) AS pairs, count(DISTINCT pair) AS known
      FROM apart GROUP BY why, key
), left_over AS (
    SELECT place, why, ids, coalesce(pairs, '{}'::text[]) AS pairs
      FROM same LEFT JOIN told USING (why, key)
     WHERE coalesce(known, 0) < size * (size - 1) / 2
)
SELECT min(place), array_agg(why ORDER BY place), ids,
       array_agg(array_to_string(pairs, ',') ORDER BY place)
  FROM left_over GROUP BY ids
ORDER BY count(*) DESC, 1, cardinality(ids), ids LIMIT %(most)s
"""


@dataclass(frozen=True)
class Group:
    """Merchants that may be the same, the first few of `count`, and why: "name", "phone",
    "credit_code". `beside` names for each the first of them that it was not told apart from."""

    whys: list[str]
    merchants: list[Merchant]
    count: int
    beside: list[Merchant | None]


@dataclass(frozen=True)
class Signs:
    """What speaks for two merchants being one: the name, the code, the pairs of persons with one
    phone."""

    name_key: str
    credit_code: str
    phones: list[str]

    @property
    def codes(self) -> list[str]:
        said = {"name": self.name_key, "phone": self.phones, "credit_code": self.credit_code}
        return [code for code, value in said.items() if value]

    @property
    def speak(self) -> bool:
        return bool(self.codes)


def groups_of_same(*, scope: Scope) -> list[Group]:
    """This will find merchants of the branches of a scope that may be the same, and were not told
    apart; what several signs speak for comes first."""
    with connection.cursor() as cursor:
        cursor.execute(_SAME, {"path": scope.branch_path, "most": MOST_GROUPS})
        found = cursor.fetchall()
    kept = [(whys, *_undecided(ids, told)) for _place, whys, ids, told in found]
    wanted = {key for _whys, ids, _apart in kept for key in ids[:MOST_SHOWN]}
    rows = Merchant.objects.filter(pk__in=wanted).select_related("category", "branch", "manager")
    known = {row.pk: row for row in rows}
    return [
        Group(
            list(dict.fromkeys(whys)), [known[key] for key in ids[:MOST_SHOWN]], len(ids),
            [_beside(key, ids[:MOST_SHOWN], apart, known) for key in ids[:MOST_SHOWN]],
        )
        for whys, ids, apart in kept
    ]  # fmt: skip


def _undecided(ids: list[int], told: list[str]) -> tuple[list[int], set[frozenset[int]]]:
    """Those of a group that were not told apart from all others, and the pairs that were, by each
    of its signs."""
    apart = set.intersection(
        *({frozenset(map(int, pair.split("-"))) for pair in pairs.split(",") if pair}
          for pairs in told)
    )  # fmt: skip
    of_each = Counter(key for pair in apart for key in pair)
    return [key for key in ids if of_each[key] < len(ids) - 1], apart


def _beside(
    key: int, shown: list[int], apart: set[frozenset[int]], known: dict[int, Merchant]
) -> Merchant | None:
    """The first of those before it that it may be the same as; None for the first of all."""
    before = shown[: shown.index(key)]
    return next((known[one] for one in before if frozenset({one, key}) not in apart), None)


def signs_of(*, first: Merchant, second: Merchant) -> Signs:
    """This will tell what speaks for two merchants being one."""
    there = MerchantContact.objects.filter(left_date=None).exclude(phone_index=None)
    theirs = list(there.filter(merchant=second).values_list("phone_index", "pk"))
    phones = [
        f"{own}-{other}"
        for index, own in there.filter(merchant=first).values_list("phone_index", "pk")
        for phone, other in theirs
        if bytes(phone) == bytes(index)
    ]
    return Signs(
        name_key=first.name_key if first.name_key == second.name_key else "",
        credit_code=first.credit_code if first.credit_code == second.credit_code else "",
        phones=sorted(phones),
    )


def told_apart(*, scope: Scope) -> list[MerchantsApart]:
    """This will list who were told apart within a scope, the latest first."""
    rows = MerchantsApart.objects.filter(
        scope.branches("first__branch"), scope.branches("second__branch"),
        first__merged_into=None, second__merged_into=None,
    )  # fmt: skip
    rows = rows.select_related("first", "second", "by").order_by("-at", "-id")
    return list(rows[:MOST_GROUPS])


def told_of(*, one: Merchant, other: Merchant) -> list[MerchantsApart]:
    """This will list what was said of these two, the latest first."""
    first, second = sorted((one.pk, other.pk))
    rows = MerchantsApart.objects.filter(first=first, second=second).select_related("by")
    return list(rows.order_by("-at", "-id"))


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
