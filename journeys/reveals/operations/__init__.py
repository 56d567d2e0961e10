"""Writing what is revealed, and who looks for whom by a full value."""

from journeys.reveals.operations.revealing import (
    CannotBeOpened,
    LimitReached,
    NoReason,
    NoRule,
    NothingHeld,
    Revealed,
    RevealRefused,
    RuleNotAllowed,
    is_held,
    record_reveal,
    reveal,
    set_reveal_rule,
    set_usual_rule,
)
from journeys.reveals.operations.searching import (
    NoSearchRule,
    SearchLimitReached,
    SearchRefused,
    asked_hash,
    record_search,
    search_exactly,
)

__all__ = [
    "CannotBeOpened",
    "LimitReached",
    "NoReason",
    "NoRule",
    "NoSearchRule",
    "NothingHeld",
    "RevealRefused",
    "Revealed",
    "RuleNotAllowed",
    "SearchLimitReached",
    "SearchRefused",
    "asked_hash",
    "is_held",
    "record_reveal",
    "record_search",
    "reveal",
    "search_exactly",
    "set_reveal_rule",
    "set_usual_rule",
]
