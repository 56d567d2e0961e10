"""Reading leads and their pools."""

from journeys.telemarketing.queries.choosing import (
    LOOKED_AT,
    answer_of,
    branches_of,
    candidates,
    gate_answers,
    own_key,
    question_of,
    sources,
    words_of,
)
from journeys.telemarketing.queries.leads import (
    LEADS_OF_POSTS,
    OPEN,
    OPEN_CALLS,
    callable_leads,
    counts_by_source,
    counts_of_owner,
    free_leads,
    list_leads,
    may_be_called,
    message_id_of,
    refused_of_owner,
    resting_of_owner,
)
from journeys.telemarketing.queries.pools import (
    callable_among,
    moves_of,
    open_leads_of,
    paths_of,
    policies_in_force,
    policies_of,
    policy_of,
)

__all__ = [
    "LEADS_OF_POSTS", "LOOKED_AT", "OPEN", "OPEN_CALLS", "answer_of", "branches_of",
    "callable_among", "callable_leads", "candidates", "counts_by_source", "counts_of_owner",
    "free_leads", "gate_answers", "list_leads", "may_be_called", "message_id_of", "moves_of",
    "open_leads_of", "own_key", "paths_of", "policies_in_force", "policies_of", "policy_of",
    "question_of", "refused_of_owner", "resting_of_owner", "sources", "words_of",
]  # fmt: skip
