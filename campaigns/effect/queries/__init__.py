"""What campaigns brought about, read from counts by day of entry; no transaction is read."""

from campaigns.effect.queries.counts import Sums, sums_of
from campaigns.effect.queries.looks import all_looks, first_shown, looks_of, series_of
from campaigns.effect.queries.plans import due_campaigns, fixed, plan_of_campaign, rule_on
from campaigns.effect.queries.reports import report_of, report_of_file
from campaigns.effect.queries.showing import MeasureRow, row_of, sentences_for_partner, verdict_of
from campaigns.effect.queries.telling import Effect, effect_of, effects_at, effects_of
from campaigns.effect.queries.words import (
    amount,
    cost_words,
    definition_of,
    points,
    sentence_of,
    sentences_of,
    share,
    warnings_of,
    why_unknown,
)

__all__ = [
    "Effect", "MeasureRow", "Sums", "all_looks", "amount", "cost_words", "definition_of",
    "due_campaigns", "effect_of", "effects_at", "effects_of", "first_shown", "fixed", "looks_of",
    "plan_of_campaign", "points", "report_of", "report_of_file", "row_of", "rule_on",
    "sentence_of", "sentences_for_partner", "sentences_of", "series_of", "share", "sums_of",
    "verdict_of", "warnings_of", "why_unknown",
]  # fmt: skip
