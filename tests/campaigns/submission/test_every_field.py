"""Whatever a plan says is in what is hashed and approved, and in its file: a field that is added
later, too."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.conditions.rules import base
from campaigns.planning.rules import files, plans
from portal.approvals.rules import snapshot_hash
from tests.campaigns.conditions.strategies import by_kind
from tests.campaigns.planning import changing
from tests.campaigns.rewards.test_multiples import TRIPLE
from tests.campaigns.rewards.test_persons import FRIEND
from tests.campaigns.touches.test_variants import varied
from tests.factories.campaigns import DISCLOSURE, ON, PLAN, TIER
from tests.factories.touches import SPENT, plan_of, step

EXITS = [{"kind": "asleep", "months": 3}]
WAIT = {"until": SPENT, "days": 3, "then": "skip", "otherwise": "leave"}
FULL: dict[str, Any] = {name: one for name, one in PLAN.items() if name != "code"} | {
    "scenario": "dining", "products": ["GOLD", "SILVER"], "branches": ["N", "S"],
    "merchants": ["M1", "M2"], "control_percent": 10, "stacks_with": ["other"], "priority": 7,
    "group": "gifts", "disclosure": DISCLOSURE,
    "evidence": [{"claim": "满意度98%", "source": "2025年调查", "until": "2026-12-31"}],
    "budget": {"total": "9000.00", "per_day": "900.00", "per_customer": "90.00",
               "branches": {"N": "500.00"}, "shares": {"bank": "60.00", "M1": "40.00"}},
    "rewards": {"mode": "each", "tiers": [
        TIER | {"code": "t1", "stock": 5, "budget": "50.00", "needs": SPENT},
        TRIPLE | {"code": "t2"}, FRIEND | {"code": "t3"},
        TIER | {"code": "t4", "kind": "benefit", "benefit": {"uses": 3, "days": 30}},
        TIER | {"code": "t5", "kind": "benefit", "benefit": {"uses": 3, "until": "2027-06-30"}},
    ]},
    "touches": plan_of(
        step("one", anchor="fixed_date", on_date="2026-07-01", at="09:30", needs=SPENT, wait=WAIT,
             offset_days=2, channels=["sms", "email"]),
        varied(60, 40, code="two"),
        entry={"by": "event", "anchor": "issue", "needs": SPENT}, goal=SPENT, exits=EXITS,
        reentry={"mode": "after_days", "days": 30, "times": 2},
    ),
}  # fmt: skip
ENTRIES: list[dict[str, Any]] = [
    {"by": "event", "anchor": "issue", "needs": SPENT}, {"by": "audience", "of": "rule"},
    {"by": "schedule", "first_date": "2026-07-01", "every_days": 7},
]  # fmt: skip


@pytest.mark.parametrize("times", [10, pytest.param(1_000, marks=pytest.mark.chaos)])
def test_whatever_is_edited_the_hash_is_another_one(times: int) -> None:
    known: set[changing.Field] = set()
    edited: set[changing.Field] = set()

    @settings(max_examples=times // len(ENTRIES) + 1)
    @given(st.fixed_dictionaries(by_kind(ON)))
    def each(entry: dict[str, Any], leaves: dict[str, Any]) -> None:
        touches = FULL["touches"] | {"entry": entry}
        raw = FULL | {"rule": {"all": list(leaves.values())}, "touches": touches}
        plan = plans.read_plan(raw)
        before = snapshot_hash(plan.as_content())
        assert snapshot_hash(plans.plan_of(plan.as_content()).as_content()) == before
        assert files.read_file(files.write_file("walk", plan.as_content())) == ("walk", plan)
        for place in changing.places(plan):
            known.add(place.field)
            if changing.can_be_other(place):
                edited.add(place.field)
                other = changing.with_other(plan, place.path)
                assert snapshot_hash(other.as_content()) != before, place
            elif place.is_in_use:
                edited.add(place.field)

    for entry in ENTRIES:
        each(entry)
    # A condition is read and written by the one list of its fields; of all else there is a sample.
    rest = {(kind, name) for kind, name in known - edited if not issubclass(kind, base.Condition)}
    assert rest == set(), "of these the samples here show no value"
