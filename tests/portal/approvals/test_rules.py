"""Fingerprints and readable snapshots."""

import hashlib

import pytest

from portal.approvals import rules


def test_the_fingerprint_is_that_of_canonical_json() -> None:
    text = '{"a":[1,"二"],"b":{"c":null,"d":true}}'
    wanted = hashlib.sha256(text.encode()).hexdigest()
    assert rules.snapshot_hash({"b": {"d": True, "c": None}, "a": [1, "二"]}) == wanted


def test_any_difference_changes_the_fingerprint() -> None:
    first = {"sum": "500.00", "days": 65}
    for other in [{"sum": "500.0", "days": 65}, {"sum": "500.00", "days": 66}, {"sum": "500.00"}]:
        assert rules.snapshot_hash(other) != rules.snapshot_hash(first)


def test_a_snapshot_reads_as_lines() -> None:
    snapshot = {
        "name": "春季",
        "rule": {"all": [{"sum": "500.00"}, {"days": 65}]},
        "channels": ["sms", "email"],
        "fast": True,
        "none": None,
        "empty": {},
    }
    assert [(line.label, line.text) for line in rules.readable(snapshot)] == [
        ("name", "春季"),
        ("rule › all › 1 › sum", "500.00"),
        ("rule › all › 2 › days", "65"),
        ("channels", "sms, email"),
        ("fast", "✓"),
        ("none", ""),
        ("empty", ""),
    ]


@pytest.mark.parametrize(
    ("approvals", "needed", "enough"), [(0, 1, False), (1, 1, True), (1, 2, False), (2, 2, True)]
)
def test_enough(approvals: int, needed: int, enough: bool) -> None:
    assert rules.is_enough(approvals, needed) is enough
