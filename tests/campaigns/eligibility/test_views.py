"""Pages of runs and decisions: what they show, to whom, and what they start."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from campaigns.eligibility import operations as eligibility
from campaigns.models import Campaign, Decision, Grant, Run
from campaigns.planning import operations as planning
from portal.kit import clock
from tests.factories.campaigns import (
    AT,
    ON,
    TIER,
    approved,
    card_in_use,
    draft,
    message_texts,
)
from tests.factories.journeys import DAY, CustomerFactory
from tests.factories.portal import BranchFactory, StaffFactory

pytestmark = pytest.mark.django_db
Clients = Callable[..., Client]

# A day on which the window of 65 days is open for cards issued on DAY, 35 days of it left.
EARLY = DAY + dt.timedelta(days=30)


def finished(kind: str = "live", *, is_fit: bool = True, on: dt.date = ON, **changes: Any) -> Run:
    if not is_fit:
        message_texts("{unheard}")
    version = approved(**changes)
    at = AT - (ON - on)
    run = eligibility.start_run(version_id=version.pk, kind=kind, on=on, started_by=None, at=at)
    eligibility.work_run(run_id=run.pk, now=lambda: at)
    run.refresh_from_db()
    return run


def test_a_going_run_shows_progress_and_reloads_when_it_ends(client_of: Clients) -> None:
    version = approved()
    card_in_use()
    run = eligibility.start_run(version_id=version.pk, kind="live", on=ON, started_by=None, at=AT)
    client = client_of("campaign_manager")
    page = client.get(reverse("run_page", args=[run.pk]))
    assert "figures" not in page.context
    assert f'hx-get="{reverse("run_progress", args=[run.pk])}"' in page.content.decode()
    part = client.get(reverse("run_progress", args=[run.pk]))
    assert (part.context["progress"].percent, part.get("HX-Refresh")) == (0, None)
    eligibility.work_run(run_id=run.pk, now=lambda: AT)
    ended = client.get(reverse("run_progress", args=[run.pk]))
    assert (ended.context["progress"].percent, ended.get("HX-Refresh")) == (100, "true")


def test_a_run_that_has_ended_shows_its_figures(client_of: Clients) -> None:
    card_in_use(), card_in_use(), card_in_use(spent="5.00")
    page = client_of("analyst").get(reverse("run_page", args=[finished().pk]))
    figures = page.context["figures"]
    assert (figures.customers, figures.qualified) == (3, 2)
    assert [(step.kind, step.reached, step.failed) for step in figures.steps] == [
        ("has_card", 3, 0),
        ("issued_within", 3, 0),
        ("activated", 3, 0),
        ("first_used", 3, 0),
        ("spending_in_window", 3, 1),
    ]
    assert (figures.gate, figures.messages) == ({"open": 2}, {"queued": 2})
    assert (figures.grants.count, page.context["granted_amount"]) == (2, "¥20")
    assert "<svg" in page.content.decode()
    assert page.context["may_see_customers"] is False


def test_a_failed_part_is_told_in_words(client_of: Clients) -> None:
    card_in_use()
    run = finished(is_fit=False)
    page = client_of("campaign_manager").get(reverse("run_page", args=[run.pk]))
    assert [chunk.number for chunk in page.context["failed_chunks"]] == [1]
    assert "ContextIncomplete" in page.content.decode()


@pytest.mark.parametrize("kind", ["preview", "live"])
def test_a_run_is_started_from_its_page(client_of: Clients, kind: str) -> None:
    version = approved(runs_to="2099-01-01")
    card_in_use()
    manager = StaffFactory(role="campaign_manager")
    client = client_of(manager)
    url = reverse(f"run_start_{kind}", args=["first-gift"])
    asked = client.get(url)
    assert asked.context["is_live"] is (kind == "live")
    assert not Run.objects.exists()
    answer = client.post(url, {"on": clock.today().isoformat()})
    run = Run.objects.get()
    assert answer.url == reverse("run_page", args=[run.pk])
    assert (run.kind, run.on_date, run.started_by, run.version_id) == (
        kind, clock.today(), manager, version.pk,
    )  # fmt: skip


@pytest.mark.parametrize("day", ["", "2026-13-01", "9999-01-01", "x"])
def test_a_bad_day_starts_nothing(client_of: Clients, day: str) -> None:
    approved()
    client = client_of("campaign_manager")
    page = client.post(reverse("run_start_live", args=["first-gift"]), {"on": day})
    assert (page.status_code, page.context["form"].is_valid()) == (200, False)
    assert not Run.objects.exists()


def test_without_approval_no_live_run_is_offered(client_of: Clients) -> None:
    draft()
    client = client_of("campaign_manager")
    page = client.post(
        reverse("run_start_live", args=["first-gift"]), {"on": clock.today().isoformat()}
    )
    assert page.context["version"] is None
    assert not Run.objects.exists()


def test_a_stopped_campaign_says_why_nothing_starts(client_of: Clients) -> None:
    version = approved()
    planning.stop_campaign(
        campaign_id=version.campaign_id, reason="x", actor=StaffFactory(role="compliance"), at=AT
    )
    page = client_of("campaign_manager").post(
        reverse("run_start_live", args=["first-gift"]), {"on": clock.today().isoformat()}
    )
    assert len(page.context["form"].non_field_errors()) == 1
    assert not Run.objects.exists()


def test_decisions_are_found_by_outcome_condition_and_customer(client_of: Clients) -> None:
    good, poor = card_in_use(), card_in_use(spent="5.00")
    run = finished()
    client, url = client_of("campaign_manager"), reverse("run_decisions", args=[run.pk])

    def listed(**query: Any) -> list[int]:
        return [row.customer_id for row in client.get(url, query).context["page"].rows]

    assert listed() == [good.customer_id, poor.customer_id]
    assert listed(outcome="qualified") == [good.customer_id]
    assert listed(failed="3") == [poor.customer_id]
    assert listed(failed="0") == []
    assert listed(number=poor.customer.number) == [poor.customer_id]
    assert listed(failed="x' OR 1=1") == [good.customer_id, poor.customer_id]


def test_a_branch_manager_sees_only_decisions_about_own_customers(client_of: Clients) -> None:
    own, other = card_in_use(), card_in_use()
    run = finished()
    manager = StaffFactory(role="branch_manager", branch=own.customer.branch)
    client = client_of(manager)
    rows = client.get(reverse("run_decisions", args=[run.pk])).context["page"].rows
    assert [row.customer_id for row in rows] == [own.customer_id]
    seen = Decision.objects.get(run=run, customer=own.customer)
    hidden = Decision.objects.get(run=run, customer=other.customer)
    assert client.get(reverse("decision_page", args=[seen.pk])).status_code == 200
    assert client.get(reverse("decision_page", args=[hidden.pk])).status_code == 404
    for customer, status in ((own.customer, 200), (other.customer, 404)):
        url = reverse("customer_timeline", args=[customer.number])
        assert client.get(url).status_code == status


def test_a_receipt_shows_each_condition_and_what_was_done(client_of: Clients) -> None:
    card = card_in_use()
    run = finished()
    decision = Decision.objects.get(run=run)
    page = client_of("compliance").get(reverse("decision_page", args=[decision.pk]))
    assert [line.finding for line in page.context["lines"]] == ["met"] * 4
    assert page.context["lines"][3].explanation.have == "¥600"
    assert [one for one, *_told in page.context["grants"]] == [Grant.objects.get()]
    assert page.context["message"].customer_id == card.customer_id
    text = page.content.decode()
    assert run.version.content_hash in text
    assert card.customer.name not in text
    assert "王**" in text


def test_a_receipt_names_each_reward_that_was_given(client_of: Clients) -> None:
    """Where each tier adds, a customer has several: none of them is left out."""
    card_in_use()
    tiers = [
        TIER | {"code": "tea", "name": "茶", "name_en": "Tea", "value": "10.00"},
        TIER | {"code": "cup", "name": "杯", "name_en": "Cup", "value": "25.00"},
    ]
    run = finished(rewards={"mode": "each", "tiers": tiers})
    page = client_of("compliance").get(
        reverse("decision_page", args=[Decision.objects.get(run=run).pk])
    )
    assert [told[:2] for _grant, *told in page.context["grants"]] == [["茶", "¥10"], ["杯", "¥25"]]
    text = page.content.decode()
    assert all(said in text for said in ("茶", "¥10", "杯", "¥25"))


def test_a_customer_without_a_card_has_a_receipt_too(client_of: Clients) -> None:
    card_in_use(issued_date=ON, activated_date=ON, first_used_date=ON)
    decision = Decision.objects.get(run=finished())
    page = client_of("compliance").get(reverse("decision_page", args=[decision.pk]))
    assert [line.finding for line in page.context["lines"]] == ["not_examined"] * 4


def test_decisions_about_a_customer_stand_on_the_timeline(client_of: Clients) -> None:
    card = card_in_use()
    run = finished()
    client = client_of("compliance")
    url = reverse("customer_timeline", args=[card.customer.number])
    (day,) = client.get(url, {"kind": "decisions"}).context["days"]
    assert [entry.row.id for entry in day["entries"]] == [run.pk]
    decision = Decision.objects.get(run=run)
    assert reverse("decision_page", args=[decision.pk]) in client.get(url).content.decode()
    new = reverse("customer_timeline", args=[CustomerFactory().number])
    assert client.get(new, {"kind": "decisions"}).context["days"] == []


def test_nobody_learns_whether_a_customer_elsewhere_exists(client_of: Clients) -> None:
    here = card_in_use().customer.branch
    there, new = card_in_use().customer, CustomerFactory()
    finished()
    client = client_of(StaffFactory(role="branch_manager", branch=here))
    answers = {
        number: client.get(reverse("customer_timeline", args=[number])).status_code
        for number in (there.number, new.number, "nobody")
    }
    assert set(answers.values()) == {404}


@pytest.mark.parametrize(("name", "key"), [
    ("run_page", 9), ("run_progress", 9), ("run_decisions", 9), ("decision_page", 9),
    ("run_start_live", "none"), ("campaign_page", "none"), ("campaign_version", 9),
])  # fmt: skip
def test_what_does_not_exist_is_not_found(client_of: Clients, name: str, key: Any) -> None:
    assert client_of("campaign_manager").get(reverse(name, args=[key])).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_ask_the_same_number_of_questions(
    client_of: Clients, rows: int, django_assert_max_num_queries: Any
) -> None:
    for _number in range(rows):
        card_in_use(customer__branch=BranchFactory())
    run = finished()
    client = client_of("campaign_manager")
    with django_assert_max_num_queries(8):
        client.get(reverse("run_decisions", args=[run.pk]))
    with django_assert_max_num_queries(8):
        client.get(reverse("campaign_runs", args=["first-gift"]))


@pytest.mark.parametrize(("role", "has_panel"), [
    ("campaign_manager", True), ("analyst", True), ("telemarketer", False),
])  # fmt: skip
def test_the_home_page_shows_runs(client_of: Clients, role: str, has_panel: bool) -> None:
    card_in_use()
    run = finished()
    text = client_of(role).get(reverse("home")).content.decode()
    # In the table of runs, and as the latest live run.
    shown = 2 if has_panel else 0
    assert text.count(f'href="{reverse("run_page", args=[run.pk])}"') == shown


@pytest.mark.parametrize(("later", "left"), [(0, 35), (1, 34), (35, 0), (36, None)])
def test_near_misses_come_by_their_gap(client_of: Clients, later: int, left: int | None) -> None:
    far, near = card_in_use(spent="1.00"), card_in_use(spent="499.99")
    card_in_use(spent="600.00")
    run = finished("dry_run", on=EARLY)
    moment = dt.datetime.combine(EARLY + dt.timedelta(days=later), dt.time(4), dt.UTC)
    with time_machine.travel(moment, tick=False):
        page = client_of("campaign_manager").get(reverse("near_misses", args=[run.pk]))
    assert [(row.customer_id, gap, days) for row, gap, days in page.context["lines"]] == [
        (near.customer_id, "¥0.01", left), (far.customer_id, "¥499", left),
    ]  # fmt: skip


def test_near_misses_of_a_campaign_that_is_stopped_are_none(client_of: Clients) -> None:
    card_in_use(spent="499.99")
    run = finished("dry_run", on=EARLY)
    Campaign.objects.update(stopped_at=AT)
    manager = StaffFactory(role="campaign_manager", language="en")
    page = client_of(manager).get(reverse("near_misses", args=[run.pk]))
    assert (page.context["lines"], page.context["may_edit"]) == ([], False)
    words = "The campaign is stopped, or its version is approved no longer."
    assert words in page.content.decode()


def test_a_branch_manager_sees_near_misses_of_own_customers(client_of: Clients) -> None:
    own = card_in_use(spent="1.00")
    card_in_use(spent="1.00")
    run = finished("dry_run", on=EARLY)
    manager = StaffFactory(role="branch_manager", branch=own.customer.branch)
    page = client_of(manager).get(reverse("near_misses", args=[run.pk]))
    assert [row.customer_id for row, _gap, _days in page.context["lines"]] == [own.customer_id]


def test_a_customers_page_says_what_each_campaign_decided_and_what_is_missing(
    client_of: Clients,
) -> None:
    card = card_in_use(spent="499.99")
    finished("dry_run", on=EARLY)
    live = finished(on=EARLY)
    with time_machine.travel(dt.datetime.combine(EARLY, dt.time(4), dt.UTC), tick=False):
        client = client_of("campaign_manager")
        part = client.get(reverse("customer_receipts", args=[card.customer.number]))
    client = client_of("campaign_manager")
    (receipt,) = part.context["receipts"]
    assert receipt.decision.run_id == live.pk
    assert (receipt.line.explanation.gap, receipt.days_left) == ("¥0.01", 35)
    new = client.get(reverse("customer_receipts", args=[CustomerFactory().number]))
    assert new.context["receipts"] == []
    page = client.get(reverse("customer_page", args=[card.customer.number]))
    assert reverse("customer_receipts", args=[card.customer.number]) in page.content.decode()


def test_a_dry_run_says_what_would_be(client_of: Clients) -> None:
    card_in_use(), card_in_use(spent="1.00")
    run = finished("dry_run")
    page = client_of("campaign_manager").get(reverse("run_page", args=[run.pk]))
    assert (page.context["given_amount"], page.context["may_be_told"]) == ("¥10", 1)
    assert not Grant.objects.exists()


@pytest.mark.parametrize("kind", ["preview", "dry_run", "back_test", "live"])
def test_each_kind_is_started_from_its_page(client_of: Clients, kind: str) -> None:
    approved()
    client = client_of("campaign_manager")
    url = reverse(f"run_start_{kind}", args=["first-gift"])
    days = {"on": ON.isoformat()} | ({"first": "2026-06-01"} if kind == "back_test" else {})
    assert client.get(url).status_code == 200
    if kind == "live":
        refused = client.post(url, days)
        assert len(refused.context["form"].non_field_errors()) == 1
        assert not Run.objects.exists()
    with time_machine.travel(AT, tick=False):
        assert client.post(url, days).status_code == 302
    run = Run.objects.get()
    assert (run.kind, run.on_date, str(run.first_date)) == (
        kind, ON, "2026-06-01" if kind == "back_test" else "None",
    )  # fmt: skip
