"""A branch follows the nearest policy above; it is set from today on, by its manager."""

import datetime as dt
from typing import Any

import pytest

from journeys.telemarketing import operations, queries
from portal.models import AuditEntry, Branch
from tests.factories.leads import caller, set_policy
from tests.factories.portal import BranchFactory, StaffFactory
from tests.journeys.telemarketing.test_moving import AT, DAYS, manager, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch() -> Branch:
    set_policy()
    return BranchFactory()


def test_branches_follow_the_nearest_policy_above() -> None:
    default = set_policy()
    region = BranchFactory()
    below = BranchFactory(parent=region)
    beside = BranchFactory()
    day = AT.date()

    def found(branch: Branch, on: dt.date) -> Any:
        return queries.policy_of(branch_id=branch.pk, on=on)

    assert found(below, day) == default
    of_region = set_policy(region, on=day, claim_cap=3)
    assert [found(one, day) for one in (region, below, beside)] == [of_region, of_region, default]
    assert found(below, day - DAYS) == default
    own = set_policy(below, on=day + DAYS, claim_cap=4)
    assert [found(below, day + n * DAYS) for n in (0, 1)] == [of_region, own]
    set_policy(below, on=day + 2 * DAYS, is_lifted=True)
    assert found(below, day + 2 * DAYS) == of_region
    set_policy(region, on=day + 3 * DAYS, is_lifted=True)
    assert found(below, day + 3 * DAYS) == default


FACTS = operations.PolicyFacts("branch", 10, 5, 5, 20, 3, 15, 4, 8)


def test_a_policy_is_set_from_today_on_within_the_branch(branch: Branch) -> None:
    boss = manager(branch)
    today = AT.date()

    def set_it(**changes: Any) -> Any:
        values = {
            "branch_id": branch.pk, "facts": FACTS, "effective_date": today, "source": "行务会",
            "actor": boss, "at": AT, **changes,
        }  # fmt: skip
        return operations.set_pool_policy(**values)

    row = set_it()
    assert queries.policy_of(branch_id=branch.pk, on=today) == row
    assert AuditEntry.objects.get(action="pool_policy.set").changes == {
        "from": str(today), "branch": branch.code, "sight": "branch", "claim_cap": 10,
        "protection_days": 5, "extension_days": 5, "longest_days": 20, "cooldown_days": 3,
        "hold_minutes": 15, "most_attempts": 4, "again_hours": 8,
    }  # fmt: skip
    shorter = operations.PolicyFacts("branch", 10, 21, 5, 20, 3, 15, 4, 8)
    later = today + DAYS
    assert refused(set_it) == "pool_policy_once"
    bad = {"effective_date": later, "facts": shorter}
    assert refused(lambda: set_it(**bad)) == "pool_policy_bounds"
    for changes in (
        {"effective_date": today - DAYS}, {"source": " "}, {"branch_id": None},
        {"branch_id": BranchFactory().pk}, {"actor": caller(branch)},
    ):  # fmt: skip
        changes = {"effective_date": later, **changes}
        assert refused(lambda changes=changes: set_it(**changes)) == ""
    of_bank = set_it(
        branch_id=None, actor=StaffFactory(role="branch_manager"), effective_date=later
    )
    assert of_bank.branch is None
    lifted = set_it(effective_date=later, is_lifted=True)
    assert queries.policy_of(branch_id=branch.pk, on=later) == of_bank != lifted
