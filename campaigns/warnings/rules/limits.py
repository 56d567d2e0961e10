"""From which figures on a warning is given: as set from a day on, and before that the usual."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from campaigns.warnings.enums import Action, Kind, Severity


@dataclass(frozen=True)
class Limits:
    """What one kind goes by: the `days` that are looked at, the `fewest` cases of which anything is
    said, the `wait` (days that a fact may take), and from which value on to warn, and to warn
    severely. What the value is, `VALUES` says; of a budget fewer is worse."""

    days: int
    fewest: int
    wait: int
    warn: Decimal
    severe: Decimal

    def severity_of(self, value: float | Decimal) -> Severity | None:
        """This will tell how severe a value is, where more is worse; None below the limits."""
        if value >= self.severe:
            return Severity.SEVERE
        return Severity.WARN if value >= self.warn else None

    def severity_of_few(self, value: float) -> Severity | None:
        """This will tell how severe a value is, where less is worse; None above the limits."""
        if value <= self.severe:
            return Severity.SEVERE
        return Severity.WARN if value <= self.warn else None

    def first_day(self, on: dt.date) -> dt.date:
        """This will return the first of the days that are looked at, `on` being the last."""
        return on - dt.timedelta(days=self.days - 1)


def _limits(days: int, fewest: int, wait: int, warn: str, severe: str) -> Limits:
    return Limits(days, fewest, wait, Decimal(warn), Decimal(severe))


# In force before the first rule of a kind; chosen on the planted worlds of benchmarks/warnings.py.
USUAL: Mapping[str, Limits] = {
    Kind.BUDGET: _limits(14, 3, 0, "14", "3"),
    Kind.BURST: _limits(28, 20, 0, "3", "8"),
    Kind.NEVER_USED: _limits(90, 20, 60, "1.75", "3"),
    Kind.SPLITTING: _limits(30, 5, 0, "2.5", "6"),
    Kind.SHARED: _limits(90, 8, 0, "3", "8"),
    Kind.SELF_DEALING: _limits(90, 1, 0, "1", "3"),
    Kind.DESK: _limits(90, 4, 0, "4", "8"),
    Kind.MONTH_END: _limits(31, 30, 3, "1.75", "2.5"),
    Kind.COMPLAINTS: _limits(90, 3, 0, "2", "4"),
    Kind.REFUND: _limits(30, 4, 7, "2.5", "6"),
    Kind.CONCENTRATION: _limits(365, 50, 0, "60", "80"),
    Kind.SLEEPING: _limits(14, 200, 0, "90", "100"),
}

# What `warn` and `severe` are compared with.
VALUES: Mapping[str, Any] = {
    Kind.BUDGET: _("days until what is left is used up; fewer is worse"),
    Kind.BURST: _("times the busiest usual hour of the campaign"),
    Kind.NEVER_USED: _("times the share among the others, by the lower end of the interval"),
    Kind.SPLITTING: _("times what the neighbouring sums lead one to expect, by the lower end"),
    Kind.SHARED: _("times the share among the others, by the lower end of the interval"),
    Kind.SELF_DEALING: _("rewards granted to the person as a customer"),
    Kind.DESK: _("customers served three times and more by one person at one merchant"),
    Kind.MONTH_END: _("times the share among the others, by the lower end of the interval"),
    Kind.COMPLAINTS: _("times the bank's usual rate, by the lower end of the interval"),
    Kind.REFUND: _("times the bank's usual rate, by the lower end of the interval"),
    Kind.SLEEPING: _("percent of the ceiling of sleeping cards that is in force"),
    Kind.CONCENTRATION: _("percent of the paying customers at one partner, by the lower end"),
}

# What follows before the first policy of a kind: a campaign is stopped by a policy that somebody
# answers for, and never by a figure of the house.
USUAL_ACTION = Action.TELL
