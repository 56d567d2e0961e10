"""Reading leads and their pools."""

from journeys.telemarketing.queries.alike import alike_of, part_of_alike, same_leads
from journeys.telemarketing.queries.callbacks import (
    MOST_PROMISES,
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
    STOPPED,
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
from journeys.telemarketing.queries.conversion import FEWEST, conversion, statement_of
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
    callable_among,
    callable_leads,
    counts_by_source,
    counts_of_owner,
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
from journeys.telemarketing.queries.moods import (
    OfMood,
    mood_move_of,
    moves_at_work,
    moves_by_mood,
    moves_for,
)
from journeys.telemarketing.queries.pools import (
    open_leads_of,
    paths_of,
    policies_in_force,
    policies_of,
    policy_of,
)
from journeys.telemarketing.queries.quality import (
    FEWEST_READ,
    Results,
    cases,
    cases_to_read,
    closed_of,
    disputable_until,
    dispute_of,
    drawn_again,
    lot_of,
    marked,
    open_disputes,
    quality_form_on,
    quality_policy_on,
    results,
    score_of,
    seen_reviews,
    shares_of,
)
from journeys.telemarketing.queries.queue import AGES, HEAD, PRIORITIES, head_of, waiting, went_back
from journeys.telemarketing.queries.risks import calls_of_day, days_of_calls
from journeys.telemarketing.queries.scores import (
    ToScore,
    asked_about,
    known_now,
    leads_to_score,
    score_told,
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
from journeys.telemarketing.queries.sharing import Relief, relief_of, shares_among, wanted_by
from journeys.telemarketing.queries.today import (
    Promised,
    free_of_pools,
    promised_within,
    told_promises,
)
from journeys.telemarketing.queries.walking import free_ids, free_leads, told_free
from journeys.telemarketing.queries.watching import (
    CONVERSION_DAYS,
    FEWEST_LEADS,
    Watched,
    callers_of,
    calls_within,
    people_now,
    won_of_called,
)
from journeys.telemarketing.queries.wording import claims_in, excused_words, word_faults

__all__ = [
    "AGES", "CONVERSION_DAYS", "FEWEST", "FEWEST_LEADS", "FEWEST_READ", "HEAD", "LEADS_OF_POSTS",
    "LOOKED_AT", "MOST_PROMISES", "OPEN", "OPEN_CALLS", "PRIORITIES", "STOPPED", "Agreed", "Coming",
    "Fared", "Group", "Leaf", "OfMood", "Packaged", "Past", "PoolPage", "Promised", "Relief",
    "Results", "Said", "ToScore", "Told", "Watched", "again_at", "agreed_of", "alike_of",
    "answer_of", "aside_again", "asked_about", "branches_of", "callable_among", "callable_leads",
    "callers_of", "calls_of_day", "calls_of_lead", "calls_of_phone", "calls_within", "cases",
    "cases_to_read", "claims_in", "closed_of", "conversion", "counts_by_source", "counts_of_owner",
    "credits_of", "customer_in_hand", "day_of", "days_of_calls", "disposition_of", "dispositions",
    "disputable_until", "dispute_of", "draft_of", "drawn_again", "excused_words", "expiring_facts",
    "fact_digest", "fact_texts", "fact_unready", "fared", "find_fact", "find_script", "free_ids",
    "free_leads", "free_of_pools", "gate_answers", "head_of", "hold_of", "holders", "kept_share",
    "known_now", "latest_dial", "leads_to_score", "list_facts", "list_leads", "list_scripts",
    "lot_of", "marked", "may_be_called", "merge_of", "merges_of", "message_id_of", "mood_move_of",
    "moves_at_work", "moves_by_mood", "moves_for", "one_holder", "one_pair", "open_callbacks",
    "open_disputes", "open_leads_of", "own_key", "own_leads", "packaging", "pairs_told_apart",
    "pairs_waiting", "part_of_alike", "past_of", "paths_of", "people_now", "policies_in_force",
    "policies_of", "policy_of", "pool_page", "promised_within", "promises_of_day", "put_aside",
    "quality_form_on", "quality_policy_on", "question_of", "reason_words", "refused_of_owner",
    "relief_of", "resting_of_owner", "results", "same_leads", "score_of", "score_told",
    "script_digest", "script_texts", "script_unready", "scripts_for", "seen_reviews",
    "shares_among", "shares_of", "stand_ins", "standing_facts", "standing_merge", "statement_of",
    "there_among", "told_free", "told_moves", "told_promises", "tree_for", "triggers_of",
    "usual_promise", "waiting", "wanted_by", "went_back", "without_owner", "won_of_called",
    "word_faults", "words_of",
]  # fmt: skip
