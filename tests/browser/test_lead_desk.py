"""The call desk and the lead pool in a browser: leads are worked by keyboard alone, and two people
at once never see the same one."""

import datetime as dt
import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from journeys.models import Lead, LeadHold
from portal.models import Branch, Staff
from tests.browser.checks import faults_of, settle
from tests.browser.conftest import OpenPage
from tests.factories.journeys import ContactRuleFactory, LeadFactory
from tests.factories.leads import caller, set_policy
from tests.factories.portal import BranchFactory, StaffFactory

pytestmark = pytest.mark.django_db(transaction=True)
WAYS = pytest.mark.parametrize(("width", "language"), [(1280, "en"), (390, "zh-hans")])


def bank(leads: int) -> Branch:
    ContactRuleFactory(opens=dt.time(0), closes=dt.time(0))  # whenever the tests run
    set_policy()
    branch = BranchFactory()
    for place in range(leads):
        LeadFactory(branch=branch, phone=str(15420000000 + place), priority=90 - place)
    return branch


def look(page: Page, name: str) -> None:
    """No fault on the page; and a picture where somebody asked for pictures."""
    settle(page)
    assert faults_of(page) == []
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def holder_of(person: Staff) -> Lead:
    return Lead.objects.get(holder=person)


@WAYS
def test_two_people_work_leads_by_keyboard_and_never_see_the_same(
    width: int, language: str, open_page: OpenPage
) -> None:
    branch = bank(8)
    people = [caller(branch, language=language) for _place in range(2)]
    pages = [open_page(person, language=language, width=width) for person in people]
    seen: list[set[str]] = [set(), set()]
    for page in pages:
        page.goto("/leads/desk/")
        settle(page)
    look(pages[0], f"desk-empty-hand-{language}")
    for turn in range(3):
        for place, page in enumerate(pages):
            # The button has the focus: one key gives the next lead.
            page.keyboard.press("Enter")
            expect(page.locator("#in-hand form[action$='/call/']")).to_have_count(1)
            lead = holder_of(people[place])
            expect(page.locator("#in-hand").get_by_text(lead.number)).to_have_count(1)
            seen[place].add(lead.number)
        assert Lead.objects.filter(holder__isnull=False).count() == 2
        if turn == 0:
            look(pages[0], f"desk-in-hand-{language}")
        for page in pages:
            page.locator("#call-promised_at").focus()
            page.keyboard.press("Enter")
            expect(page.locator("#in-hand [accesskey=n]")).to_have_count(1)
    assert (len(seen[0]), len(seen[1]), seen[0] & seen[1]) == (3, 3, set())
    assert LeadHold.objects.exclude(called_at=None).count() == 6


@WAYS
def test_the_manager_sees_who_has_what_and_assigns(
    width: int, language: str, open_page: OpenPage
) -> None:
    branch = bank(6)
    one, _two = caller(branch), caller(branch)
    LeadFactory(branch=branch, owner=one)
    boss = StaffFactory(role="branch_manager", branch=branch, language=language)
    page = open_page(boss, language=language, width=width)
    page.goto("/leads/pool/")
    look(page, f"pool-{language}")
    page.locator("[name=count]").fill("4")
    page.locator("form[action$='/assign/'] button[type=submit]").click()
    settle(page)
    assert Lead.objects.filter(owner__isnull=False).count() == 5
    page.goto(f"/leads/pool/of/{one.username}/")
    look(page, f"holder-{language}")
    first, every = page.locator("[name=leads]").first, page.locator("[data-check-all]")
    every.check()
    assert page.locator("[name=leads]:checked").count() == Lead.objects.filter(owner=one).count()
    first.uncheck()
    assert not every.is_checked()
    first.check()
    assert every.is_checked()
    page.locator("[name=why]").fill("休假")
    page.locator("form[action$='/back/'] button[type=submit]").click()
    settle(page)
    assert Lead.objects.filter(owner=one).count() == 0
    given = Lead.objects.filter(moves__path="assign").order_by("pk")[0]
    page.goto(f"/leads/{given.pk}/")
    look(page, f"lead-{language}")
    page.goto("/leads/pool/policy/")
    look(page, f"policy-{language}")
