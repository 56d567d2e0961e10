"""Writing to the contact ledger: reservations, statements, pauses, rules, the calendar and
the control group."""

from journeys.contact.operations.calendar import CalendarNotAllowed, change_day, enter_year
from journeys.contact.operations.control import (
    CONTROL_APPROVAL,
    ControlNotAllowed,
    carry_control_group,
    current_control_hash,
    leave_control_group,
    propose_control_group,
)
from journeys.contact.operations.limits import RuleNotAllowed, set_contact_hours, set_contact_rule
from journeys.contact.operations.locking import (
    ErasedCustomer,
    UnknownCustomer,
    UnknownQuestion,
    lock_called,
    lock_callee,
    lock_customer,
    lock_customers,
)
from journeys.contact.operations.pauses import (
    AlreadyPaused,
    NotPaused,
    end_pauses,
    pause_marketing,
    pauses_of_many,
    resume_marketing,
)
from journeys.contact.operations.refusing import (
    NotBad,
    end_bad_address,
    keep_refused_phone,
    note_bad_address,
    refuse_by_phone,
    refuse_in_a_call,
)
from journeys.contact.operations.reserving import (
    bring_contacts_forward,
    move_contacts,
    place_contacts,
    release_contacts,
    reserve_contacts,
    write_contacts,
)
from journeys.contact.operations.statements import (
    TextBackdated,
    TextNotAllowed,
    TooEarly,
    add_consent_text,
    record_consent,
    record_do_not_contact,
    withdraw_consent,
)

__all__ = [
    "CONTROL_APPROVAL", "AlreadyPaused", "CalendarNotAllowed", "ControlNotAllowed",
    "ErasedCustomer", "NotBad", "NotPaused", "RuleNotAllowed", "TextBackdated", "TextNotAllowed",
    "TooEarly", "UnknownCustomer", "UnknownQuestion", "add_consent_text", "bring_contacts_forward",
    "carry_control_group", "change_day", "current_control_hash", "end_bad_address", "end_pauses",
    "enter_year", "keep_refused_phone", "leave_control_group", "lock_called", "lock_callee",
    "lock_customer", "lock_customers", "move_contacts", "note_bad_address", "pause_marketing",
    "pauses_of_many", "place_contacts", "propose_control_group", "record_consent",
    "record_do_not_contact", "refuse_by_phone", "refuse_in_a_call", "release_contacts",
    "reserve_contacts", "resume_marketing", "set_contact_hours", "set_contact_rule",
    "withdraw_consent", "write_contacts",
]  # fmt: skip
