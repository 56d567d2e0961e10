"""Reading what was given, and what was or must be taken back."""

from campaigns.rewards.queries.given import (
    Given,
    Granted,
    charged_for,
    given_to,
    grant_of,
    granted_in,
    grants,
    holders_of,
    standing_by_customer,
    standing_of,
)
from campaigns.rewards.queries.reversed import (
    Refunded,
    TakenBack,
    explained,
    failure_of,
    failures_of,
    history_of,
    refunded_grants,
    reversals_of,
)

__all__ = [
    "Given",
    "Granted",
    "Refunded",
    "TakenBack",
    "charged_for",
    "explained",
    "failure_of",
    "failures_of",
    "given_to",
    "grant_of",
    "granted_in",
    "grants",
    "history_of",
    "holders_of",
    "refunded_grants",
    "reversals_of",
    "standing_by_customer",
    "standing_of",
]
