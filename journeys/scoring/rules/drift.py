"""Whether calls are still like those a model learned from: the population stability index.

For each fact the calls are cut into parts: tenths of the training's figures, or words. The index is
the sum over the parts of (now - then) * ln(now / then), shares of the calls (Siddiqi 2006, Credit
Risk Scorecards, chapter 7; his bounds are those of `moved`). Each share is that of half a call at
least, so that an empty part counts and stays finite.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from journeys.scoring.rules.calls import TRAITS, Calls, Numbers
from journeys.scoring.rules.features import CODED, words_of
from journeys.scoring.rules.moved import Drift, farthest_first

_FIGURES = ("attempts", "since", "earlier", "balance", "in_default", "has_housing_loan",
            "has_loan", "age")  # fmt: skip
_OF_PEOPLE = ("spending", "growth", "frequency", "journey", "recency", "room", "speed", "tenure")
_TENTHS = np.arange(0.1, 0.95, 0.1)
UNKNOWN, RARE = "?", "*"


def parts_of(calls: Calls, *, with_traits: bool) -> dict[str, Any]:
    """This will return, for each fact, the bounds or words of its parts and how many calls lie in
    each. It is kept beside the model; words that few calls have are one part, so that nobody can be
    read from it."""
    words = words_of(calls)
    found: dict[str, Any] = {}
    for fact in (*_FIGURES, *CODED):
        if with_traits or fact not in TRAITS:
            values = getattr(calls, fact)
            cut = words[fact] if fact in CODED else _bounds(values)
            found[fact] = {"cut": cut, "counts": _counts(values, cut)}
    return found


def parts_of_people(people: Any, *, with_traits: bool) -> dict[str, Any]:
    """This will return the same of customers (`promise.People`)."""
    found: dict[str, Any] = {}
    for fact in (*_OF_PEOPLE, *(("age",) if with_traits else ())):
        values = getattr(people, fact)
        cut = np.unique(values).tolist() if _is_of_words(values) else _bounds(values)
        found[fact] = {"cut": cut, "counts": _counts(values, cut)}
    return found


def drift_of(then: Mapping[str, Any], calls: Any) -> list[Drift]:
    """This will tell how far each fact has moved since, the farthest first."""
    found = [
        Drift(fact, index(parts["counts"], _counts(getattr(calls, fact), parts["cut"])))
        for fact, parts in then.items()
    ]
    return farthest_first(found)


def index(then: Mapping[str, int], now: Mapping[str, int]) -> float:
    """This will return the population stability index of two counts by part."""
    before, after = sum(then.values()), sum(now.values())
    if not before or not after:
        return 0.0
    found = 0.0
    for part in {*then, *now}:
        old = max(then.get(part, 0), 0.5) / before
        new = max(now.get(part, 0), 0.5) / after
        found += (new - old) * float(np.log(new / old))
    return found


def _bounds(values: Numbers) -> list[float]:
    known = values[~np.isnan(values)]
    return [float(one) for one in np.unique(np.quantile(known, _TENTHS))] if len(known) else []


def _is_of_words(values: Any) -> bool:
    return bool(values.dtype.kind == "U")


def _counts(values: Any, cut: Sequence[Any]) -> dict[str, int]:
    if _is_of_words(values):
        parts = [str(one) if one in cut else RARE if one else UNKNOWN for one in values]
    else:
        places = np.searchsorted(np.array(cut), values, side="left")
        parts = [
            UNKNOWN if np.isnan(value) else str(place)
            for value, place in zip(values, places, strict=True)
        ]
    names, counts = np.unique(np.array(parts, dtype=str), return_counts=True)
    return {str(name): int(count) for name, count in zip(names, counts, strict=True)}
