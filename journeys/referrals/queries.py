"""Reading who brought whom."""

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from journeys.customers import queries as customers
from journeys.referrals.models import Referral
from portal.staff.access import Scope

_ABOVE = """
WITH RECURSIVE above (at) AS (
    SELECT referrer_id FROM journeys_referral WHERE referred_id = %(customer_id)s
    UNION
    SELECT earlier.referrer_id FROM above
    JOIN journeys_referral earlier ON earlier.referred_id = above.at
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
        .select_related("application", "referred__branch", "referrer", "recorded_by")
        .order_by("-on_date", "-id")
    )


def about(customer_id: int) -> tuple[Referral | None, QuerySet[Referral]]:
    """This will return by which referral a customer came, and those by which others came, the
    latest first."""
    came = Referral.objects.filter(referred=customer_id).first()
    return came, Referral.objects.filter(referrer=customer_id).order_by("-on_date", "-id")
