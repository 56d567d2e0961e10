"""What a second person signs: a snapshot, its fingerprint, and how it reads."""

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


def snapshot_hash(snapshot: dict[str, Any]) -> str:
    """This will return the SHA-256 of the snapshot's canonical JSON: keys sorted, no spaces,
    characters as they are."""
    canonical = json.dumps(snapshot, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True)
class Line:
    """One line of a snapshot: the way to the value, and the value as text ("" where empty)."""

    label: str
    text: str


def readable(value: Any, label: str = "") -> list[Line]:
    """This will write a snapshot as lines, one per plain value; a list of plain values is one."""
    if isinstance(value, dict):
        if not value and label:
            return [Line(label, "")]
        lines = [readable(inner, _below(label, str(name))) for name, inner in value.items()]
        return [line for group in lines for line in group]
    if isinstance(value, list):
        if any(isinstance(inner, dict | list) for inner in value):
            numbered = enumerate(value, start=1)
            lines = [readable(inner, _below(label, str(number))) for number, inner in numbered]
            return [line for group in lines for line in group]
        return [Line(label, ", ".join(_plain(inner) for inner in value))]
    return [Line(label, _plain(value))]


def _below(label: str, name: str) -> str:
    return f"{label} › {name}" if label else name


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "✓" if value else "✗"
    return str(value)


# How much a thing measures of which nobody took the measure.
BOUNDLESS = Decimal("Infinity")


def is_enough(approvals: int, needed: int) -> bool:
    """This will tell whether `approvals` people are as many as the submission asks for."""
    return approvals >= needed
