"""Reading applications and cards.

Applications and cards are the work of the branch that took or issued them, and lists of them are
scoped by that branch; customers are scoped by their own branch, and their page shows all their
applications and cards. Who may see an application of a customer of another branch sees the masked
name and no way to the customer (docs/decisions/0069).
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Min, Q, QuerySet

from journeys.cards.enums import ApplicationState, Awaited, Clock, Track
from journeys.cards.models import ON_THE_CLOCK, Application, Card, CardProduct, ClockRule
from journeys.cards.rules import USUAL, Limits, days_waiting
from merchants.directory import queries as merchants
from merchants.partnerships.rules.evidence import SPAN, Measure
from portal.staff.access import Scope


def own_product_names() -> dict[str, tuple[str, str]]:
    """This will return name and English name of the bank's own card products by their code."""
    rows = CardProduct.objects.filter(is_own=True).order_by("code")
    return {
        code: (name, name_en) for code, name, name_en in rows.values_list("code", "name", "name_en")
    }


def application_of(*, scope: Scope, number: str) -> Application | None:
    """This will find an application of a scope by its number."""
    return Application.objects.filter(scope.branches(), number=number).first()


def holder_of(*, scope: Scope, reference: str) -> str | None:
    """This will return the number of the customer of a scope who holds the card of a reference."""
    rows = Card.objects.filter(scope.branches("customer__branch"), reference=reference)
    return rows.values_list("customer__number", flat=True).first()


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


def first_issued() -> dt.date | None:
    """This will return the day on which the first card was issued; None where there is none."""
    return Card.objects.aggregate(first=Min("issued_date"))["first"]


def limits_on(day: dt.date) -> Limits:
    """This will return the limits of approval in force on a day; before the first rule the usual
    ones."""
    rules = ClockRule.objects.filter(effective_date__lte=day)
    rule = rules.order_by("-effective_date").first()
    return rule.limits if rule else USUAL


def clock_rules() -> QuerySet[ClockRule]:
    """This will list all limits of approval, the latest first."""
    return ClockRule.objects.order_by("-effective_date")


def _on_the_clock(scope: Scope) -> QuerySet[Application]:
    return Application.objects.filter(ON_THE_CLOCK, scope.branches())


def nearing_limit(*, scope: Scope, on: dt.date, limits: Limits) -> QuerySet[Application]:
    """This will list the applications on the clock that are near or over the limit, the oldest
    first."""
    rows = _on_the_clock(scope).filter(filed_date__lte=limits.surfacing(on))
    return rows.select_related("customer__branch", "product", "branch").order_by("filed_date", "id")


def open_applications(
    *,
    scope: Scope,
    on: dt.date,
    limits: Limits,
    clock: str = "",
    awaited: str = "",
    branch_path: str = "",
    product: str = "",
    track: str = "",
) -> QuerySet[Application]:
    """This will list a scope's applications whose card is not issued, decided or not, the oldest
    first; what is empty is not asked for."""
    rows = _on_the_clock(scope).filter(branch__path__startswith=branch_path)
    if clock:
        first, end = limits.filed_between(clock, on)
        rows = rows.filter(filed_date__gte=first, filed_date__lt=end)
    if awaited:
        is_card = awaited == Awaited.CARD
        rows = rows.filter(state=ApplicationState.APPROVED if is_card else awaited)
    if product:
        rows = rows.filter(product__code=product)
    if track:
        rows = rows.filter(is_fast_track=track == Track.FAST)
    return rows.select_related("customer__branch", "product", "branch").order_by("filed_date", "id")


def counts_by_clock(*, scope: Scope, on: dt.date, limits: Limits) -> dict[str, int]:
    """This will count the scope's applications on the clock by where they stand against the limit,
    and of all of them those that wait for their card alone."""
    counts = {"card": Count("id", filter=Q(state=ApplicationState.APPROVED))}
    for clock in Clock.values:
        first, end = limits.filed_between(clock, on)
        counts[clock] = Count("id", filter=Q(filed_date__gte=first, filed_date__lt=end))
    return _on_the_clock(scope).aggregate(**counts)


@dataclass(frozen=True)
class Waiting:
    """An application whose card is not issued, and where it stands against the limit."""

    application: Application
    days: int
    left: int
    clock: Clock

    @property
    def tone(self) -> str:
        return _TONES[self.clock]

    @property
    def days_over(self) -> int:
        """The days beyond the limit, 0 within it."""
        return max(0, -self.left)

    @property
    def awaits(self) -> Awaited:
        return self.application.awaits


_TONES = {Clock.OVER: "danger", Clock.NEAR: "warning", Clock.WITHIN: "secondary"}


def clocked(application: Application, *, on: dt.date, limits: Limits) -> Waiting:
    """This will say where an application on the clock stands on a day."""
    filed = application.filed_date
    return Waiting(
        application, days_waiting(filed, on), limits.left(filed, on), limits.clock_of(filed, on)
    )


def waiting_of(customer_id: int, *, on: dt.date) -> list[Waiting]:
    """This will list a customer's applications whose card is not issued, the oldest first."""
    rows = Application.objects.filter(ON_THE_CLOCK, customer_id=customer_id)
    rows = rows.select_related("product").order_by("filed_date", "id")
    found = list(rows)
    limits = limits_on(on) if found else USUAL
    return [clocked(row, on=on, limits=limits) for row in found]


def own_products() -> list[CardProduct]:
    """This will list the bank's own card products, by code."""
    return list(CardProduct.objects.filter(is_own=True).order_by("code"))


def applications_of(customer_id: int) -> QuerySet[Application]:
    """This will list a customer's applications with their products."""
    return Application.objects.filter(customer_id=customer_id).select_related("product")


def cards_held(customer_id: int) -> QuerySet[Card]:
    """This will list a customer's cards, closed ones too, with their products."""
    return Card.objects.filter(customer_id=customer_id).select_related("product")


def cards_won(merchant_ids: Sequence[int], first: dt.date, end: dt.date) -> dict[int, int]:
    """This will count the primary cards that were issued from `first` to before `end` on
    applications taken at merchants, or at what was merged into them, by the merchant's id."""
    same = merchants.with_aliases(ids=merchant_ids)
    rows = Card.objects.filter(
        application__merchant__in=same, is_primary=True, issued_date__gte=first,
        issued_date__lt=end,
    )  # fmt: skip
    counted = rows.values("application__merchant").annotate(number=Count("pk"))
    found = Counter(dict.fromkeys(merchant_ids, 0))
    for row in counted.order_by("application__merchant"):
        found[same[row["application__merchant"]]] += row["number"]
    return dict(found)


def evidence_of(merchant_ids: Sequence[int], on: dt.date) -> dict[int, list[Measure]]:
    """This will tell how many new cards were won at merchants in the 90 days before a day."""
    first = on - SPAN
    return {
        merchant_id: [Measure("new_cards", Decimal(count), first, on, "journeys.cards")]
        for merchant_id, count in cards_won(merchant_ids, first, on).items()
    }
