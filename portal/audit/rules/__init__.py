"""How entries of the trail read, and what can be wrong with the chain."""

from dataclasses import dataclass
from typing import Any

from portal.audit.rules.fields import FIELDS
from portal.audit.rules.words import ACTIONS, FAULTS

__all__ = [
    "ACTIONS", "FAULTS", "FIELDS", "GENESIS", "Change", "Fault", "action_words",
    "readable_changes",
]  # fmt: skip
GENESIS = "0" * 64


@dataclass(frozen=True)
class Fault:
    """One thing wrong with the chain; `entry_id` and `sequence` where they are known."""

    kind: str
    sequence: int | None = None
    entry_id: int | None = None

    @property
    def sentence(self) -> str:
        return str(FAULTS[self.kind])


@dataclass(frozen=True)
class Change:
    """One changed field. `before` is None where only a value, not a change, was recorded."""

    name: str
    before: str | None
    after: str

    @property
    def label(self) -> str:
        """The field's name for the reader."""
        return str(FIELDS.get(self.name, self.name))


def readable_changes(changes: dict[str, Any]) -> list[Change]:
    """This will write recorded changes as lines; {"before": a, "after": b} is a change."""
    return [_change(name, value) for name, value in changes.items()]


def _change(name: str, value: Any) -> Change:
    if isinstance(value, dict) and set(value) == {"before", "after"}:
        return Change(name, _plain(value["before"]), _plain(value["after"]))
    return Change(name, None, _plain(value))


def _plain(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "✓" if value else "✗"
    if isinstance(value, list):
        return ", ".join(_plain(inner) for inner in value)
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_plain(inner)}" for name, inner in value.items())
    return str(value)


def action_words(action: str) -> str:
    """This will say an action such as "staff.hired" in words, or as it is where none are known."""
    return str(ACTIONS.get(action, action))
