"""Every field that a step of the editor shows is typed here, saved, and seen at work: in the run of
the version, or in what customers read. A field that is added stands in no table, and fails."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from campaigns.design import forms
from campaigns.eligibility.models import Decision, Run
from campaigns.models import CampaignVersion, Draft
from campaigns.planning import operations as planning
from campaigns.planning import queries as campaigns
from campaigns.planning.rules import files, plans
from tests.campaigns.design import test_persons, test_rewards, test_views
from tests.campaigns.design.building import begun, post, run
from tests.factories.campaigns import AT, ON, PLAN, approve, card_in_use
from tests.factories.journeys import ProductFactory
from tests.factories.portal import StaffFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
Clients = Callable[..., Client]

BASICS = {
    "code": "built", "name": PLAN["name"], "name_en": PLAN["name_en"], "objective": "activate",
    "stage": "activation", "scenario": "", "era": "2.0", "products": ["GOLD"],
    "template": "first_gift", "channels": "sms,email", "runs_from": "2026-01-01",
    "runs_to": "2026-12-31", "issued_from": "2026-01-01", "issued_to": "2026-05-31",
    "branches": [], "merchants": [],
}  # fmt: skip
TIER = {
    "code": "one", "kind": "gift", "name": "礼", "name_en": "Gift", "value": "7.50", "points": "",
    "times": "", "stock": "", "given_for": "", "most": "", "budget": "", "uses": "",
    "use_days": "", "use_until": "",
}  # fmt: skip
TEXTS = dict(PLAN["disclosure"])
CLAIM = {"claim_0": "全市最低", "source_0": "价格调查", "until_0": "2027-01-31"}
# Fields that are executed elsewhere, for each of their choices or with what they need besides.
ELSEWHERE: dict[tuple[str, str], Callable[..., None]] = {
    **{
        ("basics", name): test_views.test_each_choice_of_the_basics_is_made_saved_and_run
        for name in ("objective", "stage", "scenario", "era", "channels")
    },
    **{
        ("tier", name): test_rewards.test_each_kind_of_reward_is_added_saved_and_given
        for name in ("kind", "points", "times")
    },
    **{
        ("tier", name): test_persons.test_a_reward_for_each_person_brought_is_added_saved_and_given
        for name in ("given_for", "most")
    },
    ("mode", "mode"): test_rewards.test_each_kind_of_reward_is_added_saved_and_given,
    **{
        ("budget", name): test_rewards.test_each_limit_is_set_saved_and_holds
        for name in ("total", "per_day", "per_customer", "branches", "shares")
    },
    ("budget", "control_percent"): test_rewards.test_a_control_group_is_left_out,
    ("start", "start"): test_views.test_each_start_makes_a_draft_that_only_lacks_its_code,
}  # fmt: skip


class Built:
    """What came of a draft: its version, the plan, its run, and the two texts."""

    def __init__(self, version: CampaignVersion, one: Run) -> None:
        self.version, self.run = version, one
        self.plan = plans.plan_of(version.content)

    def outcomes(self) -> list[str]:
        rows = Decision.objects.filter(run=self.run).order_by("id")
        return list(rows.values_list("outcome", flat=True))

    def answers(self) -> list[str]:
        return sorted(Decision.objects.filter(run=self.run).values_list("award", flat=True))

    def reads(self, language: str) -> str:
        """What customers read, in a language."""
        for code, _name, label, sections in campaigns.written(self.plan):
            if code == language:
                said = [str(one) for part in sections for one in part.clauses]
                return "\n".join([label, *said])
        raise AssertionError(language)

    def takes_partner(self, number: str) -> bool:
        """Whether the partner may bear a part of the cost, and another may not."""
        budget = {"total": "9.00", "shares": {"bank": "40.00", number: "60.00"}}
        content = {**self.version.content, "budget": budget}
        try:
            plan = self._loaded(content)
        except plans.PlanWrong:
            return False
        with pytest.raises(plans.PlanWrong):
            self._loaded(content | {"merchants": []})
        return plan.budget.shares.keys() == {"bank", number}

    def _loaded(self, content: dict[str, Any]) -> plans.Plan:
        text = files.write_file("built", content)
        version = planning.load_campaign(text=text, owner=self.version.created_by, at=AT)
        return plans.plan_of(version.content)

    def meets_base(self) -> tuple[bool, bool]:
        """Whether the other campaign's reward for the same spending stands in the way, without
        what was typed and with it."""
        approve(CampaignVersion.objects.get(campaign__code="base"))
        bare = copy.copy(self.version)
        bare.content = {**self.version.content, "stacks_with": []}
        without, with_it = (
            [one.place for one in campaigns.faults_of(each, on=ON) if one.is_block]
            for each in (bare, self.version)
        )
        return "rewards.tiers[0]" in without, "rewards.tiers[0]" in with_it

    def order(self) -> list[str]:
        """The campaigns in the order in which their runs are settled."""
        for version in (CampaignVersion.objects.get(campaign__code="base"), self.version):
            approve(version)
        return [one.version.campaign.code for one in campaigns.in_order()]


Check = Callable[[Built], bool]
FIELDS: dict[tuple[str, str], tuple[dict[str, Any], Check]] = {
    ("basics", "code"): ({}, lambda built: built.version.campaign.code == "built"),
    ("basics", "name"): ({"name": "春日礼"}, lambda built: "春日礼" in built.reads("zh-hans")),
    ("basics", "name_en"): ({"name_en": "Spring"}, lambda built: "Spring" in built.reads("en")),
    ("basics", "products"): (
        {"products": ["OTHER"]}, lambda built: built.outcomes() == ["no_card"],
    ),
    ("basics", "issued_from"): (
        {"issued_from": "2026-05-30"}, lambda built: built.outcomes() == ["no_card"],
    ),
    ("basics", "issued_to"): (
        {"issued_to": "2026-01-02"}, lambda built: built.outcomes() == ["no_card"],
    ),
    ("basics", "branches"): (
        {"branches": ["FAR"]}, lambda built: built.outcomes() == ["other_branch"],
    ),
    ("basics", "merchants"): ({"merchants": ["M1"]}, lambda built: built.takes_partner("M1")),
    ("basics", "stacks_with"): (
        {"stacks_with": ["base"]}, lambda built: built.meets_base() == (True, False),
    ),
    ("basics", "priority"): (
        {"priority": "7"}, lambda built: built.order() == ["built", "base"],
    ),
    ("basics", "group"): (
        {"group": "one-of-two"}, lambda built: "One of two" in built.reads("en"),
    ),
    ("basics", "runs_from"): (
        {"runs_from": "2026-02-01"}, lambda built: "2026-02-01" in built.reads("en"),
    ),
    ("basics", "runs_to"): (
        {"runs_to": "2026-12-30"}, lambda built: "2026-12-30" in built.reads("zh-hans"),
    ),
    ("basics", "template"): (
        {}, lambda built: all(
            one["text"] for one in campaigns.snapshot_of(built.version)["messages"]
        ),
    ),
    ("tier", "name"): ({"name": "茶"}, lambda built: "茶" in built.reads("zh-hans")),
    ("tier", "name_en"): ({"name_en": "Tea"}, lambda built: "Tea" in built.reads("en")),
    ("tier", "code"): (
        {"code": "two"}, lambda built: [tier.code for tier in built.plan.rewards.tiers] == ["two"],
    ),
    ("tier", "value"): (
        {"value": "9.25"},
        lambda built: str(Decision.objects.get(run=built.run).awarded) == "9.25",
    ),
    ("tier", "stock"): (
        {"stock": "1", "_cards": 2}, lambda built: built.answers() == ["granted", "stock_out"],
    ),
    ("tier", "budget"): (
        {"budget": "7.50", "_cards": 2},
        lambda built: built.answers() == ["granted", "over_budget_tier"],
    ),
    ("tier", "uses"): (
        {"kind": "benefit", "uses": "3", "use_days": "41"},
        lambda built: "3" in built.reads("en") and "41" in built.reads("en"),
    ),
    ("tier", "use_days"): (
        {"kind": "benefit", "uses": "1", "use_days": "41"},
        lambda built: "41" in built.reads("zh-hans"),
    ),
    ("tier", "use_until"): (
        {"kind": "benefit", "uses": "1", "use_until": "2027-03-04"},
        lambda built: "2027-03-04" in built.reads("zh-hans"),
    ),
    **{
        ("texts", name): (
            {name: "甲乙丙" if not name.endswith("_en") else "Abc def"},
            lambda built, name=name: (
                ("Abc def" in built.reads("en")) if name.endswith("_en")
                else ("甲乙丙" in built.reads("zh-hans"))
            ),
        )
        for name in ("organiser", "organiser_en", "redeem", "redeem_en", "forfeit", "forfeit_en")
    },
    ("texts", "redeem_days"): (
        {"redeem_days": "37"}, lambda built: "37" in built.reads("zh-hans"),
    ),
    **{
        ("texts", name): (
            CLAIM,
            lambda built, part=part, value=value: (
                [str(getattr(one, part)) for one in built.plan.evidence] == [value]
            ),
        )
        for (name, value), part in zip(CLAIM.items(), ("claim", "source", "until"), strict=True)
    },
}  # fmt: skip
STEPS = {
    "basics": ("design_basics", BASICS, ""), "tier": ("design_rewards", TIER, "tier0-"),
    "texts": ("design_texts", TEXTS, ""),
}  # fmt: skip


def test_every_field_of_every_step_stands_in_a_table() -> None:
    shown = {
        "basics": forms.BasicsForm.base_fields, "tier": forms.TierForm.base_fields,
        "mode": forms.ModeForm.base_fields, "budget": forms.BudgetForm.base_fields,
        "texts": forms.TextsForm(content={}).fields,
    }  # fmt: skip
    offered = {(form, name) for form, fields in shown.items() for name in fields}
    offered |= {("start", name) for name in forms.StartForm.base_fields}
    assert offered == {*FIELDS, *ELSEWHERE, ("start", "copy_of")}
    assert not set(FIELDS) & set(ELSEWHERE)


@pytest.mark.parametrize(("form", "name"), FIELDS)
def test_each_field_is_typed_saved_and_at_work(form: str, name: str, client_of: Clients) -> None:
    client = client_of(person := StaffFactory(role="campaign_manager"))
    ProductFactory(code="OTHER")
    row_of("portal.Branch", code="FAR", name="远方支行")
    row_of("merchants.Merchant", number="M1", name="茶馆")
    row_of("campaigns.ExclusiveGroup", code="one-of-two")
    found = begun(person)
    typed, holds = FIELDS[form, name]
    for _more in range(1, typed.get("_cards", 1)):
        card_in_use()
    page, usual, prefix = STEPS[form]
    sent = usual | {key: value for key, value in typed.items() if key[0] != "_"}
    posted = {f"{prefix}{key}": value for key, value in sent.items() if value is not None}
    assert post(client, page, found, mode="highest", **posted).status_code == 302
    assert holds(Built(*run(found, client)))


def test_a_copy_says_the_same_and_runs(client_of: Clients) -> None:
    client = client_of(person := StaffFactory(role="campaign_manager"))
    begun(person).delete()
    client.post("/campaigns/design/new/", {"copy_of": "base"})
    found = Draft.objects.get()
    assert not {"name", "name_en"} & set(found.content)
    found.code = "built"
    found.content |= {"name": "另一个", "name_en": "Another"}
    found.save()
    version, one = run(found, client)
    original = CampaignVersion.objects.get(campaign__code="base")
    same = {key for key, value in version.content.items() if original.content[key] == value}
    assert set(version.content) - same == {"name", "name_en"}
    assert Built(version, one).outcomes() == ["qualified"]
