"""What blocks the submission of a plan, each with its place; beside naive oracles."""

import datetime as dt
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from campaigns.conditions.rules import tree
from campaigns.models import CampaignVersion
from campaigns.planning import queries
from campaigns.planning.rules import linting, plans, reasoning, wording
from campaigns.submission import operations as submission
from campaigns.wording.rules import lexicon_of
from journeys.models import MessageTemplate
from portal.models import AuditEntry, Submission
from tests.factories.campaigns import (
    AT,
    DISCLOSURE,
    ON,
    PLAN,
    TIER,
    approve,
    approved,
    draft,
    hand_in,
    plan_text,
)
from tests.factories.portal import StaffFactory

USED = {"kind": "first_used"}
WINDOW = {"kind": "spending_in_window", "days": 65, "last_day": "inside"}


def spent(amount: int) -> dict[str, Any]:
    return WINDOW | {"at_least": amount}


def tiers(*needs: Any, **changes: Any) -> dict[str, Any]:
    return {"tiers": [
        TIER | {"code": f"t{number}", "value": 10 + number, "needs": need} | changes
        for number, need in enumerate(needs)
    ]}  # fmt: skip


def worth(*values: Any) -> dict[str, Any]:
    """Tiers of which each asks more than the one below it."""
    return {"tiers": [
        TIER | {"code": f"t{number}", "value": value, "needs": spent(1000 + number)}
        for number, value in enumerate(values)
    ]}  # fmt: skip


def of_points(*given: tuple[int, int]) -> dict[str, Any]:
    found = worth(*(value for _points, value in given))
    for tier, (points, _value) in zip(found["tiers"], given, strict=True):
        tier.update(kind="points", points=points)
    return found


def faults(around: dict[str, Any] | None = None, **changes: Any) -> list[tuple[str, bool]]:
    given = {name: value for name, value in (PLAN | changes).items() if name != "code"}
    plan = plans.read_plan(given)
    setting = linting.Around(on=ON, words=lexicon_of(ON), **(around or {}))
    with translation.override("en"):
        found = linting.lint(plan, setting)
    assert all(fault.problem.strip() and fault.todo.strip() for fault in found)
    return [(fault.place, fault.is_block) for fault in found]


def test_the_known_case_is_fit() -> None:
    assert faults() == []


NO_TOTAL: dict[str, Any] = {"per_day": 500}


