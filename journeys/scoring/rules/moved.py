"""How far a fact has moved since a model learned from it, and how far is much.

The bounds are those of Siddiqi 2006, Credit Risk Scorecards, chapter 7.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SMALL, LARGE = 0.1, 0.25


@dataclass(frozen=True)
class Drift:
    """How far a fact has moved: its index of population stability."""

    fact: str
    index: float

    @property
    def is_large(self) -> bool:
        return self.index >= LARGE

    @property
    def is_small(self) -> bool:
        return self.index < SMALL


def farthest_first(found: Sequence[Drift]) -> list[Drift]:
    """This will order facts, the one that moved farthest first."""
    return sorted(found, key=lambda one: (-one.index, one.fact))


def calibration_error(tenths: Sequence[Mapping[str, Any]]) -> float | None:
    """This will return by how much what was foretold of each tenth differs from what came, on
    average over all that were measured (the expected calibration error: Naeini, Cooper, Hauskrecht
    2015, AAAI 29); None where nothing was."""
    measured = sum(one["calls"] for one in tenths)
    if not measured:
        return None
    return float(
        sum(one["calls"] * abs(one["foretold"] - one["came"]) for one in tenths) / measured
    )
