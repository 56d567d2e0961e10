"""Scores on plain values: `scorecard`, the potential of a customer by points set by hand, and the
models of calls and of potential.

`calls`, `features`, `learning`, `model`, `promise` (the model of potential), `reasons`, `figures`
and `drift` work on arrays and load numpy; only what trains, scores or measures imports them, so
that pages stay small. The library of the extra `score` is loaded by `learning` alone, when it fits
trees.
"""

from journeys.scoring.rules.scorecard import (
    FACTORS,
    HIGH_FROM,
    SPAN_DAYS,
    TONES,
    Factor,
    Facts,
    Found,
    Reason,
    Score,
    facts_sql,
    potential_of,
    score_of,
    score_sql,
    share,
)

__all__ = [
    "FACTORS",
    "HIGH_FROM",
    "SPAN_DAYS",
    "TONES",
    "Factor",
    "Facts",
    "Found",
    "Reason",
    "Score",
    "facts_sql",
    "potential_of",
    "score_of",
    "score_sql",
    "share",
]  # fmt: skip
