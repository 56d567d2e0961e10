"""Reading targets, scorecards and pay."""

from journeys.targets.queries.digests import card_digest, plan_digest
from journeys.targets.queries.issuing import issue_targets
from journeys.targets.queries.measures import MEASURES, by_month, statement_of, value
from journeys.targets.queries.pacing import (
    Standing,
    branch_nodes,
    goals_of,
    parts_of,
    person_nodes,
    standings_of,
)
from journeys.targets.queries.pay import entries_of, in_words, list_months, months_of, open_back
from journeys.targets.queries.plans import (
    Row,
    Subject,
    levels_below,
    list_plans,
    nodes_of,
    one_node,
    one_plan,
    plans_derived,
    rival_of,
    snapshot_of,
    subjects_below,
    tree_of,
)
from journeys.targets.queries.scorecards import (
    PersonPay,
    branches_in,
    earners_in,
    faults_of,
    in_force,
    list_scorecards,
    one_scorecard,
    pay_of,
    people_of,
    rule_on,
    weights_of,
)
from journeys.targets.queries.scorecards import snapshot_of as card_snapshot

__all__ = [
    "MEASURES", "PersonPay", "Row", "Standing", "Subject", "branch_nodes", "branches_in",
    "by_month", "card_digest", "card_snapshot", "earners_in", "entries_of", "faults_of", "goals_of",
    "in_force", "in_words", "issue_targets", "levels_below", "list_months", "list_plans",
    "list_scorecards", "months_of", "nodes_of", "one_node", "one_plan", "one_scorecard",
    "open_back", "parts_of", "pay_of", "people_of", "person_nodes", "plan_digest", "plans_derived",
    "rival_of", "rule_on", "snapshot_of", "standings_of", "statement_of", "subjects_below",
    "tree_of", "value", "weights_of",
]  # fmt: skip
