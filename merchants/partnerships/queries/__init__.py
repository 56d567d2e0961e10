"""Reading partnerships."""

from merchants.partnerships.queries.evidence import evidence_of, peers_of
from merchants.partnerships.queries.listening import (
    evidence_rules_on,
    evidence_rules_set,
    signals_of,
)
from merchants.partnerships.queries.partnerships import (
    Column,
    board,
    history_of,
    list_partnerships,
    manager_changes_of,
    managers_within,
    of_merchant,
    one_partnership,
    request_of,
    suggestion_of,
    suggestions_within,
    tasks_of,
    tasks_within,
)
from merchants.partnerships.queries.playbooks import (
    playbook_for,
    versions_of,
    workday_after,
)
from merchants.partnerships.queries.standing import (
    NoRule,
    answer_by,
    facts_among,
    facts_of,
    judged,
    limits_on,
    rules_set,
)
from merchants.partnerships.queries.suggesting import (
    Counts,
    alarms_left,
    open_by_merchant,
    settled_counts,
    told_of,
)

__all__ = [
    "Column", "Counts", "NoRule", "alarms_left", "answer_by", "board", "evidence_of",
    "evidence_rules_on", "evidence_rules_set", "facts_among", "facts_of", "history_of", "judged",
    "limits_on", "list_partnerships", "manager_changes_of", "managers_within", "of_merchant",
    "one_partnership", "open_by_merchant", "peers_of", "playbook_for", "request_of", "rules_set",
    "settled_counts", "signals_of", "suggestion_of", "suggestions_within", "tasks_of",
    "tasks_within", "told_of", "versions_of", "workday_after",
]  # fmt: skip
