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
def test_home_pages_and_figures_are_sound_for_those_who_work_with_them(
    open_page: OpenPage,
) -> None:
    for name in WHO:
        staff = person(name)
        for language, width in WAYS:
            Staff.objects.filter(pk=staff.pk).update(language=language)
            page = open_page(staff, language=language, width=width)
            assert visit(page, "/").status == 200
            look(page, f"home-{name}-{language}-{width}")
            expect(page.locator("#to-be-done-today")).to_be_in_viewport()
            lines = page.locator(".todo-line").count()
            assert (lines > 0) == (name != Role.ANALYST), (name, lines)
            assert visit(page, "/figures/").status == 200
            look(page, f"figures-{name}-{language}-{width}")
            page.close()
    lead_to_where_it_is_done(open_page(person(Role.BRANCH_MANAGER), language="en"))


def lead_to_where_it_is_done(page: Page) -> None:
    """A line of the home page leads on, and a filter of the figures stays in the address."""
    page.goto("/")
    line = page.locator(".todo-line").first.get_by_role("link")
    target = line.get_attribute("href")
    assert target is not None
    line.click()
    page.wait_for_url(f"**{target}")
    page.goto("/figures/")
    page.get_by_label("Time span").select_option("year")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**period=year*")
    expect(page.get_by_label("Time span")).to_have_value("year")
    expect(page.locator("#figures-stages")).to_be_visible()
