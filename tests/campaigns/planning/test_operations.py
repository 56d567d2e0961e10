"""Campaigns: loaded from a file, approved by a second person, stopped at once."""

import datetime as dt
import json
import re
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation

from campaigns.conditions.rules.kinds import KINDS
from campaigns.eligibility import operations as eligibility
from campaigns.models import Campaign, CampaignVersion
from campaigns.planning import operations as planning
from campaigns.planning import queries
from campaigns.planning.rules import files, plans
from campaigns.submission import operations as submission
from journeys.models import Message
from portal.approvals import operations as approvals
from portal.models import AuditEntry, Staff, Submission
from tests.factories.campaigns import (
    AT,
    ON,
    PLAN,
    TIER,
    approved,
    card_in_use,
    draft,
    hand_in,
    message_texts,
    plan_text,
)
from tests.factories.journeys import ProductFactory
from tests.factories.merchants import CategoryFactory
from tests.factories.portal import BranchFactory, StaffFactory

pytestmark = pytest.mark.django_db


def decide(version: CampaignVersion, verdict: str, checker: Staff | None = None) -> None:
    approvals.decide(
        submission_id=Submission.objects.get(target_key=str(version.pk), state="pending").pk,
        checker=checker or StaffFactory(role="approver"),
        verdict=verdict,
        reason="because",
        at=AT,
    )
    version.refresh_from_db()


def test_a_file_becomes_a_campaign_with_its_first_version() -> None:
    version = draft()
    campaign = version.campaign
    assert (campaign.code, campaign.name, campaign.objective, campaign.era) == (
        "first-gift", "新户首刷礼", "activate", "2.0",
    )  # fmt: skip
    assert (version.number, version.state) == (1, "draft")
    assert version.content == {
        **{name: value for name, value in PLAN.items() if name != "code"},
        "rewards": {
            "mode": "highest", "tiers": [TIER | {"points": None, "stock": None, "needs": None}],
        },
        "branches": [], "merchants": [], "control_percent": 0, "evidence": [],
        "budget": PLAN["budget"] | {
            "per_day": None, "per_customer": None, "branches": {}, "shares": {},
        },
    }  # fmt: skip
    assert AuditEntry.objects.get(action="campaign.loaded").target_key == str(version.pk)


def test_the_same_file_changes_nothing_and_another_is_a_new_version() -> None:
    first = draft()
    again = draft(rewards={"tiers": [TIER | {"value": 10}]})
    assert (again.pk, CampaignVersion.objects.count()) == (first.pk, 1)
    other = draft(issued_to="2026-07-01")
    assert (other.number, Campaign.objects.count()) == (2, 1)


def test_the_name_shown_is_that_of_the_approved_version() -> None:
    version = approved()
    draft(name_en="Another")
    assert Campaign.objects.get().name_en == "First gift"
    assert version.campaign_id == Campaign.objects.get().pk


@pytest.mark.parametrize(("changes", "problem"), [
    ({"code": "a b"}, "code: must be of letters, digits, - and _ only, at most 40"),
    ({"name": ""}, "name: is missing"),
    ({"name": "x" * 121}, "name: must be text of at most 120 characters"),
    ({"objective": "sell"}, "objective: must be one of: acquire, activate, convert, retain"),
    ({"products": ["GOLD", "GOLD"]}, "products: must be a list of words, each once"),
    ({"products": ["NONE"]}, "products: NONE: nothing of this code is known here"),
    ({"branches": ["X"]}, "branches: X: nothing of this code is known here"),
    ({"merchants": ["M9"]}, "merchants: M9: nothing of this code is known here"),
    ({"budget": {"shares": {"M9": 100}}},
     "budget.shares: M9: nothing of this code is known here"),
    ({"budget": {"shares": {"bank": "33.33"}}}, "budget.shares: must add up to 100 percent"),
    ({"budget": {"total": 0}},
     "budget.total: must be an amount above zero with at most two decimal places"),
    ({"runs_from": "2026-01-01", "runs_to": "2026-01-01"},
     "runs_to: must be a later day than runs_from"),
    ({"control_percent": 51}, "control_percent: must be a whole number from 0 to 50"),
    ({"template": "typo"},
     "template: typo: there is no message text of this name in simplified Chinese for: sms, email"),
    ({"issued_from": "soon"}, "issued_from: must be a day such as 2026-03-31"),
    ({"issued_to": "2026-01-01"}, "issued_to: must be a later day than issued_from"),
    ({"channels": ["phone"]}, "channels: must be one of: sms, email"),
    ({"rewards": {"tiers": []}}, "rewards.tiers: is missing"),
    ({"rewards": {"tiers": [TIER | {"value": 0}]}},
     "rewards.tiers[0].value: must be an amount above zero with at most two decimal places"),
    ({"rewards": {"tiers": [TIER | {"kind": "points"}]}},
     "rewards.tiers[0].points: is missing"),
    ({"rewards": {"tiers": [TIER, TIER]}},
     "rewards.tiers: two have the code first-gift; give each its own"),
    ({"rewards": {"tiers": [TIER | {"needs": {"kind": "x"}}]}},
     "rewards.tiers[0].needs.kind: must be one of: " + ", ".join(KINDS)),
    ({"rule": {"all": [{"kind": "activated"}, {"kind": "issued_within", "days": "20"}]}},
     "rule.all[1].days: must be a whole number from 0 to 3650"),
    ({"budget": 5}, "budget: must hold named fields"),
    ({"cost": 5}, "cost: is not a field here; known: " + ", ".join(plans.FIELDS)),
])  # fmt: skip
def test_a_wrong_field_is_told_with_its_place(changes: dict[str, Any], problem: str) -> None:
    with translation.override("en"), pytest.raises(plans.PlanWrong) as refused:
        draft(**changes)
    assert refused.value.problems == [problem]
    assert not Campaign.objects.exists()


