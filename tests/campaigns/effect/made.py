"""Rules of effects, campaigns with people on both sides, and counts of days made by hand."""

import datetime as dt
from decimal import Decimal
from typing import Any

from campaigns.models import Decision, EffectPlan, EffectRule, Run
from tests.factories import campaigns as plans
from tests.factories.campaigns import AT
from tests.factories.journeys import TransactionFactory
from tests.project.rows import approved_version, row_of

FIRST = dt.date(2026, 3, 2)  # the day of the first live run
DAY = dt.timedelta(days=1)
WINDOW, SETTLE, CAP = 40, 3, Decimal(500)
RIPE = FIRST + (WINDOW + SETTLE + 1) * DAY


def rule(**values: Any) -> EffectRule:
    """A rule that was in force before all of these campaigns."""
    usual = {"effective_date": dt.date(2020, 1, 1), "window_days": WINDOW, "cap": CAP}
    return row_of("campaigns.EffectRule", **{**usual, **values})  # type: ignore[no-any-return]


def live_run(on: dt.date = FIRST, *, of: Run | None = None, **changes: Any) -> Run:
    """A live run that has ended, of a campaign that draws a control group; or the next one `of`
    the same version."""
    if of is None:
        version = approved_version(
            plans.draft(**{"code": "tried", "control_percent": 20, **changes})
        )
    else:
        version = of.version
    run = row_of(
        "campaigns.Run", version=version, kind="live", state="done", on_date=on, finished_at=AT,
        cleared_at=AT, texts=[],
    )  # fmt: skip
    run.refresh_from_db()  # a trigger says its campaign
    return run  # type: ignore[no-any-return]


def decided(run: Run, customer: Any, award: str) -> Decision:
    """What a run answered about a customer who qualified; "" where nothing was answered."""
    values: dict[str, Any] = {"outcome": "qualified", "award": award}
    if award:
        values["awarded"] = Decimal(0)
    if award == "granted":
        values["given"] = [0]
    return row_of("campaigns.Decision", run=run, customer=customer, **values)  # type: ignore[no-any-return]


def paid(card: Any, amount: Decimal | int, on: dt.date) -> None:
    TransactionFactory(card=card, amount=Decimal(amount), posted_date=on)


def counted(
    plan: EffectPlan, *, on: dt.date = FIRST, percent: int = 20, **sides: dict[str, Any]
) -> None:
    """Counts of a day of entry; `reached` and `held` say what each side has."""
    nothing = {
        "people": 0, "converted": 0, "active": 0, "payers": 0, "amount": 0, "squares": 0,
        "capped_amount": 0, "capped_squares": 0, "active_before": 0, "payers_before": 0,
        "amount_before": 0, "squares_before": 0,
    }  # fmt: skip
    for name in ("reached", "held"):
        row_of(
            "campaigns.EffectDay", campaign=plan.campaign, entered_date=on, is_held=name == "held",
            control_percent=percent, due_date=None, **{**nothing, **sides.get(name, {})},
        )  # fmt: skip


def of_many(share: float, *, people: int, spent: int = 100, **values: Any) -> dict[str, Any]:
    """Counts of a side of which this share converted and paid `spent` each."""
    did = round(share * people)
    amounts = {
        f"{name}{what}": did * spent ** (2 if what == "squares" else 1)
        for name in ("", "capped_")
        for what in ("amount", "squares")
    }
    before = people // 4
    return {
        "people": people, "converted": did, "active": did, "payers": did, **amounts,
        "active_before": before, "payers_before": before, "amount_before": before * 50,
        "squares_before": before * 2_500, **values,
    }  # fmt: skip


def both() -> dict[str, dict[str, Any]]:
    """Both sides as a draw of 20 % makes them, with a lift of ten points."""
    return {"reached": of_many(0.3, people=4_000), "held": of_many(0.2, people=1_000)}
