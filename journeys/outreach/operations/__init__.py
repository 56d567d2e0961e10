"""Writing to the outbox: queueing, sending, settling, and the texts."""

from journeys.outreach.operations.counting import count_sent
from journeys.outreach.operations.queueing import (
    ContextIncomplete,
    TemplateMissing,
    call_off,
    cancel_messages,
    queue_messages,
    request_sending,
    reword,
)
from journeys.outreach.operations.receiving import (
    AlreadySettled,
    UnknownMessage,
    note_bad_call,
    settle_answer,
    take_answer,
    take_bounce,
    take_receipt,
)
from journeys.outreach.operations.refusing import TokenNotOurs, take_refusal
from journeys.outreach.operations.sending import send_due_messages
from journeys.outreach.operations.settling import (
    NotSettleable,
    expire_leases,
    mark_as_sent,
    send_again,
    settle_in_doubt,
)
from journeys.outreach.operations.texts import (
    TextNotWithdrawable,
    add_template,
    ensure_default_templates,
    withdraw_text,
)

__all__ = [
    "AlreadySettled", "ContextIncomplete", "NotSettleable", "TemplateMissing",
    "TextNotWithdrawable", "TokenNotOurs", "UnknownMessage", "add_template", "call_off",
    "cancel_messages", "count_sent", "ensure_default_templates", "expire_leases", "mark_as_sent",
    "note_bad_call", "queue_messages", "request_sending", "reword", "send_again",
    "send_due_messages", "settle_answer", "settle_in_doubt", "take_answer", "take_bounce",
    "take_receipt", "take_refusal", "withdraw_text",
]  # fmt: skip
