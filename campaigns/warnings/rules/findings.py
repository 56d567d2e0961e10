"""What a detector finds."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from campaigns.warnings.enums import Severity


@dataclass(frozen=True)
class Finding:
    """Something to be looked at: what it is about, by its key, and how much it weighs (more is
    worse, whatever the kind). `evidence` holds figures, days and codes, never names; `period` tells
    facts of one subject apart that are several, such as months. `campaign`, `branch`, `staff` and
    `customer` are ids, as far as it has to do with them."""

    kind: str
    subject: str
    key: str
    weight: Decimal
    severity: Severity
    evidence: dict[str, Any] = field(default_factory=dict)
    period: str = ""
    campaign: int | None = None
    branch: int | None = None
    staff: int | None = None
    customer: int | None = None


def weighed(value: float) -> Decimal:
    """This will round a value as alerts keep it."""
    return Decimal(str(round(min(value, 9_999_999), 2)))