@pytest.mark.parametrize(("changes", "expected"), [
    # Disclosure: each field is named, and the time of the promotion.
    *(({"disclosure": DISCLOSURE | {name: None if name == "redeem_days" else ""}},
       [(f"disclosure.{name}", True)]) for name in DISCLOSURE),
    ({"runs_from": None, "runs_to": None}, [("runs_from", True)]),
    ({"runs_to": None}, [("runs_to", True)]),
    # Cost: a total, or for every tier a stock or a budget of its own.
    ({"budget": {}, "rewards": tiers(None, budget=50)}, []),
    ({"budget": {}, "rewards": {"mode": "each", "tiers": [
        TIER | {"stock": 5}, TIER | {"code": "b", "budget": 50}]}}, []),
    ({"budget": {}, "rewards": {"mode": "each", "tiers": [
        TIER, TIER | {"code": "b", "budget": 50}]}}, [("budget.total", True)]),
    ({"rewards": tiers(None, budget="9.99")}, [("rewards.tiers[0].value", True)]),
    ({"rewards": tiers(None, budget=10)}, []),
    ({"budget": NO_TOTAL}, [("budget.total", True)]),
    ({"budget": {}, "rewards": tiers(None, stock=5)}, []),
    ({"budget": {}, "rewards": {"mode": "each", "tiers": [
        TIER | {"stock": 5}, TIER | {"code": "b"}]}}, [("budget.total", True)]),
    ({"budget": {"total": 10}}, []),
    ({"budget": {"total": "9.99"}}, [("rewards.tiers[0].value", True)]),
    ({"budget": {"total": 99, "per_customer": "9.99"}}, [("rewards.tiers[0].value", True)]),
    ({"budget": {"total": 99, "per_customer": 10}}, []),
    ({"budget": {"total": 99, "per_day": 9}}, [("rewards.tiers[0].value", True)]),
    # More promised than a budget can give; a branch that is left nothing.
    ({"budget": {"total": 50}, "rewards": tiers(None, stock=5)}, []),
    ({"budget": {"total": "49.99"}, "rewards": tiers(None, stock=5)},
     [("rewards.tiers[0].stock", False)]),
    ({"rewards": tiers(None, stock=5, budget="49.99")}, [("rewards.tiers[0].stock", False)]),
    ({"budget": {"total": "9.99"}, "rewards": tiers(None, stock=5)},
     [("rewards.tiers[0].value", True)]),
    ({"budget": {"total": 99, "branches": {"B1": 10, "B2": "9.99"}}},
     [("budget.branches.B2", True)]),
    ({"budget": {"total": 99, "branches": {"B1": "10.99"}}, "rewards": tiers(spent(1000), None)},
     [("rewards.tiers[0].needs", True)]),
    # Tiers that are never given; a higher one with a stock may run out.
    ({"rewards": tiers(spent(1000), spent(2000))}, []),
    ({"rewards": tiers(spent(1000), spent(1000))}, [("rewards.tiers[0].needs", True)]),
    ({"rewards": tiers(spent(2000), spent(1000))}, [("rewards.tiers[0].needs", True)]),
    ({"rewards": tiers(None, None)}, [("rewards.tiers[0].needs", True)]),
    ({"rewards": tiers(spent(1000), None)}, [("rewards.tiers[0].needs", True)]),
    ({"rewards": tiers(None, spent(1000))}, []),
    ({"rewards": tiers(spent(1000), spent(1000), stock=5)}, []),
    ({"rewards": tiers(spent(1000), spent(1000), budget=50)}, []),
    ({"rewards": tiers(spent(1000), spent(1000)) | {"mode": "each"}}, []),
    ({"rewards": tiers({"all": [USED, spent(1000)]}, spent(900))},
     [("rewards.tiers[0].needs", True)]),
    ({"rewards": {"tiers": [TIER | {"value": 20}, TIER | {"code": "b", "needs": spent(9)}]}},
     [("rewards.tiers[0].needs", True), ("rewards.tiers[1].value", True)]),
    # A higher tier that gives less, than any below it.
    ({"rewards": worth(10, 10, 20)}, []),
    ({"rewards": worth(10, 20, "19.99")}, [("rewards.tiers[2].value", True)]),
    ({"rewards": worth(10, 20, 5, 15)},
     [("rewards.tiers[2].value", True), ("rewards.tiers[3].value", True)]),
    ({"rewards": worth(20, 10) | {"mode": "each"}}, []),
    ({"rewards": of_points((100, 1), (200, 1), (300, 2))}, []),
    ({"rewards": of_points((100, 1), (100, 1))}, []),
    ({"rewards": of_points((100, 1), (100, 2))}, [("rewards.tiers[1].points", True)]),
    ({"rewards": of_points((100, 1), (99, 1))}, [("rewards.tiers[1].points", True)]),
    ({"rewards": of_points((100, 2), (99, 1))},
     [("rewards.tiers[1].value", True), ("rewards.tiers[1].points", True)]),
    # The rule itself may reach the higher tier: it asks 500.
    ({"rewards": tiers(None, spent(500))}, [("rewards.tiers[0].needs", True)]),
    ({"rewards": tiers(None, spent(501))}, []),
    ({"rewards": tiers(None, spent(500), stock=5)}, []),
    ({"rule": {"any": [USED, spent(500)]}, "rewards": tiers(None, spent(500))}, []),
    # Contradictions.
    ({"rule": {"all": [USED, {"not": USED}]}}, [("rule.all[0]", True)]),
    ({"rule": {"all": [spent(1000), {"not": spent(500)}]}}, [("rule.all[0]", True)]),
    ({"rule": {"all": [spent(500), {"not": spent(1000)}]}}, []),
    ({"rule": {"all": [USED, {"not": {"any": [USED, spent(9)]}}]}}, [("rule.all[0]", True)]),
    ({"rule": {"all": [USED, {"any": [{"not": USED}, spent(9)]}]}}, []),
    ({"rule": {"not": USED}, "rewards": tiers(USED)}, [("rewards.tiers[0].needs", True)]),
    # Days.
    ({"runs_to": "2026-06-30", "issued_to": "2026-06-01"}, [("runs_to", True)]),
    ({"runs_to": "2026-07-01"}, []),
    ({"issued_from": "2027-01-01", "issued_to": "2027-02-01"},
     [("runs_to", True), ("rule.all[3]", True)]),
    ({"issued_from": "2026-12-31", "issued_to": "2027-02-01"}, []),
    # The last card is issued on 2026-05-31; day 65 after it is 2026-08-04.
    ({"runs_from": "2026-08-04"}, []),
    # What was spent before is rewarded all the same: a warning.
    ({"runs_from": "2026-08-05"}, [("rule.all[3]", False)]),
    ({"runs_from": "2026-08-04",
      "rule": WINDOW | {"last_day": "outside", "at_least": 9}}, [("rule", False)]),
    ({"runs_from": "2026-08-05", "rule": {"any": [USED, spent(9)]}}, []),
    # Words: forbidden and without a source block, the others warn.
    ({"name": "最佳首刷礼"}, [("name", True)]),
    ({"name_en": "The best card gift"}, [("name_en", True)]),
    ({"rewards": {"tiers": [TIER | {"name": "极致礼"}]}}, [("rewards.tiers[0].name", False)]),
    ({"disclosure": DISCLOSURE | {"redeem": "客户满意度98%，在手机银行领取。"}},
     [("disclosure.redeem", True)]),
    ({"disclosure": DISCLOSURE | {"redeem": "秒杀日十点抢购。"}}, []),
])  # fmt: skip
def test_what_is_wrong_and_where(changes: dict[str, Any], expected: list[tuple[str, bool]]) -> None:
    assert faults(**changes) == expected


