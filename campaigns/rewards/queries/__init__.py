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
    told,
)
from campaigns.rewards.queries.grouped import group_of, without_held
from campaigns.rewards.queries.persons import Sharing, sharing_of
from campaigns.rewards.queries.rehearsed import customers_between
from campaigns.rewards.queries.reversed import (
    Refunded,
    TakenBack,
    explained,
    failure_of,
    failures_of,
    history_of,
    last_to_look_at,
    less_to_multiply,
    lost_by,
    refunded_grants,
    reversals_of,
    spent_of,
    taken_back,
    to_look_at,
)
from campaigns.rewards.queries.undone import undone

__all__ = [
    "Given",
    "Granted",
    "Refunded",
    "Sharing",
    "TakenBack",
    "charged_for",
    "customers_between",
    "explained",
    "failure_of",
    "failures_of",
    "given_to",
    "grant_of",
    "granted_in",
    "grants",
    "group_of",
    "history_of",
    "holders_of",
    "last_to_look_at",
    "less_to_multiply",
    "lost_by",
    "met_on",
    "narrowed",
    "refunded_grants",
    "refusals_of",
    "reversals_of",
    "sharing_of",
    "spent_of",
    "standing_by_customer",
    "standing_of",
    "taken_back",
    "to_look_at",
    "told",
    "undone",
    "without_held",
]
