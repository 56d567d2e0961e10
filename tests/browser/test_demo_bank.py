"""The lists and panels of the demo bank in a real browser, and what its plans send by the clock."""

import datetime as dt
import importlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.apps import apps
from django.core.management import call_command
from playwright.sync_api import Page

from campaigns.models import Decision, Run, TouchStep
from journeys.contact import operations as contact
from journeys.models import ConsentText, Customer, Message, ReceivedMessage
from merchants.models import Merchant
from portal.celery import app as celery
from portal.kit import clock
from portal.models import Staff, Submission
from portal.schedule import BEAT_SCHEDULE
from tests.browser.checks import visit
from tests.browser.conftest import OpenPage
from tests.factories import targets
from tests.processes import Processes

# What migrations write into a new database, and other tests before a live server have emptied.
DELIVERED = [
    ("Division", "0004_divisions", "seed"),
    ("PartnershipRule", "0010_partnership_rule", "set_rule"),
    ("EvidenceRule", "0050_first_rules_of_evidence", "set_rules"),
    ("NegotiationRule", "0018_negotiation_rule", "set_rule"),
    ("Playbook", "0011_first_playbooks", "write"),
    ("RefusalReason", "0021_first_reasons", "plant"),
    ("PostRule", "0026_post_rule", "set_rule"),
    ("CityTier", "0030_comparison_guards", "name_sizes"),
]


def deliver() -> None:
    """This will write anew what migrations deliver, where it is gone."""
    targets.set_rule()
    for model, name, function in DELIVERED:
        if not apps.get_model("merchants", model)._default_manager.exists():
            getattr(importlib.import_module(f"merchants.migrations.{name}"), function)(apps, None)


@pytest.fixture
def bank(transactional_db: None) -> None:
    """A small demo bank in a database as it is delivered."""
    deliver()
    call_command("seed_demo", "--customers", "200")


@pytest.mark.usefixtures("bank")
def test_every_page_is_sound_for_those_who_work_with_it(open_page: OpenPage) -> None:
    customer = Customer.objects.filter(
        branch__code="ZJ01", cards__first_used_date__isnull=False, consents__isnull=False
    ).first()
    merchant = Merchant.objects.filter(manager__username="relationship_manager").first()
    assert customer is not None
    assert merchant is not None
    run = Run.objects.get(version__campaign__code="first-gift")
    decided = Decision.objects.filter(run=run, outcome="qualified").first()
    assert decided is not None
    submission = Submission.objects.get(kind="campaign_version", target_key=str(run.version_id))
    visits = {
        "campaign_manager": [
            "/",
            "/campaigns/",
            "/campaigns/first-gift/",
            f"/campaigns/runs/{run.pk}/",
            f"/campaigns/runs/{run.pk}/decisions/",
            f"/campaigns/decisions/{decided.pk}/",
            "/imports/",
            "/stages/?by=product",
            "/applications/clock/?clock=near",
        ],
        "approver": ["/", "/approvals/?show=decided", f"/approvals/{submission.pk}/"],
        "compliance": ["/", "/campaigns/first-gift/", "/audit/"],
        "analyst": ["/", "/stages/?by=branch"],
        "administrator": ["/"],
        "branch_manager": [
            "/",
            "/customers/",
            f"/customers/{customer.number}/",
            "/leads/",
            "/stages/",
            "/applications/clock/",
        ],
        "relationship_manager": ["/", "/merchants/", f"/merchants/{merchant.number}/"],
        "telemarketer": ["/", "/leads/?state=won&source=post"],
    }
    for username, addresses in visits.items():
        staff = Staff.objects.get(username=username)
        for language, width in (("zh-hans", 1280), ("en", 390)):
            page = open_page(staff, language=language, width=width)
            for address in addresses:
                assert visit(page, address).status == 200
                page.wait_for_load_state("networkidle")


# --- by the clock ---------------------------------------------------------------------------------
DAY, MINUTE, MOST_MORNINGS = dt.date(2026, 11, 23), 60.0, 60
PLAN = "campaign:new-card-journey:v1"
# What each text of the plan says in a language.
SENDER = {"zh-hans": "【信用卡中心】", "en": "[Credit Card Centre]"}


