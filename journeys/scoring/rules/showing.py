"""The figures that are kept beside a version of the model: measured on the last calls, by a model
that was trained without them, and by the scorecard beside it."""

from collections.abc import Mapping
from dataclasses import asdict
from math import isfinite
from typing import Any

from journeys.scoring.rules import call_card, figures
from journeys.scoring.rules.calls import Calls, Numbers
from journeys.scoring.rules.model import Model


def figures_of(model: Model, calls: Calls, first: int) -> dict[str, Any]:
    """This will measure a model on the calls from `first` on. Of their results it sees those of
    earlier days, as on the day of the call."""
    won = calls.won[first:]
    chances = model.chances(model.table_of(calls))[first:]
    return {
        "calls": len(won),
        "won": int(won.sum()),
        "has_trees": model.trees is not None,
        "model": measures(won, chances),
        "scorecard": measures(won, call_card.scores_of(calls.part(slice(first, None)))),
        "brier": figures.brier(won, chances),
        "tenths": [asdict(tenth) for tenth in figures.tenths(won, chances)],
    }


def measures(won: Numbers, scores: Numbers) -> dict[str, float | None]:
    """This will measure how well scores put successes before failures."""
    area = figures.auc(won, scores)
    found = {
        "auc": area,
        "half_width": figures.half_width_of_auc(won, area),
        "alift": figures.alift(won, scores),
        "better_half": figures.in_better_half(won, scores),
    }
    return {name: value if isfinite(value) else None for name, value in found.items()}


def is_better(measured: Mapping[str, Any]) -> bool:
    """This will tell whether a model puts calls in a better order than the scorecard."""
    ours, card = measured["model"]["auc"], measured["scorecard"]["auc"]
    return ours is not None and card is not None and ours > card
