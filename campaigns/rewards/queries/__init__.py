"""Reading what was given, and what was or must be taken back."""

from campaigns.rewards.queries.elsewhere import met_on, narrowed
from campaigns.rewards.queries.given import (
    Given,
    Granted,
    charged_for,
    given_to,
    grant_of,
    granted_in,
    grants,
    holders_of,
    refusals_of,
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
    lost_by,
    refunded_grants,
    reversals_of,
    taken_back,
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
    "lost_by",
    "met_on",
    "narrowed",
    "refunded_grants",
    "refusals_of",
    "reversals_of",
    "standing_by_customer",
    "standing_of",
    "taken_back",
]
