"""Results of applications that come in by import, and the rules under which they are told."""

import datetime as dt
from typing import Any

from journeys.contact.models import CalendarYear, ContactRule
from journeys.notices import operations as notices
from journeys.notices.models import ResultNotice
from portal.intake import operations as intake
from portal.intake.rules import ImportReport
from tests.factories.journeys import ContactRuleFactory, CustomerFactory, ProductFactory
from tests.factories.portal import BranchFactory

AT = dt.datetime(2026, 6, 1, 2, 0, tzinfo=dt.UTC)  # ten in the morning in Shanghai
TODAY = dt.date(2026, 6, 1)


def make_bank(days: int = 3, missing: str = "") -> None:
    """Branch B001, product GOLD, customer C1; the rule in force tells what is `days` old. `missing`
    is the gate's answer to what was not entered yet."""
    if missing == "no_hours":
        ContactRule.objects.create(
            effective_date=dt.date(2020, 1, 1), day_cap=2, month_cap=5, source="test"
        )
    elif missing != "no_rule":
        ContactRuleFactory()
    if missing == "no_calendar":
        CalendarYear.objects.all().delete()
    notices.set_notice_rule(
        effective_date=dt.date(2026, 1, 1), days=days, source="test", actor=None, at=AT
    )
    branch = BranchFactory(code="B001", name="城中支行", name_en="City branch")
    ProductFactory()
    CustomerFactory(number="C1", branch=branch)


def row(number: str = "A0001", state: str = "approved", **values: Any) -> dict[str, str | None]:
    """A row of the file of applications; one that is not open was decided today."""
    decided = None if state == "filed" else TODAY.isoformat()
    usual = {"number": number, "customer": "C1", "product": "GOLD", "branch": "B001",
             "filed_date": "2026-05-20", "state": state, "decided_date": decided}  # fmt: skip
    return {**usual, **{name: None if value is None else str(value)
                        for name, value in values.items()}}  # fmt: skip


def decide(*rows: dict[str, str | None], at: dt.datetime = AT, **how: Any) -> ImportReport:
    """Imports rows of applications at an instant; `how` is what is said of the file."""
    return intake.import_rows(
        kind="applications", rows=rows, actor=None, at=at, source_name="results", **how
    )


def tell(at: dt.datetime = AT) -> int:
    """Tells what is due at an instant."""
    return notices.tell_results(clock=lambda: at, seconds=30)


def states() -> list[tuple[str, str]]:
    """Results and states of all notices, in order."""
    return list(ResultNotice.objects.order_by("pk").values_list("result", "state"))
