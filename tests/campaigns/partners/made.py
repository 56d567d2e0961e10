"""Live runs of a campaign with partners, and what people paid."""

import datetime as dt
from decimal import Decimal
from typing import Any

from campaigns.models import Decision, Run
from journeys.models import Card
from merchants.models import Merchant
from tests.factories import campaigns as plans
from tests.factories.journeys import TransactionFactory
from tests.project.rows import cleared_run, row_of

FIRST, END = dt.date(2026, 1, 1), dt.date(2026, 6, 1)  # the days of these campaigns
DAY = dt.timedelta(days=1)


def live_run(*merchants: Merchant, code: str = "joint", control: int = 20) -> Run:
    """A live run of a campaign with these partners."""
    version = plans.draft(
        code=code, merchants=[one.number for one in merchants], control_percent=control,
        runs_from=str(FIRST), runs_to=str(END),
    )  # fmt: skip
    return cleared_run(version)  # type: ignore[no-any-return]


def decided(run: Run, card: Card, award: str) -> Decision:
    """What a run answered about a customer who qualified; "" where nothing was answered."""
    values: dict[str, Any] = {"outcome": "qualified", "award": award}
    if award:
        values["awarded"] = Decimal(0)
    if award == "granted":
        values["given"] = [0]
    return row_of("campaigns.Decision", run=run, customer=card.customer, **values)  # type: ignore[no-any-return]


def paid(card: Card, merchant: Merchant | None, amount: int | str, on: dt.date) -> None:
    TransactionFactory(card=card, merchant=merchant, amount=Decimal(amount), posted_date=on)
