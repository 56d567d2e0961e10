"""Two campaigns of one exclusive group with the same priority: it is said before they are
submitted, since their codes would decide."""

from typing import Any

import pytest

from campaigns.planning import operations as planning
from campaigns.planning import queries
from campaigns.planning.rules import linting, plans
from tests.campaigns.planning.test_linting import faults
from tests.campaigns.rewards.test_groups import group, of_group
from tests.factories.campaigns import AT, ON, PLAN, TIER, draft, hand_in
from tests.factories.portal import StaffFactory

TIED = [("priority", False)]
# Of another kind, so that the two do not overlap for what they give.
OTHERWISE = {"rewards": {"tiers": [TIER | {"kind": "cash_back"}]}}


def other(code: str = "x", **theirs: Any) -> linting.Other:
    given = {name: value for name, value in (PLAN | OTHERWISE | theirs).items() if name != "code"}
    return linting.Other(code, code.upper(), plans.read_plan(given))


@pytest.mark.parametrize(("mine", "theirs", "expected"), [
    ({"group": "g"}, {"group": "g"}, TIED),
    ({"group": "g", "priority": 50}, {"group": "g"}, TIED),
    ({"group": "g", "priority": 0}, {"group": "g", "priority": 0}, TIED),
    ({"group": "g", "priority": 49}, {"group": "g"}, []),
    ({"group": "g", "priority": 51}, {"group": "g"}, []),
    ({"group": "g"}, {"group": "h"}, []),
    ({"group": "g"}, {}, []), ({}, {"group": "g"}, []), ({}, {}, []),
    # They never run on one day, so that neither is in the other's way.
    ({"group": "g"}, {"group": "g", "runs_from": "2027-01-01", "runs_to": "2027-06-01"}, []),
    ({"group": "g"}, {"group": "g", "runs_from": "2026-12-31", "runs_to": "2027-06-01"}, TIED),
    ({"group": "g"}, {"group": "g", "runs_from": "2025-01-01", "runs_to": "2026-01-01"}, []),
    ({"group": "g"}, {"group": "g", "runs_from": "2025-01-01", "runs_to": "2026-01-02"}, TIED),
])  # fmt: skip
def test_a_tie_is_said_where_both_may_run_on_one_day(
    mine: dict[str, Any], theirs: dict[str, Any], expected: list[tuple[str, bool]]
) -> None:
    assert faults({"others": (other(**theirs),), "code": "mine"}, **mine) == expected


def test_each_campaign_is_named_once_whatever_number_of_its_versions_there_is() -> None:
    """One in force and one that waits are two of one campaign."""
    others = (other("x", group="g"), other("x", group="g"), other("y", group="g"))
    assert faults({"others": others, "code": "mine"}, group="g") == TIED * 2


@pytest.mark.django_db
def test_who_waits_ties_who_is_stopped_does_not_and_nobody_ties_himself() -> None:
    one = group()
    a = of_group("a", one, **OTHERWISE)
    waits = draft(code="b", group=one.code, priority=10)
    hand_in(waits)

    def tied(priority: int) -> list[str]:
        plan = plans.read_plan(
            {n: v for n, v in PLAN.items() if n != "code"}
            | {"group": one.code, "priority": priority}
        )
        found = queries.faults_of_plan(plan, code="c", on=ON)
        return [fault.problem for fault in found if fault.place == "priority"]

    assert [len(tied(50)), len(tied(10)), len(tied(11))] == [1, 1, 0]
    assert [fault.place for fault in queries.faults_of(a, on=ON)].count("priority") == 0
    planning.stop_campaign(
        campaign_id=a.campaign_id, reason="x", actor=StaffFactory(role="compliance"), at=AT
    )
    assert tied(50) == []
