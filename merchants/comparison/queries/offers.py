"""What rivals were seen to offer."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Count, Min, QuerySet

from merchants.comparison.models import RivalOffer
from merchants.directory import queries as directory
from merchants.partnerships.rules.evidence import Measure

_SOURCE = "merchants.comparison"


def offers_of(*, merchant_id: int, on: dt.date) -> list[RivalOffer]:
    """This will list the offers of rivals to a merchant, and to what was merged into it, that stand
    on a day, the newest first."""
    same = directory.with_aliases(ids=[merchant_id])
    rows = _standing(on).filter(merchant__in=same).select_related("noted_by")
    return list(rows.order_by("-seen_date", "-id"))


def one_offer(*, merchant_id: int, offer_id: int) -> RivalOffer | None:
    """This will return an offer to a merchant, or None."""
    same = directory.with_aliases(ids=[merchant_id])
    return RivalOffer.objects.filter(pk=offer_id, merchant__in=same).first()


def evidence_of(merchant_ids: Sequence[int], on: dt.date) -> dict[int, list[Measure]]:
    """This will count the offers of rivals that stand on a day, from the day on which the first of
    them was seen. Where none was ever noted of a merchant, nobody looked: that is not known."""
    same = directory.with_aliases(ids=merchant_ids)
    seen = RivalOffer.objects.filter(merchant__in=same, seen_date__lte=on)
    looked = {same[key] for key in seen.values_list("merchant", flat=True).distinct()}
    counted = _standing(on).filter(merchant__in=same).values("merchant")
    found: Counter[int] = Counter()
    begun: dict[int, dt.date] = {}
    for row in counted.annotate(number=Count("pk"), first=Min("seen_date")).order_by("merchant"):
        key = same[row["merchant"]]
        found[key] += row["number"]
        begun[key] = min(row["first"], begun.get(key, on))
    end = on + dt.timedelta(days=1)
    return {
        key: [Measure("rival_offers", Decimal(found[key]), begun.get(key, on), end, _SOURCE)]
        for key in looked
    }


def _standing(on: dt.date) -> QuerySet[RivalOffer]:
    return RivalOffer.objects.filter(seen_date__lte=on, until_date__gte=on, withdrawn_at=None)
