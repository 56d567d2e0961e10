"""Cards that were used on certain days, and definitions of what is active."""

import datetime as dt
from typing import Any

from journeys.activity import operations
from journeys.activity.models import ActiveDefinition
from journeys.models import Card
from tests.factories.journeys import CardFactory, TransactionFactory

# Noon of 2026-07-01 in the bank's time: figures are counted up to the day before.
AT = dt.datetime(2026, 7, 1, 4, 0, tzinfo=dt.UTC)
YESTERDAY = dt.date(2026, 6, 30)


def ago(days: int, *, of: dt.date = YESTERDAY) -> dt.date:
    return of - dt.timedelta(days=days)


def used_card(issued: dt.date, *used: dt.date, **card: Any) -> Card:
    """A card with a purchase on each of these days."""
    found = CardFactory(issued_date=issued, **card)
    for day in used:
        TransactionFactory(card=found, posted_date=day)
    return found


def define(code: str = "board", **given: Any) -> ActiveDefinition:
    usual: dict[str, Any] = {
        "code": code, "name": "活卡率", "name_en": "Active cards", "counted": "cards",
        "window_days": 90, "effective_date": dt.date(2020, 1, 1), "source": "Board, 2020-1",
        "leaves_closed": True, "leaves_unactivated": False, "leaves_supplementary": False,
        "policy_products": [],
    }  # fmt: skip
    return operations.set_definition(actor=None, at=AT, **(usual | given))


def count(at: dt.datetime = AT, back: int = 3) -> int:
    """Settles and counts the last days."""
    return operations.count_figures(clock=lambda: at, back=back)
