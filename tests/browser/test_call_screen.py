"""The call screen in a browser: a lead is worked by keys, its number is a link that goes away, and
pages of what callers are shown are sound."""

import datetime as dt
import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from journeys.models import LeadDial, LeadHold
from portal.kit import clock
from portal.models import Staff
from tests.browser.checks import faults_of, settle
from tests.browser.conftest import OpenPage
from tests.factories import scripts
from tests.factories.journeys import ContactRuleFactory, LeadFactory, ProductFactory
from tests.factories.leads import caller, set_policy, standard_tree
from tests.factories.portal import PASSWORD, BranchFactory, StaffFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db(transaction=True)
WAYS = pytest.mark.parametrize(("width", "language"), [(1280, "en"), (390, "zh-hans")])
PHONE = "15420000001"


def look(page: Page, name: str) -> None:
    """No fault on the page; and a picture where somebody asked for pictures."""
    settle(page)
    assert faults_of(page) == []
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@WAYS
def test_a_lead_is_worked_by_keys(width: int, language: str, open_page: OpenPage) -> None:
    ContactRuleFactory(opens=dt.time(0), closes=dt.time(0))  # whenever the tests run
    set_policy()
    standard_tree()
    row_of("journeys.RevealRule")
    now, card = clock.now(), ProductFactory()
    scripts.approved(now, product=card)
    scripts.script_in_use(now, "您好{person}，我是{branch}的{caller}")
    scripts.script_in_use(now, "抱歉打扰", mood="angry")
    branch = BranchFactory()
    LeadFactory(branch=branch, phone=PHONE)
    me = caller(branch, language=language)
    page = open_page(me, language=language, width=width)
    page.goto("/leads/desk/")
    settle(page)
    page.keyboard.press("Enter")  # the next lead
    page.wait_for_url("**/leads/desk/screen/")
    look(page, f"screen-{language}")
    assert PHONE not in page.content()
    page.keyboard.press("Enter")  # the number
    link = page.locator("#number a")
    expect(link).to_have_attribute("href", f"tel:{PHONE}")
    look(page, f"screen-number-{language}")
    assert LeadDial.objects.get().way == "shown"
    # The mood is chosen once: what is said follows it, and so does what is asked for again.
    page.locator("#wrap-mood_before").select_option("angry")
    expect(page.locator("#script .badge")).to_have_count(1)
    page.locator("[accesskey=g]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#script .badge")).to_have_count(1)
    page.locator("#in-hand").focus()
    for key in ("1", "1", "Enter"):  # not reached, no answer, and done
        page.keyboard.press(key)
    expect(page.locator("#in-hand [accesskey=n]")).to_have_count(1)
    assert LeadHold.objects.get().called_at is not None
    look(page, f"screen-empty-{language}")


@WAYS
def test_pages_of_what_callers_are_shown(width: int, language: str, open_page: OpenPage) -> None:
    now = clock.now()
    fact = scripts.approved(now)
    scripts.proposed(now, aspect="points")
    script = scripts.script_in_use(now, "您好", "早上好")
    manager = StaffFactory(role="campaign_manager", language=language)
    page = open_page(manager, language=language, width=width)
    for address, name in (
        ("/card-facts/", "facts"), (f"/card-facts/{fact.pk}/", "fact"),
        (f"/card-facts/new/?of={fact.pk}", "fact-new"), ("/call-scripts/", "scripts"),
        (f"/call-scripts/{script.pk}/", "script"), ("/call-scripts/new/", "script-new"),
    ):  # fmt: skip
        page.goto(address)
        look(page, f"{name}-{language}")


@WAYS
def test_what_was_typed_is_there_in_another_browser(
    width: int, language: str, open_page: OpenPage
) -> None:
    """The browser dies amid a call; the person signs in again in one that knows nothing of it."""
    ContactRuleFactory(opens=dt.time(0), closes=dt.time(0))  # whenever the tests run
    set_policy()
    standard_tree()
    branch = BranchFactory()
    lead = LeadFactory(branch=branch, phone=PHONE)
    LeadFactory(branch=branch, phone="15420000002")
    me, other = (caller(branch, language=language) for _place in range(2))
    first = open_page(me, language=language, width=width)
    first.goto("/leads/desk/screen/")
    first.keyboard.press("Enter")  # the next lead
    for key in ("2", "2"):  # promised
        first.keyboard.press(key)
    first.locator("#wrap-promised_at").fill("2099-03-02T09:30")
    first.locator("#wrap-note").fill("想比较年费，下周再谈")
    first.locator("#wrap-mood_before").select_option("hesitant")
    settle(first)
    held = LeadHold.objects.get()
    first.context.close()
    again = open_page(language=language, width=width)
    _sign_in(again, me)
    again.goto("/leads/desk/screen/")
    look(again, f"screen-again-{language}")
    expect(again.locator("#in-hand").get_by_text(lead.number)).to_have_count(1)
    typed = {
        name: again.locator(f"[name={name}]:checked").get_attribute("value")
        for name in ("disposition", "next_step")
    } | {
        name: again.locator(f"#wrap-{name}").input_value()
        for name in ("promised_at", "note", "mood_before")
    }
    assert typed == {
        "disposition": "promised", "next_step": "callback", "promised_at": "2099-03-02T09:30",
        "note": "想比较年费，下周再谈", "mood_before": "hesitant",
    }  # fmt: skip
    # It is still the same lead in the same hand, and nobody else is shown what was typed.
    assert (LeadHold.objects.get(), LeadHold.objects.get().ended_at) == (held, None)
    stranger = open_page(other, language=language, width=width)
    stranger.goto("/leads/desk/screen/")
    stranger.keyboard.press("Enter")
    expect(stranger.locator("#wrap-note")).to_have_value("")


def _sign_in(page: Page, person: Staff) -> None:
    """By name and password, as after a browser has forgotten all."""
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(person.username)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)
