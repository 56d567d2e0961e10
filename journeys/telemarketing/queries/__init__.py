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
from journeys.telemarketing.queries.facts import (
    Packaged,
    expiring_facts,
    fact_digest,
    fact_texts,
    fact_unready,
    find_fact,
    list_facts,
    packaging,
    standing_facts,
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
from journeys.telemarketing.queries.screen import (
    Agreed,
    Past,
    agreed_of,
    customer_in_hand,
    latest_dial,
    past_of,
    triggers_of,
)
from journeys.telemarketing.queries.scripts import (
    Fared,
    Said,
    fared,
    find_script,
    list_scripts,
    script_digest,
    script_texts,
    script_unready,
    scripts_for,
)
from journeys.telemarketing.queries.wording import claims_in, excused_words, word_faults

__all__ = [
    "LEADS_OF_POSTS", "LOOKED_AT", "OPEN", "OPEN_CALLS", "Agreed", "Fared", "Packaged", "Past",
    "Said", "Told", "agreed_of", "answer_of", "branches_of", "callable_among", "callable_leads",
    "candidates", "claims_in", "counts_by_source", "counts_of_owner", "customer_in_hand",
    "excused_words", "expiring_facts", "fact_digest", "fact_texts", "fact_unready", "fared",
    "find_fact", "find_script", "free_ids", "free_leads", "gate_answers", "hold_of", "holders",
    "latest_dial", "list_facts", "list_leads", "list_scripts", "may_be_called", "message_id_of",
    "one_holder", "open_leads_of", "own_key", "own_leads", "packaging", "past_of", "paths_of",
    "policies_in_force", "policies_of", "policy_of", "pool_for", "question_of", "reason_words",
    "refused_of_owner", "resting_of_owner", "script_digest", "script_texts", "script_unready",
    "scripts_for", "sources", "standing_facts", "told_moves", "triggers_of", "word_faults",
    "words_of",
]  # fmt: skip
