"""Reading leads and their pools."""

from journeys.telemarketing.queries.callbacks import (
    day_of,
    kept_share,
    open_callbacks,
    promises_of_day,
    stand_ins,
    there_among,
    without_owner,
)
from journeys.telemarketing.queries.calls import (
    Group,
    Leaf,
    again_at,
    calls_of_lead,
    calls_of_phone,
    disposition_of,
    dispositions,
    draft_of,
    tree_for,
    usual_promise,
)
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
from journeys.telemarketing.queries.moods import (
    OfMood,
    mood_move_of,
    moves_at_work,
    moves_by_mood,
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
    "LEADS_OF_POSTS", "LOOKED_AT", "OPEN", "OPEN_CALLS", "Group", "Leaf", "OfMood", "Told",
    "again_at", "answer_of", "branches_of", "callable_among", "callable_leads", "calls_of_lead",
    "calls_of_phone", "candidates", "counts_by_source", "counts_of_owner", "day_of",
    "disposition_of", "dispositions", "draft_of", "free_ids", "free_leads", "gate_answers",
    "hold_of", "holders", "kept_share", "list_leads", "may_be_called", "message_id_of",
    "mood_move_of", "moves_at_work", "moves_by_mood", "one_holder", "open_callbacks",
    "open_leads_of", "own_key", "own_leads", "paths_of", "policies_in_force", "policies_of",
    "policy_of", "pool_for", "promises_of_day", "question_of", "reason_words", "refused_of_owner",
    "resting_of_owner", "sources", "stand_ins", "there_among", "told_moves", "tree_for",
    "usual_promise", "without_owner", "words_of",
]  # fmt: skip
