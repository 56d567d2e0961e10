"""Reading applications and cards.

Applications and cards are the work of the branch that took or issued them, and lists of them are
scoped by that branch; customers are scoped by their own branch, and their page shows all their
applications and cards. Who may see an application of a customer of another branch sees the masked
name and no way to the customer (docs/decisions/0069).
"""

import datetime as dt

from django.db.models import Count, Q, QuerySet

from journeys.cards.enums import OPEN_STATES, Clock, Track
from journeys.cards.models import Application, Card, CardProduct
from journeys.cards.rules import APPROVAL_DAYS, NEAR_DAYS, filed_between
from portal.staff.access import Scope


def own_product_names() -> dict[str, tuple[str, str]]:
    """This will return name and English name of the bank's own card products by their code."""
    rows = CardProduct.objects.filter(is_own=True).order_by("code")
    return {
        code: (name, name_en) for code, name, name_en in rows.values_list("code", "name", "name_en")
    }


def issued_by_day(*, scope: Scope, first: dt.date, end: dt.date) -> dict[dt.date, tuple[int, int]]:
    """This will count the cards issued on each day from `first` to before `end`, and how many of
    them are activated."""
    rows = (
        Card.objects.filter(scope.branches(), issued_date__gte=first, issued_date__lt=end)
        .values("issued_date")
        .annotate(issued=Count("id"), activated=Count("id", filter=Q(activated_date__isnull=False)))
        .order_by("issued_date")
    )
    return {row["issued_date"]: (row["issued"], row["activated"]) for row in rows}


def nearing_limit(*, scope: Scope, on: dt.date) -> QuerySet[Application]:
    """This will list the open applications that are near or over the limit of approval, the
    oldest first."""
    latest = on - dt.timedelta(days=APPROVAL_DAYS - NEAR_DAYS)
    rows = Application.objects.filter(
        scope.branches(), state__in=OPEN_STATES, filed_date__lte=latest
    )
    return rows.select_related("customer__branch", "product", "branch").order_by("filed_date", "id")


def open_applications(
    *,
    scope: Scope,
    on: dt.date,
    clock: str = "",
    branch_path: str = "",
    product: str = "",
    track: str = "",
) -> QuerySet[Application]:
    """This will list the open applications of a scope, the oldest first; what is empty is not
    asked for."""
    rows = Application.objects.filter(
        scope.branches(), state__in=OPEN_STATES, branch__path__startswith=branch_path
    )
    if clock:
        first, end = filed_between(clock, on)
        rows = rows.filter(filed_date__gte=first, filed_date__lt=end)
    if product:
        rows = rows.filter(product__code=product)
    if track:
        rows = rows.filter(is_fast_track=track == Track.FAST)
    return rows.select_related("customer__branch", "product", "branch").order_by("filed_date", "id")


def counts_by_clock(*, scope: Scope, on: dt.date) -> dict[str, int]:
    """This will count the scope's open applications by where they stand against the limit."""
    counts = {}
    for clock in Clock.values:
        first, end = filed_between(clock, on)
        counts[clock] = Count("id", filter=Q(filed_date__gte=first, filed_date__lt=end))
    rows = Application.objects.filter(scope.branches(), state__in=OPEN_STATES)
    return rows.aggregate(**counts)


def own_products() -> list[CardProduct]:
    """This will list the bank's own card products, by code."""
    return list(CardProduct.objects.filter(is_own=True).order_by("code"))


def applications_of(customer_id: int) -> QuerySet[Application]:
    """This will list a customer's applications with their products."""
    return Application.objects.filter(customer_id=customer_id).select_related("product")


def cards_held(customer_id: int) -> QuerySet[Card]:
    """This will list a customer's cards, closed ones too, with their products."""
    return Card.objects.filter(customer_id=customer_id).select_related("product")
