"""manage.py load_campaign and evaluate_campaign."""

import dataclasses
import io
import json
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import translation

from campaigns import demo
from campaigns.management.commands import evaluate_campaign
from campaigns.models import Campaign, CampaignVersion, Run
from campaigns.planning import operations as planning_operations
from campaigns.planning import queries as planning
from campaigns.planning.rules import plans
from campaigns.planning.rules.plans import Facts
from journeys.models import MessageTemplate
from tests.factories.campaigns import (
    AT,
    TIER,
    approved,
    card_in_use,
    draft,
    message_texts,
    plan_text,
)
from tests.factories.journeys import ProductFactory
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db


def evaluate(*arguments: str) -> str:
    out = io.StringIO()
    call_command("evaluate_campaign", *arguments, "--sync", stdout=out, stderr=io.StringIO())
    return out.getvalue()


@time_machine.travel(AT)
def test_a_live_run_is_told_as_json() -> None:
    approved()
    good = card_in_use()
    card_in_use(spent="1.00")
    found = json.loads(evaluate("first-gift", "--on", "2026-06-30", "--kind", "live", "--json"))
    run = Run.objects.get()
    assert found.pop("seconds") > 0
    assert [step.pop("sentence") != "" for step in found["funnel"]] == [True] * 5
    assert found == {
        "run": run.pk, "campaign": "first-gift", "version": 1, "kind": "live",
        "on": "2026-06-30", "state": "done", "customers": 2, "qualified": 1,
        "outcomes": {
            "qualified": 1, "no_card": 0, "not_qualified": 1, "no_tier": 0, "other_branch": 0,
        },
        "awards": {"granted": 1}, "awarded_amount": "10.00",
        "branches": {good.customer.branch.code: [1, "10.00"]}, "parties": {"bank": "10.00"},
        "tiers": {"first-gift": [1, "10.00"]}, "days": {"2026-06-30": [1, "10.00"]},
        "ran_out": [],
        "funnel": [
            {"condition": "has_card", "failed": 0}, {"condition": "issued_within", "failed": 0},
            {"condition": "activated", "failed": 0}, {"condition": "first_used", "failed": 0},
            {"condition": "spending_in_window", "failed": 1},
        ],
        "gate": {"open": 1}, "messages": {"queued": 1}, "queued": 1, "grants": 1,
        "granted_amount": "10.00",
    }  # fmt: skip


def test_a_preview_is_told_in_lines() -> None:
    draft()
    card_in_use()
    lines = evaluate("first-gift", "--on", "2026-06-30").splitlines()
    assert lines[1] == "Customers 1, qualified 1"
    assert lines[-1] == ("Granted 0 (¥0), messages queued 0; all messages of this version: none")


@pytest.mark.parametrize(("arguments", "problem"), [
    (["none"], "There is no campaign none; known campaigns: first-gift."),
    (["first-gift", "--on", "30.06.2026"], "30.06.2026 is not a day such as 2026-03-31."),
])  # fmt: skip
def test_what_cannot_be_run_is_told_in_a_sentence(arguments: list[str], problem: str) -> None:
    draft()
    with pytest.raises(CommandError) as refused:
        evaluate(*arguments)
    assert (str(refused.value), refused.value.returncode) == (problem, 2)
    assert not Run.objects.exists()


@pytest.mark.parametrize("arguments", [["--kind", "live"], ["--on", "9999-01-01"]])
def test_a_run_that_is_not_allowed_ends_with_two(arguments: list[str]) -> None:
    draft()
    with pytest.raises(CommandError) as refused:
        evaluate("first-gift", *arguments)
    assert refused.value.returncode == 2
    assert not Run.objects.exists()


@time_machine.travel(AT)
def test_a_failed_run_ends_with_one() -> None:
    message_texts("{unheard}")
    approved()
    card_in_use()
    with pytest.raises(CommandError) as refused:
        evaluate("first-gift", "--on", "2026-06-30", "--kind", "live")
    assert refused.value.returncode == 1


