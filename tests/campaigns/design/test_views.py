"""Whatever the forms of the editor offer is built through them, saved, and run."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.conditions import forms as conditions
from campaigns.conditions.rules import kinds
from campaigns.design import forms, operations, queries
from campaigns.design.enums import Change
from campaigns.design.rules import starts
from campaigns.eligibility import operations as eligibility
from campaigns.eligibility.models import Decision
from campaigns.models import Campaign, CampaignVersion, Draft
from campaigns.planning.enums import Era, Objective
from journeys.stages.enums import JourneyStage
from merchants.directory.enums import Scenario
from portal.kit import clock
from tests.campaigns.design.building import begun, post, run
from tests.factories.campaigns import (
    AT,
    PLAN,
    TIER,
    approved,
    card_in_use,
    draft,
    submission_settings,
)  # fmt: skip
from tests.factories.portal import StaffFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
Clients = Callable[..., Client]

# What is typed into the form of each kind beside what it begins with.
TYPED: dict[str, dict[str, Any]] = {
    "stage": {"stages": ["activation"]},
    "branch": {"branches": ["HZ"]},
    "age": {"at_least": 18},
    "potential": {"at_least": 10},
    "issued_within": {"days": 20},
    "activated": {},
    "first_used": {},
    "cards_held": {"at_most": 2},
    "product_held": {"products": ["GOLD"]},
    "first_transaction": {"days": 30, "last_day": "inside", "at_least": "10.00"},
    "spending_in_window": {"days": 65, "last_day": "inside", "at_least": "500.00"},
    "purchases_in_window": {"days": 65, "last_day": "inside", "at_least": 1},
    "spending_days_in_window": {"days": 65, "last_day": "inside", "at_least": 1},
    "months_in_row": {"months": 1, "at_least": "1.00"},
    "points_balance": {"at_least": 1},
    "points_redeemed": {"days": 30, "last_day": "inside", "at_least": 1},
    "consent": {"purpose": "marketing", "channel": "sms"},
    "asleep": {"months": 1},
    "falling_asleep": {"months": 1, "within_days": 10},
    "persons_brought": {"days": 30, "last_day": "inside", "event": "used", "at_least": 1},
    "not_in_campaign": {"campaigns": ["earlier"]},
    "near_goal": {"campaign": "earlier", "at_most": "1000.00", "days_left": 3},
}


def test_every_offered_kind_is_typed_here() -> None:
    offered = [code for _group, found in conditions.menu() for code, _title in found]
    assert sorted(offered) == sorted(TYPED) == sorted(kinds.KINDS)


@pytest.mark.parametrize("kind", TYPED)
def test_each_kind_is_added_by_its_form_saved_and_run(kind: str, client_of: Clients) -> None:
    person = StaffFactory(role="campaign_manager")
    client = client_of(person)
    row_of("portal.Branch", code="HZ", name="杭州")
    draft(code="earlier")
    found = begun(person, rule={"all": []})
    asked = {"where": "rule", "way": "", "kind": kind, "is_new": "1"}
    page = client.get(reverse("design_condition", args=[found.pk]), asked)
    initial = {
        name: value for name, value in page.context["form"].initial.items() if value is not None
    }
    response = post(client, "design_condition", found, **initial | asked | TYPED[kind])
    assert response.status_code == 302
    found.refresh_from_db()
    assert [part["kind"] for part in found.content["rule"]["all"]] == [kind]
    version, one = run(found, client)
    assert version.content["rule"] == found.content["rule"]
    assert Decision.objects.filter(run=one).count() == 1


CHOICES = [
    *(("objective", value) for value in Objective.values),
    *(("stage", value) for value in JourneyStage.values),
    *(("scenario", value) for value in Scenario.values),
    *(("era", value) for value in Era.values),
    *(("channels", value) for value, _label in forms.ways_of_telling()),
]


def test_every_choice_of_the_basics_stands_here() -> None:
    offered = {
        (name, value)
        for name in ("objective", "stage", "scenario", "era")
        for value, _label in getattr(forms.BasicsForm.base_fields[name], "choices", [])
        if value
    }
    assert offered == {pair for pair in CHOICES if pair[0] != "channels"}


@pytest.mark.parametrize(("name", "value"), CHOICES)
def test_each_choice_of_the_basics_is_made_saved_and_run(
    name: str, value: str, client_of: Clients
) -> None:
    person = StaffFactory(role="campaign_manager")
    client = client_of(person)
    found = begun(person)
    typed = {
        **{key: PLAN[key] for key in ("name", "name_en", "objective", "stage", "scenario", "era")},
        "code": "built", "products": ["GOLD"], "template": "first_gift", "channels": "sms,email",
        "runs_from": "2026-01-01", "runs_to": "2026-12-31", "issued_from": "2026-01-01",
        "issued_to": "2026-05-31",
    }  # fmt: skip
    response = post(client, "design_basics", found, **typed | {name: value})
    assert response.url == reverse("design_audience", args=[found.pk])
    version, one = run(found, client)
    wanted = value.split(",") if name == "channels" else value
    assert version.content[name] == wanted
    expected = PLAN | {name: wanted}
    assert {key: version.content[key] for key in ("runs_to", "issued_to", "products")} == {
        key: expected[key] for key in ("runs_to", "issued_to", "products")
    }
    assert Decision.objects.get(run=one).outcome == "qualified"


@pytest.mark.parametrize("start", ["", *starts.STARTS])
def test_each_start_makes_a_draft_that_only_lacks_its_code(start: str, client_of: Clients) -> None:
    person = StaffFactory(role="campaign_manager")
    client = client_of(person)
    draft(code="base")
    card_in_use()
    client.post(reverse("design_start"), {"start": start})
    found = Draft.objects.get()
    page = client.get(reverse("design_review", args=[found.pk]))
    blocks = {fault.place.anchor for fault in page.context["faults"] if fault.is_block}
    if start:
        assert blocks == {"div_id_code"}
        Draft.objects.filter(pk=found.pk).update(code="built")
        found.refresh_from_db()
        run(found, client)
    else:
        assert blocks > {"div_id_code", "div_id_name"}


def test_a_draft_from_the_first_page_to_an_approval_that_waits(
    client_of: Clients,
) -> None:
    submission_settings()
    person = StaffFactory(role="campaign_manager")
    client = client_of(person)
    found = begun(person, runs_to=(dt.date(2099, 1, 1)).isoformat())
    post(client, "design_save", found, simulate="1")
    version = CampaignVersion.objects.get(campaign__code="built")
    dry_run = version.runs.get()
    assert dry_run.kind == "dry_run"
    eligibility.work_run(run_id=dry_run.pk, now=clock.now)
    client.post(reverse("campaign_submit", args=[version.pk]))
    version.refresh_from_db()
    assert version.state == "submitted"


@pytest.mark.parametrize(
    "step", ["basics", "audience", "rewards", "budget", "touches", "texts", "review"]
)
def test_each_step_shows_a_draft_with_nothing_in_it(step: str, client_of: Clients) -> None:
    person = StaffFactory(role="campaign_manager")
    found = operations.start_draft(content={}, owner=person, at=AT)
    page = client_of(person).get(reverse(f"design_{step}", args=[found.pk]))
    assert page.status_code == 200
    assert [one["is_done"] for one in page.context["rail"]] == [
        False, False, False, True, True, False, False,
    ]  # fmt: skip


# --- the tree ---------------------------------------------------------------------------------
A, B, C = ({"kind": "activated"}, {"kind": "first_used"}, {"kind": "issued_within", "days": 20})
CHANGED: dict[str, tuple[str, Any]] = {
    "up": ("1", {"all": [B, A, C]}),
    "down": ("1", {"all": [A, C, B]}),
    "negate": ("1", {"all": [A, {"not": B}, C]}),
    "group": ("1", {"all": [A, {"all": [B]}, C]}),
    "ungroup": ("1", {"all": [A, B, C]}),
    "join": ("", {"any": [A, B, C]}),
    "add_all": ("", {"all": [A, B, C, {"all": []}]}),
    "add_any": ("", {"all": [A, B, C, {"any": []}]}),
    "remove": ("1", {"all": [A, C]}),
}


@pytest.mark.parametrize("change", Change.values)
def test_each_change_of_the_tree_is_kept(change: str, client_of: Clients) -> None:
    person = StaffFactory(role="campaign_manager")
    found = begun(person, rule={"all": [A, B, C]})
    way, expected = CHANGED[change]
    post(client_of(person), "design_change", found, where="rule", way=way, change=change)
    found.refresh_from_db()
    assert (found.content["rule"], found.revision) == (expected, 2)


def test_a_tier_has_a_tree_of_its_own(client_of: Clients) -> None:
    person = StaffFactory(role="campaign_manager")
    found = begun(person)
    post(client_of(person), "design_condition", found, where="0", way="", kind="age", at_least=18)
    found.refresh_from_db()
    tier = {**TIER, "needs": {"all": [{"kind": "age", "at_least": 18}]}}
    assert found.content["rewards"]["tiers"] == [tier]


# --- two people, and what is refused ----------------------------------------------------------
def test_the_second_of_two_loses_nothing_and_overwrites_nothing_unseen(
    client_of: Clients,
) -> None:
    one, other = StaffFactory(role="campaign_manager"), StaffFactory(role="campaign_manager")
    found = begun(one)
    url = reverse("design_budget", args=[found.pk])
    client_of(one).post(url, {"revision": 1, "total": "111.00"})
    late = client_of(other)
    page = late.post(url, {"revision": 1, "total": "222.00"})
    found.refresh_from_db()
    assert (page.status_code, found.content["budget"]["total"]) == (409, "111.00")
    assert page.context["form"]["total"].value() == "222.00"
    assert one.label in page.context["stale"]
    late.post(url, {"revision": page.context["draft"].revision, "total": "222.00"})
    found.refresh_from_db()
    assert (found.content["budget"]["total"], found.revision) == ("222.00", 3)


def test_a_code_that_another_campaign_has_is_refused(client_of: Clients) -> None:
    person = StaffFactory(role="campaign_manager")
    found = begun(person)
    Draft.objects.update(code="base")
    response = post(client_of(person), "design_save", found)
    assert response.url == reverse("design_review", args=[found.pk])
    assert (Campaign.objects.count(), CampaignVersion.objects.count()) == (1, 1)
    assert Draft.objects.count() == 1


def test_discarding_takes_the_draft_away(client_of: Clients) -> None:
    person = StaffFactory(role="campaign_manager")
    found = begun(person)
    assert client_of(person).post(
        reverse("design_discard", args=[found.pk]), {"revision": 99}
    ).url == reverse("design_review", args=[found.pk])
    assert Draft.objects.count() == 1
    post(client_of(person), "design_discard", found)
    assert Draft.objects.count() == 0


def test_words_are_checked_while_they_are_typed(client_of: Clients) -> None:
    person = StaffFactory(role="campaign_manager")
    found = begun(person)
    page = post(client_of(person), "design_words", found, redeem="全国最佳礼品")
    assert [(one["anchor"], one["finding"].level) for one in page.context["found"]] == [
        ("id_redeem", "ban")
    ]


# --- an edit ----------------------------------------------------------------------------------
def test_an_edit_says_what_happens_to_everyone_inside(client_of: Clients) -> None:
    person = StaffFactory(role="campaign_manager")
    version = approved(runs_to="2099-01-01")
    card_in_use("600.00")
    card_in_use("450.00")
    client = client_of(person)
    client.post(reverse("design_edit", args=["first-gift"]))
    found = Draft.objects.get()
    assert (found.based_on, found.code) == (version, "first-gift")
    rule = found.content["rule"]
    rule["all"][3]["at_least"] = "400.00"
    found.save()
    page = client.get(reverse("design_effect", args=[found.pk]))
    moved = page.context["moved"]
    assert moved["is_exact"]
    assert [moved[name].number for name in ("leaving", "joining", "staying")] == [0, 1, 1]
    assert page.context["holders"] == 0
    assert {sign for sign, _line in page.context["changes"]} == {"+", "-"}
    post(client, "design_save", found)
    latest = CampaignVersion.objects.get(number=2)
    assert (latest.campaign, latest.state) == (version.campaign, "draft")
    version.refresh_from_db()
    assert version.state == "approved"


def test_the_conditions_of_a_tier_have_a_sentence_and_a_count(client_of: Clients) -> None:
    person = StaffFactory(role="campaign_manager")
    more = {"kind": "spending_in_window", "days": 65, "last_day": "inside", "at_least": "900.00"}
    tiers = [TIER, TIER | {"code": "high", "value": "20.00", "needs": more}]
    found = begun(person, rewards={"mode": "highest", "tiers": tiers})
    card_in_use("950.00")
    client = client_of(person)

    def counted(where: str) -> Any:
        address = reverse("design_count", args=[found.pk])
        return client.get(address, {"where": where} if where else {}).context

    rule, high = counted(""), counted("1")
    assert (rule["counted"].qualified.number, high["counted"].qualified.number) == (2, 1)
    assert [step.left for step in high["counted"].steps] == [2, 2, 2, 2, 2, 2, 1]
    assert high["clause"] == queries.clause_of({"all": [more]}) != rule["clause"]
    # The low one asks nothing beyond the rule.
    low = counted("0")
    assert (low["counted"].qualified.number, low["clause"]) == (2, None)
    page = client.get(reverse("design_audience", args=[found.pk]), {"where": "1"})
    assert f"{reverse('design_count', args=[found.pk])}?where=1" in page.content.decode()
    assert client.get(reverse("design_count", args=[found.pk]), {"where": "9"}).status_code == 404


def test_the_count_is_exact_where_it_is_quick(client_of: Clients) -> None:
    person = StaffFactory(role="campaign_manager")
    found = begun(person)
    card_in_use("1.00")
    page = client_of(person).get(reverse("design_count", args=[found.pk]))
    counted = page.context["counted"]
    assert (counted.is_exact, counted.qualified.number) == (True, 1)
    assert [step.left for step in counted.steps] == [2, 2, 2, 2, 2, 1]
