"""Home pages and figures of the demo bank in a real browser, as those who work with them: what is
to be done today comes first, at any width, in both languages."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from portal.models import Branch, Staff
from portal.staff.enums import Role
from tests.browser.checks import settle, visit
from tests.browser.conftest import OpenPage
from tests.browser.test_demo_bank import bank

__all__ = ["bank"]
WAYS = [("zh-hans", 1280), ("en", 1280), ("zh-hans", 390), ("en", 390)]
WHO = [
    Role.BRANCH_MANAGER, Role.TELEMARKETER, Role.CAMPAIGN_MANAGER, Role.RELATIONSHIP_MANAGER,
    Role.COMPLIANCE, Role.ANALYST, "head_office_manager",
]  # fmt: skip
BUSY = {Role.BRANCH_MANAGER, Role.RELATIONSHIP_MANAGER, Role.COMPLIANCE, "head_office_manager"}


def person(name: str) -> Staff:
    if name != "head_office_manager":
        return Staff.objects.get(username=name)
    return Staff.objects.create(
        username=name, staff_number="HO999", name="赵总", name_en="Zhao", branch=head(),
        role=Role.BRANCH_MANAGER,
    )  # fmt: skip


def head() -> Branch:
    return Branch.objects.filter(parent=None).get()


def look(page: Page, name: str) -> None:
    """A picture where somebody asked for pictures."""
    if folder := os.environ.get("PICTURES"):
        settle(page)
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@pytest.mark.usefixtures("bank")
def test_every_home_page_and_its_figures_are_sound(open_page: OpenPage) -> None:
    for name in WHO:
        staff = person(name)
        for language, width in WAYS:
            Staff.objects.filter(pk=staff.pk).update(language=language)
            page = open_page(staff, language=language, width=width)
            assert visit(page, "/").status == 200
            look(page, f"home-{name}-{language}-{width}")
            first = page.locator("#to-be-done-today")
            expect(first).to_be_in_viewport()
            lines = page.locator(".todo-line").count()
            assert (lines > 0) == (name in BUSY), (name, lines)
            assert visit(page, "/figures/").status == 200
            look(page, f"figures-{name}-{language}-{width}")
            page.close()


@pytest.mark.usefixtures("bank")
def test_a_line_leads_to_where_it_is_done_and_a_filter_stays_in_the_address(
    open_page: OpenPage,
) -> None:
    page = open_page(Staff.objects.get(username="branch_manager"), language="en")
    page.goto("/")
    line = page.locator(".todo-line").first.get_by_role("link")
    target = line.get_attribute("href")
    line.click()
    assert target is not None
    assert page.url.endswith(target)
    page.goto("/figures/")
    page.get_by_label("Time span").select_option("year")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**period=year*")
    expect(page.get_by_label("Time span")).to_have_value("year")
    expect(page.locator("#figures-stages")).to_be_visible()
