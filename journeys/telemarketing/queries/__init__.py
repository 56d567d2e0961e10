"""Reading leads and their pools."""

from journeys.telemarketing.queries.alike import alike_of, part_of_alike, same_leads
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
from journeys.telemarketing.queries.conversion import FEWEST, conversion, statement_of
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
from journeys.telemarketing.queries.merges import (
    credits_of,
    merge_of,
    merges_of,
    one_pair,
    pairs_told_apart,
    pairs_waiting,
    standing_merge,
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
    "FEWEST", "LEADS_OF_POSTS", "LOOKED_AT", "OPEN", "OPEN_CALLS", "Told", "alike_of", "answer_of",
    "branches_of", "callable_among", "callable_leads", "candidates", "conversion",
    "counts_by_source", "counts_of_owner", "credits_of", "free_ids", "free_leads", "gate_answers",
    "hold_of", "holders", "list_leads", "may_be_called", "merge_of", "merges_of", "message_id_of",
    "one_holder", "one_pair", "open_leads_of", "own_key", "own_leads", "pairs_told_apart",
    "pairs_waiting", "part_of_alike", "paths_of", "policies_in_force", "policies_of", "policy_of",
    "pool_for", "question_of", "reason_words", "refused_of_owner", "resting_of_owner", "same_leads",
    "sources", "standing_merge", "statement_of", "told_moves", "words_of",
]  # fmt: skip