@pytest.mark.parametrize(("total", "stocks", "budgets", "most"), [
    (None, [5, 2], [None, None], 5 * 10 + 2 * 11),
    (None, [None, None], [30, 44], 74),
    (None, [5, None], [None, 44], 94),
    # The stock of one, or its budget, whichever is less.
    (None, [5, 5], [49, 56], 49 + 55),
    (None, [5, 5], [51, 54], 50 + 54),
    (73, [None, None], [30, 44], 73),
    (75, [None, None], [30, 44], 74),
    (75, [None, 5], [None, 44], 75),
    (None, [None, 5], [None, 44], None),
    (None, [None, None], [None, None], None),
])  # fmt: skip
def test_a_plan_is_bounded_by_its_total_or_by_each_of_its_tiers(
    total: int | None, stocks: list[int | None], budgets: list[int | None], most: int | None
) -> None:
    rewards = {"tiers": [
        TIER | {"code": f"t{number}", "value": 10 + number, "stock": stock, "budget": budget}
        for number, (stock, budget) in enumerate(zip(stocks, budgets, strict=True))
    ]}  # fmt: skip
    given = {name: value for name, value in PLAN.items() if name != "code"}
    plan = plans.read_plan(given | {"rewards": rewards, "budget": {"total": total}})
    assert plan.at_most == most


