"""Calls are read by keyboard alone, the caller disputes and compliance decides; and the manager's
view refreshes itself."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from journeys.models import LeadHold, QualityDecision, QualityReview
from portal.kit import clock
from tests.browser.checks import settle
from tests.browser.conftest import OpenPage
from tests.browser.test_lead_desk import WAYS, look
from tests.factories.journeys import LeadFactory
from tests.factories.leads import caller, set_policy
from tests.factories.portal import BranchFactory, StaffFactory
from tests.factories.quality import drawn, held

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = dt.timedelta(hours=1)


@WAYS
def test_calls_are_read_by_keyboard_disputed_and_decided(
    width: int, language: str, open_page: OpenPage
) -> None:
    set_policy()
    branch, at = BranchFactory(), clock.now() - dt.timedelta(days=2)
    person = caller(branch, language=language)
    cases = [drawn(held(LeadFactory(branch=branch), person, at + n * HOUR)) for n in range(2)]
    boss = StaffFactory(role="branch_manager", branch=branch, language=language)
    page = open_page(boss, language=language, width=width)
    page.goto("/leads/calls/")
    look(page, f"calls-{language}")
    page.keyboard.press("Enter")  # the first one has the focus
    expect(page.locator("[name=mark_identity]")).to_have_count(3)
    look(page, f"call-{language}")
    for _case in cases:
        # The first criterion has the focus: a space takes its first mark, the arrows go on.
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.type("语气可以更缓")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        settle(page)
    marks = {"identity": "met", "manner": "missed"}
    assert list(QualityReview.objects.values_list("marks", flat=True)) == [marks, marks]
    assert page.url.endswith("/leads/calls/")
    page.goto("/leads/calls/results/")
    look(page, f"results-{language}")
    mine = open_page(person, language=language, width=width)
    mine.goto("/leads/calls/mine/")
    look(mine, f"mine-{language}")
    mine.goto(f"/leads/calls/mine/{cases[0].pk}/")
    look(mine, f"mine-one-{language}")
    mine.locator("[name=words]").fill("录音中语气平稳")
    mine.locator("form[action$='/dispute/'] button[type=submit]").click()
    settle(mine)
    judge = open_page(
        StaffFactory(role="compliance", language=language), language=language, width=width
    )
    judge.goto(f"/leads/calls/{cases[0].pk}/")
    look(judge, f"dispute-{language}")
    judge.locator("[name=verdict]").last.check()
    judge.locator("form[action$='/decide/'] [name=words]").fill("申诉成立，予以撤销")
    judge.locator("form[action$='/decide/'] button[type=submit]").click()
    settle(judge)
    assert QualityDecision.objects.get().verdict == "set_aside"
    mine.reload()
    look(mine, f"decided-{language}")


@WAYS
def test_the_managers_view_refreshes_itself(width: int, language: str, open_page: OpenPage) -> None:
    set_policy()
    branch, at = BranchFactory(), clock.now()
    person = caller(branch, last_login=at)
    for place in range(6):
        held(LeadFactory(branch=branch, priority=15 * place), person, at - HOUR / 2)
    LeadFactory(branch=branch, owner=person, promised_at=at - HOUR, call_from=at - HOUR)
    boss = StaffFactory(role="branch_manager", branch=branch, language=language)
    page = open_page(boss, language=language, width=width)
    page.goto("/leads/watch/")
    expect(page.locator("#watch-queue table")).to_have_count(1)
    expect(page.locator("#watch-results table")).to_have_count(1)
    look(page, f"watch-{language}")
    lead = LeadFactory(branch=branch, holder=person, held_until=at + HOUR)
    LeadHold.objects.create(lead=lead, holder=person, taken_at=at, reasons=[])
    expect(page.locator("#watch-people").get_by_text(lead.number)).to_have_count(1)
    page.locator("#watch-people a[href$='?relief=1']").click()
    expect(page.locator("main .alert-info")).to_have_count(1)
    expect(page.locator("[name=leads]:checked")).to_have_count(0)
