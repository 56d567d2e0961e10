"""A touch plan is begun with the known case in a browser, arranged by keyboard, a step is said in
variants and waits, and its conditions are edited in place."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from campaigns.demo.touches import add_texts
from campaigns.design import operations as designs
from campaigns.design.models import Draft
from portal.staff.enums import Role
from tests.browser.checks import faults_of, settle
from tests.browser.conftest import OpenPage
from tests.browser.test_design import add, go_on
from tests.factories.campaigns import AT, PLAN, message_texts
from tests.factories.journeys import ProductFactory
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db(transaction=True)


def steps_of(found: Draft) -> list[dict[str, Any]]:
    found.refresh_from_db()
    return list(found.content["touches"]["steps"])


def begin(page: Page, found: Draft) -> None:
    """With the known case, once its texts are there."""
    page.goto(f"/campaigns/design/{found.pk}/touches/")
    expect(page.locator("button[value=known]")).to_have_count(0)
    assert faults_of(page) == []
    add_texts(at=AT)
    page.reload()
    assert faults_of(page) == []
    page.locator("button[value=known]").click()
    settle(page)
    expect(page.locator(".touch-line")).to_have_count(9)
    assert faults_of(page) == []


def arrange(page: Page, found: Draft) -> None:
    """By keyboard, in place: the step moves and the focus goes with it."""
    page.locator("button[value='up:1']").focus()
    page.keyboard.press("Enter")
    settle(page)
    expect(page.locator(".touch-line").first).to_be_focused()
    assert [one["code"] for one in steps_of(found)][:2] == ["activate-3", "welcome"]
    for button, left in (("copy:8", 10), ("remove:9", 9)):
        page.locator(f"button[value='{button}']").click()
        settle(page)
        expect(page.locator(".touch-line")).to_have_count(left)


def wait_for_first_use(page: Page) -> None:
    expect(page.locator("#until")).to_be_hidden()
    page.locator("[name=waits]").select_option("yes")
    expect(page.locator("#until")).to_be_visible()
    page.locator("[name=wait_days]").fill("5")
    page.locator("button[value='tree:wait.until']").click()
    settle(page)
    add(page, "first_used")
    go_on(page)


def say_it_in_variants(page: Page) -> None:
    """Enter in a field keeps the page, and stays there."""
    page.locator("button[value=vary]").click()
    settle(page)
    for number, share in enumerate(("60", "40")):
        typed = {"name": "说法", "name_en": "Way", "share": share}
        for name, text in typed.items():
            page.locator(f"[name=variant{number}-{name}]").fill(text)
        page.locator(f"[name=variant{number}-template]").select_option("touch_activate")
    assert faults_of(page) == []
    page.locator("[name=name_en]").press("Enter")
    settle(page)


@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (390, "zh-hans")])
def test_a_touch_plan_is_built(open_page: OpenPage, width: int, language: str) -> None:
    ProductFactory()
    message_texts()
    person = StaffFactory(role=Role.CAMPAIGN_MANAGER, language=language)
    content = {name: value for name, value in PLAN.items() if name != "code"}
    found = designs.start_draft(content=content, code="built", owner=person, at=AT)
    page = open_page(person, language=language, width=width)
    begin(page, found)
    arrange(page, found)
    # What was typed before a button is kept.
    page.locator("[name=longest_days]").fill("200")
    page.locator("button[value='open:0']").click()
    settle(page)
    assert faults_of(page) == []
    assert len(steps_of(found)) == 9
    assert found.content["touches"]["longest_days"] == 200
    wait_for_first_use(page)
    say_it_in_variants(page)
    step = steps_of(found)[0]
    assert [one["share"] for one in step["variants"]] == [60, 40]
    assert step["wait"] == {
        "until": {"all": [{"kind": "first_used"}]}, "days": 5, "then": "send", "otherwise": "skip",
    }  # fmt: skip
    go_on(page)
    go_on(page)
    assert page.url.endswith(f"/campaigns/design/{found.pk}/texts/")