@pytest.mark.parametrize(("until", "expected"), [
    ("2026-12-31", []), ("2026-12-30", [("disclosure.redeem", True)]),
])  # fmt: skip
def test_a_claim_with_a_source_that_holds_to_the_end_is_fit(
    until: str, expected: list[tuple[str, bool]]
) -> None:
    changes = {
        "disclosure": DISCLOSURE | {"redeem": "客户满意度98%，在手机银行领取。"},
        "evidence": [{"claim": "客户满意度98%", "source": "2026年客户调查", "until": until}],
    }
    assert faults(**changes) == expected


def test_no_source_stands_in_for_the_annualised_rate() -> None:
    evidence = [{"claim": "分期免息", "source": "产品手册", "until": "2030-01-01"}]
    words = {"redeem": "领取后可分期免息。"}
    assert faults(disclosure=DISCLOSURE | words, evidence=evidence) == [("disclosure.redeem", True)]
    words = {"redeem": "领取后可分期免息，年化利率（单利）15.6%。"}
    assert faults(disclosure=DISCLOSURE | words) == []


def test_messages_are_read_too() -> None:
    texts = (
        ("a", "您的首刷礼已发放，拒收请回复R"),
        ("b", "最佳礼遇，拒收请回复R"),
        ("c", "已发放"),
    )
    assert faults({"messages": texts}) == [("template", True), ("template", False)]


# --- beside naive oracles ---------------------------------------------------------------------
LEAVES = st.one_of(
    st.sampled_from([{"kind": "activated"}, USED]),
    st.integers(1, 5).map(lambda amount: spent(amount * 100)),
)
TREES = st.recursive(
    LEAVES,
    lambda parts: st.one_of(
        st.lists(parts, min_size=1, max_size=3).map(lambda some: {"all": some}),
        st.lists(parts, min_size=1, max_size=3).map(lambda some: {"any": some}),
        parts.map(lambda part: {"not": part}),
    ),
    max_leaves=7,
)
# Everybody that single conditions can tell apart.
PEOPLE = [
    (is_activated, is_used, Decimal(amount))
    for is_activated in (True, False)
    for is_used in (True, False)
    for amount in range(0, 700, 50)
]


def holds(node: tree.Node, person: tuple[bool, bool, Decimal]) -> bool:
    if isinstance(node, tree.Leaf):
        data = node.condition.as_data()
        if data["kind"] == "spending_in_window":
            return person[2] >= Decimal(data["at_least"])
        return person[0] if data["kind"] == "activated" else person[1]
    found = [holds(part, person) for part in node.parts]
    if node.join == tree.NOT:
        return not found[0]
    return all(found) if node.join == tree.ALL else any(found)


def read(raw: Any) -> tree.Node | None:
    """The tree; None where it is nested deeper than rules may be."""
    try:
        return tree.read_rule(raw)
    except Exception:
        return None


@given(TREES, TREES)
def test_what_is_said_to_follow_follows(one: Any, other: Any) -> None:
    mine, theirs = read(one), read(other)
    if mine is None or theirs is None:
        return
    if reasoning.node_implies(mine, theirs):
        assert all(holds(theirs, person) for person in PEOPLE if holds(mine, person))
    if reasoning.contradiction(reasoning.Placed(mine, "a"), reasoning.Placed(theirs, "b")):
        assert not any(holds(mine, person) and holds(theirs, person) for person in PEOPLE)


@given(st.lists(LEAVES, min_size=2, max_size=4))
def test_among_single_conditions_every_contradiction_is_found(leaves: list[Any]) -> None:
    for raw in ({"all": leaves}, {"all": [leaves[0], *({"not": leaf} for leaf in leaves[1:])]}):
        node = tree.read_rule(raw)
        found = reasoning.contradiction(reasoning.Placed(node, "rule"))
        assert (found is None) == any(holds(node, person) for person in PEOPLE)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=5), st.integers(1, 5))
