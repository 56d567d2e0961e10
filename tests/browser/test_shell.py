"""The frame of the portal in a real browser."""

import pytest
from playwright.sync_api import expect

from portal.staff.enums import Role
from tests.browser.checks import visit
from tests.browser.conftest import OpenPage
from tests.factories.portal import StaffFactory

LANGUAGES = ["zh-hans", "en"]
WIDTHS = [1280, 390]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_home_page_is_sound(open_page: OpenPage, language: str, width: int) -> None:
    page = open_page(Role.CAMPAIGN_MANAGER, language=language, width=width)
    assert visit(page, "/").status == 200


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_sign_in_page_is_sound(open_page: OpenPage, language: str, width: int) -> None:
    page = open_page(language=language, width=width)
    assert visit(page, "/accounts/login/").status == 200


@pytest.mark.parametrize("who", [None, Role.ANALYST])
def test_an_unknown_address_is_told_well(open_page: OpenPage, who: str | None) -> None:
    page = open_page(who, width=390)
    assert visit(page, "/nowhere/").status == 404


def test_the_language_switch_keeps_the_page_and_the_choice(open_page: OpenPage) -> None:
    staff = StaffFactory(language="zh-hans")
    page = open_page(staff)
    page.goto("/?page=2")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url.endswith("/?page=2")
    staff.refresh_from_db()
    assert staff.language == "en"


def test_the_menu_opens_and_closes_on_a_phone(open_page: OpenPage) -> None:
    page = open_page(Role.CAMPAIGN_MANAGER, language="en", width=390)
    page.goto("/")
    link = page.locator("#menu").get_by_role("link", name="Home")
    expect(link).not_to_be_visible()
    page.get_by_role("button", name="Menu", exact=True).click()
    expect(page.locator("#menu")).to_be_focused()
    expect(link).to_be_visible()
    expect(link).to_have_attribute("aria-current", "page")
    page.keyboard.press("Escape")
    expect(link).not_to_be_visible()


def test_signing_out_by_keyboard(open_page: OpenPage) -> None:
    page = open_page(Role.CAMPAIGN_MANAGER, language="en")
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.locator("button.person").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Sign out").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/accounts/login/")
