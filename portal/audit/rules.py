"""How entries of the trail read, and what can be wrong with the chain."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

GENESIS = "0" * 64

FAULTS: dict[str, Any] = {
    "entry_changed": _("The entry was changed after it was written."),
    "entry_removed": _("The entry was removed; its link is still there."),
    "entry_inserted": _("The entry was put in past the chain; it has no link."),
    "link_broken": _("The link does not follow from the one before."),
    "link_missing": _("One or more links before this one are missing."),
    "head_differs": _("The chain does not end where its head says; its end was cut or replaced."),
    "head_missing": _("The head of the chain is gone."),
    "anchor_missing": _("The chain is shorter than the anchor kept elsewhere."),
    "anchor_differs": _("The chain differs from the anchor kept elsewhere."),
}


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