@pytest.fixture
def bank_of_two_languages(transactional_db: None, settings: Any) -> Iterator[dt.date]:
    """A small demo bank as `make run` has it, with practice gateways, where every second one of
    those with steps ahead reads English, and every second pair is told by mail; its day."""
    deliver()
    call_command("seed_demo", "--customers", "300", "--on", DAY.isoformat())
    text = ConsentText.objects.filter(purpose="marketing").latest("effective_date")
    ahead = TouchStep.objects.filter(code="to-go-60", state="waiting").order_by("pk")
    for number, who in enumerate(ahead.values_list("customer_id", flat=True)):
        Customer.objects.filter(pk=who).update(language=list(SENDER)[number % 2])
        wanted, other = (("sms", "email"), ("email", "sms"))[number // 2 % 2]
        said: dict[str, Any] = {
            "customer_id": who, "evidence": "form", "actor": None, "at": clock.start_of(DAY),
        }  # fmt: skip
        contact.record_consent(**said, text_id=text.pk, channel=wanted)
        contact.withdraw_consent(**said, purpose="marketing", channel=other)
    with Processes() as processes:
        processes.start_sandbox()
        for name, value in processes.gateways().items():
            setattr(settings, name, value)
        settings.SANDBOX_HTTP_PORT = urlsplit(settings.SMS_URL).port
        settings.PUSH_URL = settings.SMS_URL.replace("/cgi-bin/sendsms", "/push")
        yield DAY


def a_minute_by_the_clock() -> None:
    """Whatever the schedule asks for at least once a minute, by the names that stand there."""
    celery.loader.import_default_modules()  # as a worker does
    for row in BEAT_SCHEDULE.values():
        if row["schedule"] <= MINUTE:
            celery.tasks[row["task"]].apply(throw=True)


def heard() -> set[tuple[str, str]]:
    """By which channels, and in which languages, something of the plan arrived."""
    found = set()
    for row in ReceivedMessage.objects.filter(pk__in=of_the_plan()):
        found |= {(row.channel, code) for code, words in SENDER.items() if words in row.body}
    return found


def of_the_plan() -> list[int]:
    """What the gateways have of the plan, by their keys."""
    rows = ReceivedMessage.objects.values_list("pk", "message_key")
    by_message = {int(key.partition("-")[0]): pk for pk, key in rows}
    known = Message.objects.filter(pk__in=by_message, origin=PLAN).values_list("pk", flat=True)
    return [by_message[pk] for pk in known]


def shown_in(page: Page, channel: str, words: str) -> list[str]:
    """The texts that the page of the practice gateways shows, of those with some words."""
    assert visit(page, f"/sandbox/?channel={channel}&words={words}").status == 200
    return page.locator("#received article").all_inner_texts()


def test_its_plans_run_by_themselves_and_the_gateways_show_what_they_send(
    bank_of_two_languages: dt.date, open_page: OpenPage
) -> None:
    day, sent = bank_of_two_languages, set(Message.objects.filter(state="sent"))
    assert not ReceivedMessage.objects.exists()
    wanted = {(channel, code) for channel in ("sms", "email") for code in SENDER}
    for number in range(MOST_MORNINGS):
        morning = clock.start_of(day + dt.timedelta(days=number)) + dt.timedelta(hours=10)
        with time_machine.travel(morning):
            a_minute_by_the_clock()
        if wanted <= heard():
            break
    assert wanted <= heard()
    # Whatever went since then by a gateway is there, once.
    keys = list(ReceivedMessage.objects.values_list("message_key", flat=True))
    went = {one.pk for one in set(Message.objects.filter(state="sent")) - sent
            if one.channel in ("sms", "email", "push")}  # fmt: skip
    assert sorted(int(key.partition("-")[0]) for key in keys) == sorted(went)
    manager = Staff.objects.get(username="campaign_manager")
    for language, width in (("zh-hans", 1280), ("en", 390)):
        page = open_page(manager, language=language, width=width)
        for channel, code in sorted(wanted):
            texts = shown_in(page, channel, SENDER[code])
            assert texts
            assert all(SENDER[code] in text for text in texts)
