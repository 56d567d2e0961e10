"""What was promised, and how well each side kept it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from merchants.partnerships.models import Partnership
from merchants.partnerships.rules import evidence
from merchants.windows.enums import PromiseState, Side
from merchants.windows.models import PartnerPromise

_SOURCE = "merchants.windows"


def promises_of(partnership: Partnership, *, only_open: bool = False) -> QuerySet[PartnerPromise]:
    """This will list the promises between the bank and a partner, by the day they are due."""
    rows = PartnerPromise.objects.filter(partnership=partnership)
    if only_open:
        rows = rows.filter(state=PromiseState.OPEN)
    return rows.select_related("settled_by").order_by("due_date", "id")


def one_promise(*, promise_id: int) -> PartnerPromise | None:
    """This will return a promise, or None; whoever asks loads the partnership within the scope."""
    return PartnerPromise.objects.filter(pk=promise_id).first()


def promises_known(
    merchant_ids: Sequence[int], on: dt.date
) -> Mapping[int, Sequence[evidence.Measure]]:
    """This will tell of merchants how many promises of each side were broken, or are overdue on a
    day, and how many were kept, in the year before it; of those with whom nothing was promised,
    nothing."""
    first = on - dt.timedelta(days=365)
    late = Q(state=PromiseState.BROKEN) | Q(state=PromiseState.OPEN, due_date__lt=on)
    # Broken or kept before its day is so.
    told = Q(due_date__range=(first, on)) | ~Q(state=PromiseState.OPEN) & Q(due_date__gt=on)
    kept = Q(state=PromiseState.KEPT)
    rows = PartnerPromise.objects.filter(told, partnership__merchant__in=list(merchant_ids))
    counted = (
        rows.order_by()
        .values("partnership__merchant")
        .annotate(
            bank=Count("pk", filter=late & Q(side=Side.BANK)),
            merchant=Count("pk", filter=late & Q(side=Side.MERCHANT)),
            bank_kept=Count("pk", filter=kept & Q(side=Side.BANK)),
            merchant_kept=Count("pk", filter=kept & Q(side=Side.MERCHANT)),
        )
    )
    end = on + dt.timedelta(days=1)

    def measure(code: str, number: int) -> evidence.Measure:
        return evidence.Measure(code, Decimal(number), first, end, _SOURCE)

    return {
        row["partnership__merchant"]: [
            measure("promises_bank", row["bank"]),
            measure("promises_merchant", row["merchant"]),
            measure("promises_bank_kept", row["bank_kept"]),
            measure("promises_merchant_kept", row["merchant_kept"]),
        ]
        for row in counted
    }
