"""Reading leads and their pools."""

from journeys.telemarketing.queries.choosing import (
    answer_of,
    gate_answers,
    own_key,
    question_of,
    words_of,
)
from journeys.telemarketing.queries.coming import (
    LOOKED_AT,
    Coming,
    aside_again,
    branches_of,
    put_aside,
)
from journeys.telemarketing.queries.desk import (
    PoolPage,
    Told,
    hold_of,
    holders,
    one_holder,
    own_leads,
    pool_page,
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
from journeys.telemarketing.queries.scores import (
    ToScore,
    asked_about,
    known_now,
    leads_to_score,
    score_told,
)
from journeys.telemarketing.queries.walking import free_ids, free_leads, told_free

__all__ = [
    "LEADS_OF_POSTS", "LOOKED_AT", "OPEN", "OPEN_CALLS", "Coming", "PoolPage", "ToScore", "Told",
    "answer_of", "aside_again", "asked_about", "branches_of", "callable_among", "callable_leads",
    "counts_by_source", "counts_of_owner", "free_ids", "free_leads", "gate_answers", "hold_of",
    "holders", "known_now", "leads_to_score", "list_leads", "may_be_called", "message_id_of",
    "one_holder", "open_leads_of", "own_key", "own_leads", "paths_of", "policies_in_force",
    "policies_of", "policy_of", "pool_page", "put_aside", "question_of", "reason_words",
    "refused_of_owner", "resting_of_owner", "score_told", "told_free", "told_moves", "words_of",
]  # fmt: skip
