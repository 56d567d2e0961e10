"""What a plan's claims rest on: Advertising Law, article 11."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from campaigns.planning.rules.reading import Reading


@dataclass(frozen=True)
class Evidence:
    """A claim as it stands in a text, its source, and the last day on which the source holds."""

    claim: str
    source: str
    until: dt.date

    def as_data(self) -> dict[str, Any]:
        """This will write the evidence as plain JSON values."""
        return {"claim": self.claim, "source": self.source, "until": self.until.isoformat()}


def read_evidence(reading: Reading) -> tuple[Evidence, ...]:
    """This will read the part `evidence` of a plan; what is wrong is noted in `reading`."""
    if not reading.has("evidence"):
        return ()
    return tuple(_one(part) for part in reading.parts("evidence"))


def _one(part: Reading) -> Evidence:
    part.only("claim", "source", "until")
    return Evidence(
        claim=part.words("claim", 200),
        source=part.words("source", 300),
        until=part.day("until") or dt.date.min,
    )
