"""What is known of a partnership on a day: measures with their source; what is not known is None
and never invented."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.kit import money

SCHEMA = 1
# So long before a day what is counted or summed up for it is looked at.
SPAN = dt.timedelta(days=90)
CNY, COUNT, DAYS, PERCENT = "cny", "count", "days", "percent"

# The measures that a snapshot holds, in their order; whoever knows more of one gives it a value.
LABELS: dict[str, Any] = {
    "turnover": _("Card turnover"),
    "turnover_before": _("Card turnover of the span before"),
    "turnover_year_ago": _("Card turnover of the same span a year ago"),
    "turnover_trend": _("Trend of turnover, season removed"),
    "turnover_promised": _("Of the least turnover that was promised"),
    "customers": _("Customers reached"),
    "new_cards": _("New cards won there"),
    "redemptions": _("Benefits used there"),
    "campaign_cost": _("Cost of joint campaigns"),
    "campaign_cost_year": _("Cost of joint campaigns in a year"),
    "campaign_extra": _("Extra turnover by joint campaigns"),
    "campaign_return": _("Return of joint campaigns"),
    "complaints": _("Complaints traced to joint campaigns"),
    "rival_offers": _("Offers of rivals noted"),
    "contract_days": _("Days until the contract ends"),
    "contract_lapses": _("Days until the contract ends with none to follow"),
    "tasks_overdue": _("Tasks of ours that are overdue"),
    "promises_bank": _("Promises of ours broken or overdue"),
    "promises_merchant": _("Promises of theirs broken or overdue"),
    "promises_bank_kept": _("Promises of ours kept"),
    "promises_merchant_kept": _("Promises of theirs kept"),
}
UNITS: dict[str, str] = {
    "turnover": CNY, "turnover_before": CNY, "turnover_year_ago": CNY, "turnover_trend": PERCENT,
    "turnover_promised": PERCENT, "customers": COUNT, "new_cards": COUNT, "redemptions": COUNT,
    "campaign_cost": CNY, "campaign_cost_year": CNY, "campaign_extra": CNY, "campaign_return": CNY,
    "complaints": COUNT, "rival_offers": COUNT, "contract_days": DAYS, "contract_lapses": DAYS,
    "tasks_overdue": COUNT, "promises_bank": COUNT, "promises_merchant": COUNT,
    "promises_bank_kept": COUNT, "promises_merchant_kept": COUNT,
}  # fmt: skip


@dataclass(frozen=True)
class Measure:
    """A figure: `value` in `unit` over the days from `first` to before `end`, and who says so;
    of one that chance is part of, between what it lies at 95 % (`low`, `high`). Without a value it
    is not known."""

    code: str
    value: Decimal | None
    first: dt.date | None = None
    end: dt.date | None = None
    source: str = ""
    low: Decimal | None = None
    high: Decimal | None = None

    @property
    def label(self) -> Any:
        return LABELS.get(self.code, self.code)

    @property
    def unit(self) -> str:
        return UNITS.get(self.code, COUNT)

    @property
    def is_known(self) -> bool:
        return self.value is not None

    @property
    def last(self) -> dt.date | None:
        """The last of its days."""
        return self.end and self.end - dt.timedelta(days=1)

    @property
    def said(self) -> str:
        """The figure with its unit; "" where it is not known."""
        if self.value is None:
            return ""
        if self.unit == CNY:
            return money.show(self.value)
        return f"{self.value} %" if self.unit == PERCENT else f"{self.value:,.0f}"

    def as_json(self) -> dict[str, Any]:
        """This will write the measure as plain values."""
        between = {} if self.low is None else {"low": str(self.low), "high": str(self.high)}
        return {
            "code": self.code,
            "value": None if self.value is None else str(self.value),
            "unit": self.unit,
            "first": self.first and self.first.isoformat(),
            "end": self.end and self.end.isoformat(),
            "source": self.source,
            **between,
        }


@dataclass(frozen=True)
class Evidence:
    """Everything that was known of a partnership on a day."""

    on: dt.date
    measures: tuple[Measure, ...]

    def value(self, code: str) -> Decimal | None:
        """This will return the value of a measure; None where it is not known."""
        return next((row.value for row in self.measures if row.code == code), None)

    def known(self) -> dict[str, Measure]:
        """This will return the measures that are known, by their codes."""
        return {row.code: row for row in self.measures if row.is_known}

    def as_json(self) -> dict[str, Any]:
        """This will write the snapshot as it is kept, with the version of its shape."""
        return {
            "schema": SCHEMA,
            "on": self.on.isoformat(),
            "measures": [row.as_json() for row in self.measures],
        }


def gathered(on: dt.date, known: Iterable[Measure]) -> Evidence:
    """This will put measures together in their order; of those that nobody knows, None stands."""
    found: Mapping[str, Measure] = {row.code: row for row in known}
    codes: Sequence[str] = [*LABELS, *(code for code in found if code not in LABELS)]
    return Evidence(on, tuple(found.get(code, Measure(code, None)) for code in codes))


def read(kept: Mapping[str, Any]) -> Evidence:
    """This will read a snapshot as it was kept. Raises ValueError for a shape that is unknown."""
    if kept.get("schema") != SCHEMA:
        raise ValueError(kept.get("schema"))
    return Evidence(
        dt.date.fromisoformat(kept["on"]), tuple(_measure(row) for row in kept["measures"])
    )


def _measure(row: Mapping[str, Any]) -> Measure:
    return Measure(
        code=row["code"],
        value=_amount(row["value"]),
        first=row["first"] and dt.date.fromisoformat(row["first"]),
        end=row["end"] and dt.date.fromisoformat(row["end"]),
        source=row["source"],
        low=_amount(row.get("low")),
        high=_amount(row.get("high")),
    )


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def change_percent(evidence: Evidence) -> Decimal | None:
    """This will tell by how many percent turnover changed: against the same span a year ago or,
    where that is not known, against the span before; None where neither is."""
    now = evidence.value("turnover")
    before = evidence.value("turnover_year_ago") or evidence.value("turnover_before")
    if now is None or not before or before <= 0:
        return None
    return ((now - before) / before * 100).quantize(Decimal("0.1"))