def test_dead_tiers_of_sums_are_those_that_nobody_is_given(sums: list[int], least: int) -> None:
    rewards = tiers(*(spent(each * 100) for each in sums))
    highest = {
        max(reached)
        for amount in range(least * 100, 601, 50)
        if (reached := [n for n, each in enumerate(sums) if amount >= each * 100])
    }
    dead = [(f"rewards.tiers[{n}].needs", True) for n in range(len(sums)) if n not in highest]
    assert faults(rewards=rewards, rule={"all": [USED, spent(least * 100)]}) == dead


def test_a_word_that_is_forbidden_in_the_rule_is_found_though_it_is_denied_in_the_name() -> None:
    """The rule names the merchant; the same word was but a warning where the name denies it."""
    names = wording.Names(merchants={"M1": ("全国第一餐厅", "Dining"), "M2": ("餐厅", "Dining")})
    rule = {"all": [USED, spent(500) | {"merchants": ["M1"]}]}
    found = faults({"names": names}, name="不是全国第一的礼", rule=rule, merchants=["M1"])
    assert [fault for fault in found if fault[0] in {"name", "text"}] == [
        ("text", True), ("name", False),
    ]  # fmt: skip
    # What was said of the name at the same level is not said again of the text.
    again = faults({"names": names}, rule=rule, rewards=tiers(None, name="全国第一礼"))
    assert [place for place, is_block in again if is_block] == ["rewards.tiers[0].name"]


# --- where it is asked ------------------------------------------------------------------------
@pytest.mark.django_db
def test_what_is_not_fit_is_not_submitted() -> None:
    version = draft(budget={}, name="最佳礼")
    with pytest.raises(submission.PlanNotFit) as refused:
        submission.submit_version(version_id=version.pk, maker=version.created_by, at=AT)
    assert [fault.place for fault in refused.value.faults] == ["budget.total", "name"]
    version.refresh_from_db()
    assert version.state == "draft"
    assert not Submission.objects.exists()
    assert not AuditEntry.objects.filter(action="campaign.submitted").exists()


@pytest.mark.django_db
def test_a_warning_does_not_block() -> None:
    version = draft(name="极致首刷礼")
    hand_in(version)
    assert Submission.objects.count() == 1


@pytest.mark.django_db
def test_the_page_names_the_places_and_says_what_to_do(client_of: Any) -> None:
    version = draft(budget={}, name="最佳礼")
    client = client_of(version.created_by)
    client.post(reverse("campaign_submit", args=[version.pk]))
    page = client.get(reverse("campaign_page", args=["first-gift"]))
    assert [fault.place for fault in page.context["faults"]][:2] == ["budget.total", "name"]
    assert page.context["has_blocks"]
    approve(version)
    assert "faults" not in client.get(reverse("campaign_page", args=["first-gift"])).context


@pytest.mark.django_db
def test_the_command_says_what_is_wrong_and_loads_all_the_same(tmp_path: Path) -> None:
    draft()
    file = tmp_path / "campaign.yaml"
    file.write_text(plan_text(code="other", budget={}, name="极致礼"), encoding="utf-8")
    StaffFactory(username="maker", role="campaign_manager")
    said = StringIO()
    call_command("load_campaign", str(file), owner="maker", stdout=StringIO(), stderr=said)
    assert [line.split(": ")[1] for line in said.getvalue().splitlines()][:2] == [
        "budget.total", "name",
    ]  # fmt: skip
    assert CampaignVersion.objects.filter(campaign__code="other", state="draft").exists()


@pytest.mark.django_db
def test_messages_and_other_campaigns_come_from_the_tables() -> None:
    approved(code="other")
    version = draft()
    MessageTemplate.objects.create(
        code="first_gift", channel="sms", language="zh-hans", version=2, body="{reward} 顶级礼遇"
    )
    with translation.override("en"):
        found = queries.faults_of(version, on=ON)
    places = [(fault.place, fault.is_block) for fault in found]
    assert places == [
        ("template", True), ("rewards.tiers[0]", True), ("template", False), ("template", False),
    ]  # fmt: skip
    assert dt.date.fromisoformat(PLAN["runs_to"]) > ON
