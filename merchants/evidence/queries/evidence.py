"""Reading what turnover showed."""

import datetime as dt
from collections.abc import Collection, Iterator

from django.db.models import Max, QuerySet

from merchants.directory.models import Merchant
from merchants.evidence.models import EvidenceOfTurnover, WeeksOfTurnover
from merchants.evidence.rules import weeks


def monday_of(*, on: dt.date) -> dt.date | None:
    """This will return the latest Monday, on a day or before it, as of which turnover was judged;
    None where it never was."""
    found: dt.date | None = EvidenceOfTurnover.objects.filter(on__lte=on).aggregate(
        latest=Max("on")
    )["latest"]
    return found


def is_judged(*, on: dt.date) -> bool:
    """This will tell whether turnover was judged as of the whole weeks that a day knows."""
    return EvidenceOfTurnover.objects.filter(on=weeks.as_of(on)).exists()


def latest_of(*, merchant_id: int, on: dt.date) -> EvidenceOfTurnover | None:
    """This will return the latest evidence of a merchant as of a day or before it."""
    rows = EvidenceOfTurnover.objects.filter(merchant_id=merchant_id, on__lte=on)
    return rows.order_by("-on").first()


def judged_on(*, merchant_ids: Collection[int], on: dt.date) -> dict[int, EvidenceOfTurnover]:
    """This will return the evidence of the latest Monday that was judged by a day, by the id of the
    merchant."""
    if (monday := monday_of(on=on)) is None:
        return {}
    rows = EvidenceOfTurnover.objects.filter(on=monday, merchant_id__in=merchant_ids)
    return {row.merchant_id: row for row in rows.order_by("merchant_id")}


def weeks_of(*, merchant_id: int) -> WeeksOfTurnover | None:
    """This will return a merchant's weeks without season, as they were last judged."""
    return WeeksOfTurnover.objects.filter(merchant_id=merchant_id).first()


def weeks_of_many(*, merchant_ids: Collection[int]) -> dict[int, WeeksOfTurnover]:
    """This will return the weeks of merchants without season, by the id of the merchant."""
    rows = WeeksOfTurnover.objects.filter(merchant__in=merchant_ids).order_by("merchant_id")
    return {row.merchant_id: row for row in rows}


def weeks_within(merchants: QuerySet[Merchant]) -> Iterator[WeeksOfTurnover]:
    """This will walk through the weeks of some merchants, in the order of their numbers; those of
    one that was merged are the other's."""
    rows = WeeksOfTurnover.objects.filter(
        merchant__in=merchants.order_by(), merchant__merged_into=None
    )
    return rows.select_related("merchant").order_by("merchant__number").iterator(chunk_size=200)