UNREADABLE = "The file holds a day that does not exist, a number too long, or is nested too deep."


@pytest.mark.parametrize(("text", "problem"), [
    ("code: [", "The file is not YAML; see line 1."),
    ("- code", "The file must hold the fields of one campaign."),
    ("code: a\ncode: b", "code: stands twice"),
    # However it is written: the later one would silently take the place of the first.
    ("budget:\n  branches: {1: '5.00', 0x1: '6.00'}", "0x1: stands twice"),
    ("budget:\n  branches: {1: '5.00', '1': '6.00'}", "1: stands twice"),
    ("budget:\n  branches: {yes: '5.00', on: '6.00'}", "on: stands twice"),
    ("<<: {code: a}\n<<: {code: b}", "<<: stands twice"),
    ("? [code]\n: a", "The file is not YAML; see line 1."),
    ("x" * 200_001, "The file is too long to be a campaign."),
    ("code: !!python/object/apply:os.getcwd []", "The file is not YAML; see line 1."),
    ("issued_from: 2026-02-30", UNREADABLE),
    ("code: " + "9" * 5000, UNREADABLE),
    ("rule: " + "[" * 10_000, UNREADABLE),
])  # fmt: skip
def test_a_file_that_is_no_campaign_is_refused(text: str, problem: str) -> None:
    with translation.override("en"), pytest.raises(plans.PlanWrong) as refused:
        planning.load_campaign(text=text, owner=StaffFactory(), at=AT)
    assert refused.value.problems == [problem]


@pytest.mark.parametrize("name", ["a\0b", "\ud800", "\x1b[31m", "line\nline"])
def test_a_name_that_cannot_be_kept_is_refused(name: str) -> None:
    text = json.dumps(PLAN | {"name": name})  # JSON is YAML, with any character escaped
    with pytest.raises(plans.PlanWrong) as refused:
        files.read_file(text)
    assert [problem.split(":")[0] for problem in refused.value.problems] == ["name"]


@pytest.mark.parametrize("field", ["issued_from", "issued_to", "runs_from", "runs_to"])
@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2101-01-01", "9999-12-31"])
def test_a_day_that_no_calendar_reaches_is_refused(field: str, day: str) -> None:
    with translation.override("en"), pytest.raises(plans.PlanWrong) as refused:
        draft(**{field: day})
    assert "must be a day between 1900 and 2100" in str(refused.value)


@pytest.mark.parametrize("amount", ["0x" + "f" * 5000, ".nan", ".inf", "1e400", "'1e99999999'"])
def test_an_amount_that_is_none_is_refused(amount: str) -> None:
    text = plan_text().replace("500.00", "AMOUNT").replace("'AMOUNT'", amount)
    with pytest.raises(plans.PlanWrong) as refused:
        files.read_file(text)
    assert len(refused.value.problems) == 1


def test_every_wrong_field_is_told_at_once() -> None:
    with pytest.raises(plans.PlanWrong) as refused:
        draft(era="9", template="a b")
    assert [problem.split(":")[0] for problem in refused.value.problems] == ["era", "template"]


