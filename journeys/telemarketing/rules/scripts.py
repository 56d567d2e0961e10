"""The variants of a script: which one a lead is told, the same each time."""

import hashlib
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

CODES = ("a", "b", "c")
# What the screen fills in for a call.
VARIABLES = ("caller", "person", "company", "product", "branch")
_PLACES = 2**64


@dataclass(frozen=True)
class Variant:
    """One text of a script, in both languages, and for what share of the leads, in percent."""

    code: str
    share: int
    body: str
    body_en: str


def as_rows(variants: Sequence[Variant]) -> list[dict[str, Any]]:
    """This will return variants as they are kept."""
    return [asdict(one) for one in variants]


def variant_of(place: str, lead_id: int, variants: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """This will return the variant that a lead is told of a script at this place: each has a draw
    of its own for the lead, and that one wins whose draw, weighed by its share, comes out highest.
    So shares are kept whatever their order, and where a later version changes them, leads move only
    to a variant whose share grew against their own."""
    return max(variants, key=lambda one: (_draw(place, lead_id, one), one["code"]))


def _draw(place: str, lead_id: int, variant: dict[str, Any]) -> float:
    named = f"script:{place}:{variant['code']}:{lead_id}".encode()
    number = int.from_bytes(hashlib.sha256(named).digest()[:8], "big")
    return math.log((number + 0.5) / _PLACES) / variant["share"]
