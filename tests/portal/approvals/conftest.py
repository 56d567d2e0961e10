"""A kind of thing to approve, for tests: its present hash is set, its outcomes are noted."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from portal.approvals import operations, rules
from portal.kit.registry import ApprovalKind, registry
from portal.models import Staff, Submission
from portal.staff.enums import Permission, Role
from tests.factories.portal import StaffFactory

AT = dt.datetime(2026, 3, 2, 4, 0, tzinfo=dt.UTC)
SNAPSHOT: dict[str, Any] = {"rule": {"sum": "500.00", "days": 65}, "channels": ["sms", "email"]}


@dataclass
class Thing:
    """What the kind told its owner, what its hash is now, what drifted, what it lacks."""

    hash: str = rules.snapshot_hash(SNAPSHOT)
    drift: str = ""
    lacks: str = ""
    outcomes: list[tuple[str, str, int]] = field(default_factory=list)


@pytest.fixture
def thing() -> Iterator[Thing]:
    made = Thing()
    kind = ApprovalKind(
        code="test_kind",
        label="Test kind",
        permission=Permission.APPROVE_CAMPAIGNS,
        current_hash=lambda key: made.hash,
        on_approved=lambda key, person, at: made.outcomes.append(("approved", key, person.pk)),
        on_returned=lambda key, person, at: made.outcomes.append(("returned", key, person.pk)),
        url_name="no_such_page",
        drift=lambda key, snapshot: made.drift,
        unready=lambda key, snapshot, at: made.lacks,
        veto_permission=Permission.STOP_CAMPAIGNS,
        on_vetoed=lambda key, person, at: made.outcomes.append(("vetoed", key, person.pk)),
        measures=(("cost", "Cost"), ("audience", "Audience")),
    )
    before = dict(registry.approval_kinds)
    registry.approval_kinds.clear()
    registry.add_approval_kind(kind)
    yield made
    registry.approval_kinds.clear()
    registry.approval_kinds.update(before)


def submit(maker: Staff | None = None, **changed: Any) -> Submission:
    words: dict[str, Any] = {
        "kind": "test_kind",
        "target_key": "1",
        "title": "春季活动 v1",
        "summary": "65 days, CNY 500",
        "snapshot": SNAPSHOT,
        "maker": maker or StaffFactory(role=Role.CAMPAIGN_MANAGER),
        "at": AT,
    }
    return operations.submit(**{**words, **changed})
