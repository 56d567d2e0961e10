"""Reading leads and their pools."""

from journeys.telemarketing.queries.leads import (
    LEADS_OF_POSTS,
    OPEN,
    OPEN_CALLS,
    callable_leads,
    counts_by_source,
    counts_of_owner,
    free_leads,
    list_leads,
    refused_of_owner,
    resting_of_owner,
)
from journeys.telemarketing.queries.pools import (
    callable_among,
    moves_of,
    open_leads_of,
    paths_of,
    policies_of,
    policy_of,
)

__all__ = [
    "LEADS_OF_POSTS", "OPEN", "OPEN_CALLS", "callable_among", "callable_leads", "counts_by_source",
    "counts_of_owner", "free_leads", "list_leads", "moves_of", "open_leads_of", "paths_of",
    "policies_of", "policy_of", "refused_of_owner", "resting_of_owner",
]  # fmt: skip
