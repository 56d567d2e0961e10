"""Reading who brought whom."""

from collections.abc import Sequence

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from journeys.customers import queries as customers
from journeys.referrals.models import Referral
from portal.staff.access import Scope

_ABOVE = """
WITH RECURSIVE above (at) AS (
    SELECT referrer_id FROM journeys_referral
    WHERE referred_id = %(customer_id)s AND withdrawn_at IS NULL
    UNION
    SELECT earlier.referrer_id FROM above
    JOIN journeys_referral earlier
        ON earlier.referred_id = above.at AND earlier.withdrawn_at IS NULL
)
SELECT at FROM above
"""


def above(customer_id: int) -> set[int]:
    """This will return by whom a customer was brought, by whom they were, and so on."""
    with connection.cursor() as cursor:
        cursor.execute(_ABOVE, {"customer_id": customer_id})
        return {row[0] for row in cursor.fetchall()}


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
    """This will return which of these referrals were not withdrawn. With `lock`, none is withdrawn
    between this answer and the end of the caller's transaction."""
    rows = Referral.objects.filter(pk__in=referral_ids, withdrawn_at=None).order_by("id")
    if lock:
        share = "SELECT id FROM journeys_referral WHERE id = ANY(%s) ORDER BY id FOR SHARE"
        with connection.cursor() as cursor:
            cursor.execute(share, [sorted(referral_ids)])
    return set(rows.values_list("pk", flat=True))
