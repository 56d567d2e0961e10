"""Somebody of the demo bank sends everything back that a card had bought."""

import datetime as dt
from typing import Any

from campaigns.rewards import operations as rewards
from journeys.spending import queries as spending
from portal.intake import operations as intake
from portal.kit import clock

_MOST_BOUGHT = 200  # transactions of one card that are looked at


def send_goods_back(card: Any, at: dt.datetime) -> None:
    """This will refund what the card bought, and look at once what that undid."""
    day = clock.bank_day(at)
    bought = spending.latest_of(
        customer_id=card.customer_id, at=at, before_id=0, limit=_MOST_BOUGHT
    )
    rows = [
        {
            "reference": f"{one.row.reference}-R", "card": card.reference, "kind": "refund",
            "amount": str(one.row.amount - one.refunded), "posted_date": day.isoformat(),
            "merchant": one.row.merchant.number if one.row.merchant else None, "mcc": one.row.mcc,
            "channel": one.row.channel, "division_code": one.row.division_code,
            "refund_of": one.row.reference,
        }
        for _at, one in bought
        if one.row.card_id == card.pk and one.row.amount > one.refunded
    ]  # fmt: skip
    if not rows:
        return  # a very small bank
    intake.import_rows(kind="transactions", rows=rows, actor=None, at=at, source_name="demo")
    rewards.reopen_grants(on=day, at=at)
