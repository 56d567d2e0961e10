"""Merchants and branches are chosen by name, with the keyboard alone and on a phone."""

import pytest
from playwright.sync_api import Page, expect

from campaigns.design import operations as designs
from campaigns.design.models import Draft
from portal.staff.enums import Role
from tests.browser.checks import faults_of, settle
from tests.browser.conftest import OpenPage
from tests.factories.campaigns import AT, PLAN, draft
from tests.factories.portal import BranchFactory, StaffFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db(transaction=True)


def begun() -> Draft:
    person = StaffFactory(role=Role.CAMPAIGN_MANAGER)
    draft(code="base")
    row_of("merchants.Merchant", number="M1", name="茶馆", name_pinyin="cha guan")
    row_of("merchants.Merchant", number="M2", name="茶园", name_pinyin="cha yuan")
    BranchFactory(code="HZ9", name="杭州九支行")
    content = {name: value for name, value in PLAN.items() if name != "code"}
    return designs.start_draft(content=content, code="built", owner=person, at=AT)


def search(page: Page, field: str, text: str) -> None:
    settle(page)
    page.locator(f"#id_{field}").focus()
    page.keyboard.type(text)
    expect(page.locator(f"#div_id_{field} [data-choose]").first).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_rows_are_chosen_with_the_keyboard(open_page: OpenPage, width: int) -> None:
    found = begun()
    page = open_page(found.owner, width=width)
    page.goto(f"/campaigns/design/{found.pk}/basics/")
    search(page, "merchants", "cha")
    assert faults_of(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    row = page.locator("#div_id_merchants .chooser-row")
    expect(row).to_have_text(["茶园 M2"])
    expect(page.locator("#id_merchants")).to_be_focused()
    # What is chosen cannot be chosen once more; Enter takes the first, and sends nothing.
    page.keyboard.type("M1")
    expect(page.locator("#div_id_merchants [data-choose=M1]")).to_be_visible()
    page.keyboard.press("Enter")
    expect(row).to_have_text(["茶园 M2", "茶馆 M1"])
    search(page, "merchants", "茶")
    expect(page.locator("#div_id_merchants [data-choose]:disabled")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(page.locator("#div_id_merchants [data-choose]")).to_have_count(0)
    row.first.locator("[data-unchoose]").press("Enter")
    expect(row).to_have_text(["茶馆 M1"])
    page.locator(".design-buttons .btn-primary").click()
    settle(page)
    found.refresh_from_db()
    assert found.content["merchants"] == ["M1"]
    page.goto(f"/campaigns/design/{found.pk}/basics/")
    search(page, "branches", "杭州")
    page.keyboard.press("Enter")
    page.locator(".design-buttons .btn-primary").click()
    settle(page)
    found.refresh_from_db()
    assert found.content["branches"] == ["HZ9"]
    page.goto(f"/campaigns/design/{found.pk}/budget/")
    search(page, "branches", "hzjzh")
    page.keyboard.press("Enter")
    page.keyboard.type("20000.5")
    assert faults_of(page) == []
    page.locator("[name=shares_figure]").nth(0).fill("60")
    page.locator("[name=shares_figure]").nth(1).fill("40")
    page.locator(".design-buttons .btn-primary").click()
    settle(page)
    found.refresh_from_db()
    budget = found.content["budget"]
    assert (budget["branches"], budget["shares"]) == (
        {"HZ9": "20000.5"}, {"bank": "60", "M1": "40"},
    )  # fmt: skip


def test_branches_of_a_condition_are_chosen_while_typing_goes_on(open_page: OpenPage) -> None:
    found = begun()
    page = open_page(found.owner, width=390)
    page.goto(f"/campaigns/design/{found.pk}/audience/")
    page.locator("#part- > .design-add select[name=kind]").select_option("branch")
    expect(page.locator(".design-condition")).to_be_visible()
    search(page, "branches", "hzj")
    settle(page)
    expect(page.locator("#id_branches")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#div_id_branches .chooser-row")).to_have_text(["杭州九支行 HZ9"])
    assert faults_of(page) == []
    page.locator(".design-condition button[type=submit]").click()
    expect(page.locator(".design-condition")).to_have_count(0)
    found.refresh_from_db()
    assert found.content["rule"]["all"][-1] == {"kind": "branch", "branches": ["HZ9"]}


# What somebody fast does on a slow line, in one moment: no answer and no frame comes in between.
TYPED = """(search, text) => {
    search.focus();
    search.value = text;
    search.dispatchEvent(new InputEvent("input", {bubbles: true}));
}"""
PRESSED = """(search, key) => search.dispatchEvent(
    new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true})
)"""
TYPES_WHEN_IT_IS_THERE = f"""tree => new MutationObserver((_changes, watch) => {{
    const search = document.querySelector("#id_branches");
    if (!search) return;
    watch.disconnect();
    ({TYPED})(search, "hzj");
}}).observe(tree, {{childList: true, subtree: true}})"""


def test_a_form_can_be_filled_in_the_moment_in_which_it_appears(open_page: OpenPage) -> None:
    found = begun()
    page = open_page(found.owner)
    page.goto(f"/campaigns/design/{found.pk}/audience/")
    page.locator("#tree").evaluate(TYPES_WHEN_IT_IS_THERE)
    page.locator("#part- > .design-add select[name=kind]").select_option("branch")
    expect(page.locator("#id_branches")).to_be_focused()
    expect(page.locator("#id_branches")).to_have_value("hzj")
    expect(page.locator("#div_id_branches [data-choose]")).to_have_count(1)


def test_enter_takes_nothing_that_was_found_for_another_text(open_page: OpenPage) -> None:
    found = begun()
    page = open_page(found.owner)
    page.goto(f"/campaigns/design/{found.pk}/basics/")
    search(page, "merchants", "cha guan")
    field, row = page.locator("#id_merchants"), page.locator("#div_id_merchants .chooser-row")
    field.evaluate(f"search => {{ ({TYPED})(search, 'cha yuan'); ({PRESSED})(search, 'Enter'); }}")
    settle(page)
    expect(row).to_have_count(0)
    page.keyboard.press("Enter")
    expect(row).to_have_text(["茶园 M2"])


def test_an_answer_that_is_late_is_not_shown(open_page: OpenPage) -> None:
    found = begun()
    page = open_page(found.owner)
    page.goto(f"/campaigns/design/{found.pk}/basics/")
    page.locator("#id_merchants").evaluate(
        f"""search => {{
            ({TYPED})(search, "cha");
            htmx.trigger(search, "search"); // it is asked
            ({PRESSED})(search, "Escape");
        }}"""
    )
    settle(page)
    expect(page.locator("#id_merchants")).to_have_value("")
    expect(page.locator("#div_id_merchants [data-choose]")).to_have_count(0)


def test_the_same_text_is_searched_again_once_the_field_was_cleared(open_page: OpenPage) -> None:
    """Pasted, or read from a code: all of it in one go."""
    found = begun()
    page = open_page(found.owner)
    page.goto(f"/campaigns/design/{found.pk}/basics/")
    field = page.locator("#id_merchants")
    offers = page.locator("#div_id_merchants [data-choose]")
    for _time in range(2):
        field.fill("cha")
        expect(offers).to_have_count(2)
        field.press("Escape")
        expect(offers).to_have_count(0)