def test_who_may_not_edit_loads_and_submits_nothing() -> None:
    approver = StaffFactory(role="approver")
    with pytest.raises(planning.NotAllowed):
        draft(owner=approver)
    assert not Campaign.objects.exists()
    version = draft()
    with pytest.raises(planning.NotAllowed):
        submission.submit_version(version_id=version.pk, maker=approver, at=AT)
    assert not Submission.objects.exists()


def test_an_approver_sees_the_rule_in_both_languages() -> None:
    version = draft()
    hand_in(version)
    snapshot = Submission.objects.get().snapshot
    assert snapshot["content"] == version.content
    assert sorted(snapshot["text"]) == ["en", "zh-hans"]
    assert snapshot["text"]["en"].splitlines() == [
        "Primary cards issued from 2026-01-01 to 2026-05-31, both days included, and not closed, "
        "of: Gold card. One card for each customer: the earliest.",
        "Granted from 2026-01-01 to 2026-12-31, both days included.",
        "All of this holds:",
        "  - The card is issued no later than day 20 after the application.",
        "  - The card is activated.",
        "  - The card is used for a first purchase.",
        "  - From the day of issue to day 65 after it, that day included, spending with the card "
        "reaches ¥500; refunds that post on these days are deducted.",
        "Gift: First-transaction gift, worth ¥10, once for each customer, and only after the card "
        "is activated and used.",
        "Where refunds undo what was required, what was given for it is taken back.",
        "In all, rewards worth ¥1,000,000 are granted; first come, first served.",
        "Take it in mobile banking under My benefits.",
        "It is redeemed no later than day 90 after it was granted.",
        "What is not taken in time is forfeited.",
        "Those who qualify are told once, by the first that is possible of: SMS, E-mail.",
        "Credit Card Centre",
    ]


def test_approval_makes_a_version_fit_for_a_live_run() -> None:
    version = draft()
    hand_in(version)
    decide(version, "approve")
    assert (version.state, version.approved_at) == ("approved", AT)
    with pytest.raises(planning.VersionNotSubmittable):
        submission.submit_version(version_id=version.pk, maker=version.created_by, at=AT)


def test_a_returned_version_may_be_submitted_again() -> None:
    version = draft()
    hand_in(version)
    decide(version, "return")
    assert version.state == "returned"
    hand_in(version)
    decide(version, "approve")
    assert version.state == "approved"


def test_nobody_approves_the_own_campaign() -> None:
    version = draft()
    hand_in(version)
    with pytest.raises(approvals.OwnWork), transaction.atomic():
        decide(version, "approve", version.created_by)
    version.refresh_from_db()
    assert version.state == "submitted"


def test_the_database_freezes_what_was_submitted() -> None:
    version = draft()
    hand_in(version)
    with pytest.raises(DatabaseError), transaction.atomic():
        CampaignVersion.objects.filter(pk=version.pk).update(content={})
    version.refresh_from_db()
    assert version.content["template"] == "first_gift"


def test_a_stop_cancels_what_waits_and_is_lifted_with_a_reason() -> None:
    version = approved()
    card_in_use()
    run = eligibility.start_run(version_id=version.pk, kind="live", on=ON, started_by=None, at=AT)
    eligibility.work_run(run_id=run.pk, now=lambda: AT)
    compliance = StaffFactory(role="compliance")
    change = {"campaign_id": version.campaign_id, "actor": compliance, "at": AT}
    with pytest.raises(planning.ReasonMissing):
        planning.stop_campaign(reason=" ", **change)
    assert not Campaign.objects.get().is_stopped
    planning.stop_campaign(reason="complaint", **change)
    assert Campaign.objects.get().stopped_at == AT
    assert [message.state for message in Message.objects.all()] == ["cancelled"]
    with pytest.raises(planning.StopNotChanged):
        planning.stop_campaign(reason="again", **change)
    planning.lift_stop(reason="settled", **change)
    assert not Campaign.objects.get().is_stopped
    actions = AuditEntry.objects.filter(action__startswith="campaign.stop").order_by("id")
    assert [(entry.action, entry.reason) for entry in actions] == [
        ("campaign.stopped", "complaint"), ("campaign.stop_lifted", "settled"),
    ]  # fmt: skip


def test_a_campaign_manager_cannot_stop() -> None:
    version = approved()
    with pytest.raises(planning.NotAllowed):
        planning.stop_campaign(
            campaign_id=version.campaign_id, reason="x", actor=version.created_by, at=AT
        )
    assert not Campaign.objects.get().is_stopped


