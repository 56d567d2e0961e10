"""Reading plans of promotion money and their ledger."""

from merchants.allocation.queries.doubles import double_words, given_by_others
from merchants.allocation.queries.ledger import (
    RESTS_ON,
    Standing,
    entries_of,
    left_of,
    open_entries,
    taken_back_late,
)
from merchants.allocation.queries.plans import (
    amendment_of,
    candidates,
    committed_before,
    incomes_of,
    line_in_force,
    lines_of,
    list_plans,
    of_partnership,
    one_line,
    one_plan,
    paid_a_year_before,
    shares_of,
    who_wrote,
)
from merchants.allocation.queries.problems import NoResponse, problem_of, yuan
from merchants.allocation.queries.showing import (
    Row,
    Shown,
    Split,
    benefits_of,
    shown,
    snapshot_of,
    split_holds,
)
from merchants.allocation.queries.words import conflict_words, group_label, groups_in, why_words

__all__ = [
    "RESTS_ON", "NoResponse", "Row", "Shown", "Split", "Standing", "amendment_of", "benefits_of",
    "candidates", "committed_before", "conflict_words", "double_words", "entries_of",
    "given_by_others", "group_label", "groups_in", "incomes_of", "left_of", "line_in_force",
    "lines_of", "list_plans", "of_partnership", "one_line", "one_plan", "open_entries",
    "paid_a_year_before", "problem_of", "shares_of", "shown", "snapshot_of", "split_holds",
    "taken_back_late", "who_wrote", "why_words", "yuan",
]  # fmt: skip
