"""Writing what persons ask about their data, and doing it."""

from journeys.rights.operations.copies import MOST_COPIES, DayIsFull, TooManyCopies, make_copy
from journeys.rights.operations.corrections import (
    NotCorrectable,
    SameValue,
    correct,
    correctable_fields,
)
from journeys.rights.operations.erasing import (
    APPROVAL_KIND,
    NotForErasure,
    PersonsChanged,
    StandsAgainst,
    Undeclared,
    ask_erasure,
    carry_approved,
    carry_out,
    carry_returned,
    current_hash,
)
from journeys.rights.operations.history import IdentityMissing, NotInState, WordsMissing
from journeys.rights.operations.proving import (
    SomethingLeft,
    ask_again,
    prove_everywhere,
    work_through,
)
from journeys.rights.operations.requests import (
    NoRule,
    NothingToStop,
    RuleNotAllowed,
    check_identity,
    finish_request,
    open_request,
    refuse_request,
    set_rights_rule,
    set_usual_rule,
    stop_marketing,
)
from journeys.rights.operations.seeking import SearchRefused, seek_persons

__all__ = [
    "APPROVAL_KIND",
    "MOST_COPIES",
    "DayIsFull",
    "IdentityMissing",
    "NoRule",
    "NotCorrectable",
    "NotForErasure",
    "NotInState",
    "NothingToStop",
    "PersonsChanged",
    "RuleNotAllowed",
    "SameValue",
    "SearchRefused",
    "SomethingLeft",
    "StandsAgainst",
    "TooManyCopies",
    "Undeclared",
    "WordsMissing",
    "ask_again",
    "ask_erasure",
    "carry_approved",
    "carry_out",
    "carry_returned",
    "check_identity",
    "correct",
    "correctable_fields",
    "current_hash",
    "finish_request",
    "make_copy",
    "open_request",
    "prove_everywhere",
    "refuse_request",
    "seek_persons",
    "set_rights_rule",
    "set_usual_rule",
    "stop_marketing",
    "work_through",
]  # fmt: skip