@time_machine.travel(AT)
def test_an_evening_is_started_and_worked_in_its_order() -> None:
    for code, priority in (("late", 60), ("soon", 10), ("void", 20)):
        approved(code=code, name=code, name_en=code, priority=priority)
    card_in_use()
    planning_operations.stop_campaign(
        campaign_id=Campaign.objects.get(code="void").pk, reason="a wrong word",
        actor=StaffFactory(role="compliance"), at=AT,
    )  # fmt: skip
    out = io.StringIO()
    call_command("evaluate_evening", "--on", "2026-06-30", "--sync", stdout=out)
    runs = list(Run.objects.order_by("id").values_list("campaign__code", "state"))
    assert runs == [("soon", "done"), ("late", "done")]
    assert [line.split(" of ")[1] for line in out.getvalue().splitlines()] == [
        "soon v1 started", "late v1 started",
    ]  # fmt: skip


@time_machine.travel(AT)
def test_an_evening_that_leaves_something_out_says_it_and_ends_with_one() -> None:
    approved()
    err = io.StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("evaluate_evening", "--on", "2026-07-01", stdout=io.StringIO(), stderr=err)
    assert refused.value.returncode == 1
    assert err.getvalue().count("\n") == 1
    assert not Run.objects.exists()


def test_a_file_is_loaded(tmp_path: Path) -> None:
    ProductFactory()
    StaffFactory(role="campaign_manager", username="maker")
    path = tmp_path / "campaign.yaml"
    path.write_text(plan_text(), encoding="utf-8")
    call_command("load_campaign", str(path), "--owner", "maker", stdout=io.StringIO())
    assert Campaign.objects.get().owner.username == "maker"
    # The texts that the known case names came along: a bank without the demo has none before.
    assert set(MessageTemplate.objects.values_list("code", flat=True)) == {"first_gift"}


def dump(*arguments: str) -> str:
    out = io.StringIO()
    call_command("dump_campaign", *arguments, stdout=out)
    return out.getvalue()


def test_a_dumped_version_is_loaded_as_the_version_it_was(tmp_path: Path) -> None:
    """The texts hold what YAML might take for something else: signs, numbers, a comment."""
    odd = TIER | {"name": "礼：#1 “好”", "name_en": "- yes: 'no' # 1.0", "stock": 5}
    first = draft(rewards={"mode": "each", "tiers": [odd]}, era="1.0", control_percent=0)
    second = draft(name_en="0755", rewards={"tiers": [odd]}, branches=[])
    path = tmp_path / "campaign.yaml"
    call_command("dump_campaign", "first-gift", "--out", str(path), stdout=io.StringIO())
    loaded = planning_operations.load_campaign(
        text=path.read_text(encoding="utf-8"), owner=second.created_by, at=AT
    )
    assert (loaded, CampaignVersion.objects.count()) == (second, 2)
    assert dump("first-gift", "--version", "2") == path.read_text(encoding="utf-8")
    # An earlier one, loaded, is a new version that says the same.
    loaded = planning_operations.load_campaign(
        text=dump("first-gift", "--version", "1"), owner=second.created_by, at=AT
    )
    assert (loaded.number, loaded.content, loaded.content_hash) == (
        3, first.content, first.content_hash,
    )  # fmt: skip


def test_a_version_in_the_form_of_an_earlier_day_is_dumped_and_known_again() -> None:
    old = draft()
    content = {name: value for name, value in old.content.items() if name not in {
        "rewards", "evidence", *(part.name for part in dataclasses.fields(Facts)),
    }}  # fmt: skip
    tier = {name: value for name, value in TIER.items() if name not in {"kind", "value"}}
    content |= {
        "campaign": plans.facts_of(old.content), "reward": tier | {"amount": TIER["value"]},
    }  # fmt: skip
    CampaignVersion.objects.update(content=content, content_hash="0" * 64)
    loaded = planning_operations.load_campaign(text=dump("first-gift"), owner=old.created_by, at=AT)
    assert (loaded, CampaignVersion.objects.count()) == (old, 1)


