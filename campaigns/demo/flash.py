"""Two flash sales of the demo bank: one that is over, and one that opens soon."""

import datetime as dt

from campaigns.demo import refunds
from campaigns.eligibility.models import Decision
from campaigns.flash import operations as flash
from campaigns.flash.models import FlashSale
from portal.staff.models import Staff

_UNITS, _CLAIMANTS, _PAUSE = 40, 44, 3  # units, who came, and every how manieth did not confirm
_HOUR = dt.timedelta(hours=1)


def build_sales(*, version_id: int, tier: str, at: dt.datetime) -> None:
    """This will arrange both for those who qualified in the version's latest run: one that was
    claimed the evening before, and one for ten o'clock on the second day from then."""
    evening = at - 4 * _HOUR
    over = _arrange(version_id, tier, evening, evening - 2 * _HOUR)
    numbers = Decision.objects.filter(run=over.run_id, outcome="qualified").order_by("id")
    people = list(numbers.values_list("customer__number", flat=True)[:_CLAIMANTS])
    for place, who in enumerate(people):
        instant = evening + dt.timedelta(seconds=place * place // 12)  # a rush, then a trickle
        flash.expire_holds(sale_id=over.pk, at=instant)
        (told,) = flash.claim_by_rows(sale=over, numbers=[who], at=instant)
        if told.claim_id and place % _PAUSE:
            later = instant + dt.timedelta(seconds=3)
            flash.confirm(sale=over, numbers=[who], at=later)
    flash.expire_holds(sale_id=over.pk, at=evening + _HOUR)
    _send_goods_back(over, at)
    _arrange(version_id, tier, at + 34 * _HOUR, at)


def _send_goods_back(sale: FlashSale, at: dt.datetime) -> None:
    """One who had a unit sends the next morning everything back that the card had bought."""
    claim = sale.claims.filter(grant__isnull=False).order_by("id").first()
    if claim is None or claim.grant is None:
        return
    refunds.send_goods_back(claim.grant.card, at)


def _arrange(version_id: int, tier: str, opens_at: dt.datetime, at: dt.datetime) -> FlashSale:
    return flash.arrange_sale(
        version_id=version_id,
        tier=tier,
        units=_UNITS,
        opens_at=opens_at,
        closes_at=opens_at + _HOUR,
        hold_seconds=30,
        by=Staff.objects.get(username="campaign_manager"),
        at=at,
    )
