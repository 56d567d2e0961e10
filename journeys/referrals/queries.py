"""Reading who brought whom."""

from collections.abc import Sequence

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from journeys.customers import queries as customers
from journeys.referrals.models import Referral
from portal.staff.access import Scope

# Whoever is on file under several numbers with one ID number is one person (`Customer.bearer`).
_ABOVE = """
WITH RECURSIVE above (at) AS (
    SELECT unnest(%(persons)s::bigint[])
    UNION
    SELECT earlier.referrer_id FROM above
    CROSS JOIN LATERAL (
        SELECT above.at AS id
        UNION ALL
        SELECT same.id FROM journeys_customer me
        JOIN journeys_customer same ON same.bearer = me.bearer AND same.id <> me.id
        WHERE me.id = above.at
    ) AS person
    JOIN journeys_referral earlier
        ON earlier.referred_id = person.id AND earlier.withdrawn_at IS NULL
)
SELECT at FROM above
"""
# Of these referrals, those of two customers who are known by now to be one person.
_OF_ONESELF = """
SELECT referral.id FROM journeys_referral referral
JOIN journeys_customer referred ON referred.id = referral.referred_id
JOIN journeys_customer referrer ON referrer.id = referral.referrer_id
WHERE referral.id = ANY(%s) AND referred.bearer = referrer.bearer
"""


def above(customer_id: int) -> set[int]:
    """This will return by whom a customer was brought, under whatever number, by whom they were,
    and so on."""
    persons = customers.same_person(customer_id)
    with connection.cursor() as cursor:
        cursor.execute(_ABOVE, {"persons": sorted(persons)})
        return {row[0] for row in cursor.fetchall()} - persons


def referrals(*, scope: Scope, number: str = "") -> QuerySet[Referral]:
    """This will list who was brought among the customers of a scope, the latest first, each with
    `referrer_shown`, whether the scope reaches the one who brought; narrowed down to what concerns
    one customer's number where asked."""
    within = customers.list_customers(scope=scope).filter(pk=OuterRef("referrer_id")).order_by()
    rows = Referral.objects.filter(scope.branches("referred__branch"))
    if number:
        rows = rows.filter(Q(referred__number=number) | Q(referrer__number=number))
    return (
        rows.annotate(referrer_shown=Exists(within))
        .select_related(
            "application", "referred__branch", "referrer", "recorded_by", "withdrawn_by"
        )
        .order_by("-on_date", "-id")
    )


def about(customer_id: int) -> tuple[QuerySet[Referral], QuerySet[Referral]]:
    """This will return by which referrals a customer came, all but one of them withdrawn, and those
    by which others came, the latest first."""
    came = Referral.objects.filter(referred=customer_id).select_related("application")
    brought = Referral.objects.filter(referrer=customer_id).select_related("application")
    return came.order_by("-on_date", "-id"), brought.order_by("-on_date", "-id")


def standing(referral_ids: Sequence[int], *, lock: bool) -> set[int]:
    """This will return which of these referrals count: none that was withdrawn, or whose two
    customers are one person, as an ID number that came later may tell. With `lock`, none is
    withdrawn between this answer and the end of the caller's transaction."""
    rows = Referral.objects.filter(pk__in=referral_ids, withdrawn_at=None).order_by("id")
    if lock:
        share = "SELECT id FROM journeys_referral WHERE id = ANY(%s) ORDER BY id FOR SHARE"
        with connection.cursor() as cursor:
            cursor.execute(share, [sorted(referral_ids)])
    with connection.cursor() as cursor:
        cursor.execute(_OF_ONESELF, [sorted(referral_ids)])
        of_oneself = {row[0] for row in cursor.fetchall()}
    return set(rows.values_list("pk", flat=True)) - of_oneself
