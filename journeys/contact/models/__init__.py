"""The one contact ledger: consent, refusals, rules with dates, the control
group, and every contact made."""

from journeys.contact.models.control import ControlGroup
from journeys.contact.models.ledger import Contact, MarketingPause
from journeys.contact.models.limits import CalendarDay, CalendarYear, ContactHours, ContactRule
from journeys.contact.models.statements import (
    BadAddress,
    Consent,
    ConsentText,
    DoNotContact,
    ErasedRefusal,
)

__all__ = [
    "BadAddress",
    "CalendarDay",
    "CalendarYear",
    "Consent",
    "ConsentText",
    "Contact",
    "ContactHours",
    "ContactRule",
    "ControlGroup",
    "DoNotContact",
    "ErasedRefusal",
    "MarketingPause",
]
