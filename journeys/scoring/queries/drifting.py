"""How far the latest calls are from those that a version learned from."""

from typing import Any

from journeys.scoring.models import CallModel
from journeys.scoring.queries.models import latest_calls

# The calls that are held against the others.
LATEST = 1_000


def drift_of(version: CallModel) -> list[Any]:
    """This will return the index of stability of each fact, the farthest first."""
    from journeys.scoring.rules import drift

    return drift.drift_of(version.parts, latest_calls(limit=LATEST))
