"""Plain values of the ledger: verdicts, hours, days of the calendar, bounds of a control group."""

from journeys.contact.rules.calendar import (
    BadNotice,
    OtherDay,
    holidays_missing,
    kept_of,
    name_of_holiday,
    read_notice,
)
from journeys.contact.rules.caps import DAY, MONTH, is_full_sql
from journeys.contact.rules.consents import consent_holds_sql, still_hold
from journeys.contact.rules.control import LONGEST_CONTROL, MOST_CONTROL, control_fault
from journeys.contact.rules.hours import Hours, hours_fault
from journeys.contact.rules.verdicts import GateVerdict

__all__ = [
    "DAY",
    "LONGEST_CONTROL",
    "MONTH",
    "MOST_CONTROL",
    "BadNotice",
    "GateVerdict",
    "Hours",
    "OtherDay",
    "consent_holds_sql",
    "control_fault",
    "holidays_missing",
    "hours_fault",
    "is_full_sql",
    "kept_of",
    "name_of_holiday",
    "read_notice",
    "still_hold",
]