@pytest.mark.parametrize(("arguments", "problem"), [
    (["none"], "There is no campaign none; known campaigns: first-gift."),
    (["first-gift", "--version", "7"], "first-gift has no such version; it has: 1."),
    (["first-gift", "--out", "/nowhere/x.yaml"],
     "/nowhere/x.yaml cannot be written: No such file or directory."),
])  # fmt: skip
def test_what_cannot_be_dumped_is_told_in_a_sentence(arguments: list[str], problem: str) -> None:
    draft()
    with translation.override("en"), pytest.raises(CommandError) as refused:
        dump(*arguments)
    assert (str(refused.value), refused.value.returncode) == (problem, 2)


@pytest.mark.parametrize("content", [None, "新".encode("gb18030"), b"code: 1"])
def test_a_file_that_cannot_be_used_ends_with_two(tmp_path: Path, content: Any) -> None:
    StaffFactory(role="campaign_manager", username="maker")
    path = tmp_path / "campaign.yaml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError) as refused:
        call_command("load_campaign", str(path), "--owner", "maker")
    assert refused.value.returncode == 2
    assert not Campaign.objects.exists()


def test_the_demo_bank_has_the_known_case() -> None:
    for code in ("CLASSIC", "TRAVEL", "PLATINUM"):
        ProductFactory(code=code)
    message_texts()
    StaffFactory(role="campaign_manager", username="campaign_manager")
    StaffFactory(role="approver", username="approver")
    StaffFactory(role="compliance", username="compliance")
    demo.build_campaigns(on=AT.date(), at=AT)
    version = planning.approved_version(Campaign.objects.get(code="first-gift"))
    assert version is not None
    assert (version.content["issued_from"], version.content["issued_to"]) == (
        "2025-10-01", "2026-07-01",
    )  # fmt: skip
    run = Run.objects.get(version=version)
    assert (run.kind, run.state, run.on_date) == ("dry_run", "done", AT.date())
    earlier = Run.objects.exclude(version=version).order_by("id")
    assert [(run.kind, run.state, run.version.number) for run in earlier] == [
        ("dry_run", "done", 1), ("live", "done", 1), ("dry_run", "done", 2), ("live", "done", 2),
        # The campaigns whose rewards follow spending, and persons brought.
        ("dry_run", "done", 1), ("live", "done", 1), ("dry_run", "done", 1), ("live", "done", 1),
        # Member benefits; then the version that waits, the touch plan, and the two of a group.
        ("dry_run", "done", 1), ("live", "done", 1),
        ("dry_run", "done", 3),
        ("dry_run", "done", 1), ("live", "done", 1),
        ("dry_run", "done", 1), ("live", "done", 1), ("dry_run", "done", 1), ("live", "done", 1),
    ]  # fmt: skip
    draft_version = planning.latest_version(Campaign.objects.get(code="dining-week"))
    assert draft_version is not None
    blocked = [fault.place for fault in planning.faults_of(draft_version, on=AT.date())
               if fault.is_block]  # fmt: skip
    assert blocked == ["budget.total", "rewards.tiers[0].value", "name"]


def test_without_a_worker_the_command_does_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluate_campaign, "_PATIENCE", 0.1)
    draft()
    card_in_use()
    said = io.StringIO()
    call_command(
        "evaluate_campaign", "first-gift", "--on", "2026-06-30", stdout=io.StringIO(), stderr=said
    )
    assert said.getvalue().splitlines() == [
        "0 of 1 parts done, 0 decided, 0 qualified",
        "No worker answers; working in this process.",
    ]
    assert Run.objects.get().state == "done"