def test_the_known_case_is_read_from_its_file(settings: Any) -> None:
    for code in ("CLASSIC", "TRAVEL", "PLATINUM"):
        ProductFactory(code=code)
    message_texts()
    text = (settings.BASE_DIR / "examples/known_case/campaign.yaml").read_text(encoding="utf-8")
    version = planning.load_campaign(text=text, owner=StaffFactory(), at=AT)
    assert version.content["issued_from"] == dt.date(2026, 4, 1).isoformat()
    assert [part["kind"] for part in version.content["rule"]["all"]] == [
        "issued_within", "activated", "first_used", "spending_in_window",
    ]  # fmt: skip


def test_a_campaign_is_written_as_a_file_that_says_the_same() -> None:
    version = draft(runs_from="2026-06-01", runs_to="2026-09-01", budget={"total": 500})
    text = files.write_file("first-gift", version.content)
    assert text.startswith("code: first-gift\nname: 新户首刷礼\n")
    assert ("branches" in text, "points" in text) == (False, False)  # what is empty is left out
    again = planning.load_campaign(text=text, owner=version.created_by, at=AT)
    assert (again.pk, CampaignVersion.objects.count()) == (version.pk, 1)


def test_a_version_of_the_first_form_is_still_read() -> None:
    """It is frozen: its content cannot be written anew."""
    names = ("name", "name_en", "objective", "stage", "scenario", "era")
    rest = ("products", "issued_from", "issued_to", "rule", "channels", "template")
    reward = {"code": "g", "name": "礼", "name_en": "Gift", "amount": "10.00"}
    first = {
        "campaign": {name: PLAN[name] for name in names},
        **{name: PLAN[name] for name in rest},
        "reward": reward,
    }
    plan = plans.plan_of(first)
    assert plan == plans.read_plan(
        {name: PLAN[name] for name in (*names, *rest)}
        | {"rewards": {"tiers": [TIER | {"code": "g", "name": "礼", "name_en": "Gift"}]}}
    )
    assert plans.facts_of(first) == plan.facts.as_data()


def test_what_conditions_name_must_exist_and_is_called_by_its_name() -> None:
    branch = BranchFactory(code="B77", name="湖滨支行", name_en="Lakeside Branch")
    rule = {"all": [{"kind": "activated"}, {"kind": "branch", "branches": ["B77"]}]}
    version = draft(rule=rule)
    hand_in(version)
    text = Submission.objects.get().snapshot["text"]
    assert ("Lakeside Branch" in text["en"], "湖滨支行" in text["zh-hans"]) == (True, True)
    assert (branch.name in text["en"], "B77" in text["zh-hans"]) == (False, False)
    rule["all"][1]["branches"] = ["B78"]
    with translation.override("en"), pytest.raises(plans.PlanWrong) as refused:
        draft(rule=rule)
    assert refused.value.problems == ["rule: branches: B78: nothing of this code is known here"]


def test_spans_of_categories_and_places_are_known_and_called_by_their_names() -> None:
    """Customers read what lies in a span and where a city is; what is nowhere is refused."""
    for mcc, name, english in (("5812", "餐馆", "Restaurants"), ("5813", "酒吧", "Bars")):
        CategoryFactory(mcc=mcc, name=name, name_en=english)
    spent = {
        "kind": "spending_in_window", "days": 65, "last_day": "inside", "at_least": "500.00",
        "mccs": ["5811-5814"], "cities": ["330100", "330106"],
    }  # fmt: skip
    hand_in(draft(rule={"all": [{"kind": "activated"}, spent]}))
    text = Submission.objects.get().snapshot["text"]
    assert "商户类别：餐馆、酒吧" in text["zh-hans"]
    assert "城市：浙江省杭州市，浙江省杭州市西湖区" in text["zh-hans"].replace("、浙江", "，浙江")
    assert "Restaurants, Bars" in text["en"]
    assert "Hangzhou" in text["en"]
    for language in text:
        assert not {"5811", "3301"} & set(re.findall(r"\d+", text[language]))
    lost = spent | {"mccs": ["0001-0009", "5812"], "cities": ["990000", "330000"]}
    with translation.override("en"), pytest.raises(plans.PlanWrong) as refused:
        draft(rule=lost)
    assert refused.value.problems == [
        "rule: categories: 0001-0009: nothing of this code is known here",
        "rule: divisions: 99: nothing of this code is known here",
    ]


def test_the_plan_of_a_version_is_read_once_and_anew_where_it_says_something_else() -> None:
    version = draft()
    plan = queries.plan_of(version)
    assert plan == plans.plan_of(version.content)
    assert queries.plan_of(CampaignVersion.objects.get(pk=version.pk)) is plan
    other = draft(name_en="Other")
    assert queries.plan_of(other).facts.name_en == "Other"
    assert queries.plan_of(version) is plan
