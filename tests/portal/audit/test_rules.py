"""Recorded changes as a reader sees them."""

from portal.audit import rules
from portal.audit.rules import Change, Fault


def test_changes_read_as_before_and_after() -> None:
    changes = {
        "role": {"before": "analyst", "after": "approver"},
        "team": {"before": None, "after": ""},
        "open": {"before": True, "after": False},
        "key": "7",
        "list": ["a", None, True],
        "rule": {"sum": "5", "days": 65},
    }
    assert rules.readable_changes(changes) == [
        Change("role", "analyst", "approver"),
        Change("team", "–", "–"),
        Change("open", "✓", "✗"),
        Change("key", None, "7"),
        Change("list", None, "a, –, ✓"),
        Change("rule", None, "sum: 5; days: 65"),
    ]


def test_every_fault_has_a_sentence() -> None:
    for kind in rules.FAULTS:
        assert Fault(kind).sentence.endswith((".", "。"))
