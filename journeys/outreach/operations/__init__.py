"""Writing to the outbox: queueing, sending, settling, and the texts."""

from journeys.outreach.operations.calling import tell_callers
from journeys.outreach.operations.calling_off import begin_calling_off, call_off_at_once
from journeys.outreach.operations.counting import count_sent
from journeys.outreach.operations.halting import (
    NotHaltable,
    follow_halts,
    pause_origin,
    resume_origin,
    stop_origin,
)
from journeys.outreach.operations.owning import (
    OwnAddressRefused,
    ask_own_address,
    confirm_own_address,
    end_own_address,
)
from journeys.outreach.operations.pacing import RateNotAllowed, set_sending_rate
from journeys.outreach.operations.queueing import (
    ContextIncomplete,
    TemplateMissing,
    call_off,
    queue_messages,
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
from journeys.outreach.operations.requesting import request_sending
from journeys.outreach.operations.sending import send_due_messages
from journeys.outreach.operations.settling import (
    NotSettleable,
    expire_leases,
    mark_as_sent,
    send_again,
    send_all_again,
    settle_in_doubt,
)
from journeys.outreach.operations.texts import (
    TextNotWithdrawable,
    add_template,
    ensure_default_templates,
    withdraw_text,
)
from journeys.outreach.operations.trials import NotTested, own_address, send_test, words_of

__all__ = [
    "AlreadySettled", "ContextIncomplete", "NotHaltable", "NotSettleable", "NotTested",
    "OwnAddressRefused", "RateNotAllowed", "TemplateMissing", "TextNotWithdrawable", "TokenNotOurs",
    "UnknownMessage", "add_template", "ask_own_address", "begin_calling_off", "call_off",
    "call_off_at_once", "confirm_own_address", "count_sent", "end_own_address",
    "ensure_default_templates", "expire_leases", "follow_halts", "mark_as_sent", "note_bad_call",
    "own_address", "pause_origin", "queue_messages", "request_sending", "resume_origin", "reword",
    "send_again", "send_all_again", "send_due_messages", "send_test", "set_sending_rate",
    "settle_answer", "settle_in_doubt", "stop_origin", "take_answer", "take_bounce", "take_receipt",
    "take_refusal", "tell_callers", "withdraw_text", "words_of",
]  # fmt: skip
