"""Reading leads and their pools."""

from journeys.telemarketing.queries.choosing import (
    LOOKED_AT,
    STOPPED,
    answer_of,
    branches_of,
    candidates,
    gate_answers,
    own_key,
    question_of,
    sources,
    words_of,
)
from journeys.telemarketing.queries.desk import (
    Told,
    free_ids,
    hold_of,
    holders,
    one_holder,
    own_leads,
    pool_for,
    reason_words,
    told_moves,
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
    open_leads_of,
    paths_of,
    policies_in_force,
    policies_of,
    policy_of,
)

__all__ = [
    "LEADS_OF_POSTS", "LOOKED_AT", "OPEN", "OPEN_CALLS", "STOPPED", "Told", "answer_of",
    "branches_of", "callable_among", "callable_leads", "candidates", "counts_by_source",
    "counts_of_owner", "free_ids", "free_leads", "gate_answers", "hold_of", "holders", "list_leads",
    "may_be_called", "message_id_of", "one_holder", "open_leads_of", "own_key", "own_leads",
    "paths_of", "policies_in_force", "policies_of", "policy_of", "pool_for", "question_of",
    "reason_words", "refused_of_owner", "resting_of_owner", "sources", "told_moves", "words_of",
]  # fmt: skip
