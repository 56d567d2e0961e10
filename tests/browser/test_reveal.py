"""A value in full goes away by itself: in sight, in a hidden tab, after sleep, on the way back."""

import re

import pytest
from playwright.sync_api import Page, expect

from journeys.models import Reveal
from portal.staff.enums import Role
from tests.browser.checks import faults_of, settle
from tests.browser.conftest import OpenPage
from tests.factories.journeys import CustomerFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = "13912345678"


def revealed(open_page: OpenPage, *, width: int = 1280) -> Page:
    """The page of a customer whose phone was just revealed."""
    row_of("journeys.RevealRule", per_day=20)
    customer = CustomerFactory(phone=PHONE)
    page = open_page(Role.COMPLIANCE, language="en", width=width)
    page.clock.install()
    page.goto(f"/customers/{customer.number}/")
    settle(page)  # what comes later than the page may take the place of what is clicked
    assert PHONE not in page.content()
    page.get_by_role("button", name="Show in full: Phone").click()
    assert faults_of(page) == []
    page.get_by_label("What for").select_option("complaint")
    page.get_by_label("In words").fill("called back about the bill")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("[data-revealed]")).to_contain_text(PHONE)
    settle(page)
    return page


def test_the_value_goes_after_sixty_seconds(open_page: OpenPage) -> None:
    page = revealed(open_page)
    expect(page.locator("[data-revealed-note]")).to_contain_text("1 of 20 today")
    assert PHONE not in page.url
    assert faults_of(page) == []
    page.clock.run_for(40_000)
    assert PHONE in page.content()
    page.clock.run_for(21_000)
    expect(page.get_by_role("button", name="Show in full: Phone")).to_be_visible()
    assert PHONE not in page.content()
    assert Reveal.objects.count() == 1


def test_it_goes_although_timers_stood_still(open_page: OpenPage) -> None:
    """A hidden tab or a sleeping computer runs no timers: the end is looked at on the way back."""
    page = revealed(open_page)
    page.clock.set_fixed_time(page.evaluate("Date.now() + 3600 * 1000"))
    assert PHONE in page.content()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert PHONE not in page.content()


def test_without_the_server_the_value_goes_all_the_same(open_page: OpenPage) -> None:
    page = revealed(open_page)
    page.context.set_offline(True)
    page.clock.run_for(61_000)
    assert PHONE not in page.content()
    expect(page.locator("dl")).to_contain_text("139****5678")


def test_leaving_the_page_takes_the_value_away(open_page: OpenPage) -> None:
    page = revealed(open_page)
    page.evaluate("window.dispatchEvent(new Event('pagehide'))")
    assert PHONE not in page.content()
    stored = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert PHONE not in stored


def test_it_can_be_hidden_at_once_and_refusals_stand_in_its_place(open_page: OpenPage) -> None:
    page = revealed(open_page, width=390)
    page.get_by_role("button", name="Hide").click()
    expect(page.get_by_role("button", name="Show in full: Phone")).to_be_visible()
    page.get_by_role("button", name="Show in full: E-mail").click()
    page.get_by_label("What for").select_option("complaint")
    page.get_by_label("In words").fill("x")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text=re.compile("8 characters"))).to_be_visible()
    assert page.get_by_label("In words").input_value() == "x"
    assert faults_of(page) == []
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Show in full: E-mail")).to_be_visible()
