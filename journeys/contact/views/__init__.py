"""The pages of the contact ledger."""

from journeys.contact.views.calendar import calendar_day, calendar_enter, calendar_page
from journeys.contact.views.control import (
    control_group_list,
    control_group_new,
    control_group_page,
    control_group_size,
)
from journeys.contact.views.customer import (
    consent_back,
    consent_new,
    customer_contact,
    refusal_new,
)
from journeys.contact.views.lists import (
    consent_list,
    consent_text_list,
    consent_text_new,
    refusal_list,
)
from journeys.contact.views.rules import caps_new, contact_rules, hours_new

__all__ = [
    "calendar_day", "calendar_enter", "calendar_page", "caps_new", "consent_back", "consent_list",
    "consent_new", "consent_text_list", "consent_text_new", "contact_rules", "control_group_list",
    "control_group_new", "control_group_page", "control_group_size", "customer_contact",
    "hours_new", "refusal_list", "refusal_new",
]  # fmt: skip
