"""What portal.js does by attributes, tried on pieces put into the home page."""

import re

import pytest
from playwright.sync_api import Page, expect

from portal.staff.enums import Role
from tests.browser.checks import faults_of
from tests.browser.conftest import OpenPage

FORM = """<form id="tried" action="/" data-confirm="Stop this campaign?">
<input type="hidden" name="sent" value="yes"><button type="submit">Stop</button></form>"""
FILTER = """<form action="/"><label>State <select name="state" data-autosubmit>
<option value="">All</option><option value="sent">Sent</option></select></label></form>"""
FOLDED = """<details class="unfolds" id="folded"><summary>Figures</summary><p>12</p></details>
<details class="unfolds" id="read" open><summary>Formula</summary><p>6 + 6</p></details>"""
TABLE = """<div class="table-responsive" id="tried"><table class="table">
<caption class="visually-hidden">Messages</caption>
<thead><tr>{head}</tr></thead><tbody><tr>{row}</tr></tbody></table></div>"""


def _home_with(open_page: OpenPage, html: str, width: int = 1280) -> Page:
    page = open_page(Role.CAMPAIGN_MANAGER, language="en", width=width)
    page.goto("/")
    page.evaluate("html => htmx.swap('#content', html, {swapStyle: 'beforeend'})", html)
    return page


def test_a_form_is_sent_only_after_the_answer(open_page: OpenPage) -> None:
    page = _home_with(open_page, FORM)
    page.get_by_role("button", name="Stop").click()
    dialog = page.get_by_role("dialog", name="Stop this campaign?")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    assert faults_of(page) == []
    page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()
    assert not page.url.endswith("?sent=yes")
    page.get_by_role("button", name="Stop").click()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?sent=yes")


def test_an_htmx_form_waits_for_the_answer_too(open_page: OpenPage) -> None:
    page = _home_with(open_page, FORM.replace("<form ", '<form hx-get="/healthz" hx-target="h1" '))
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello")
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("ok")


def test_a_filter_is_sent_when_changed(open_page: OpenPage) -> None:
    page = _home_with(open_page, FILTER)
    page.get_by_label("State").select_option("sent")
    page.wait_for_url("**/?state=sent")


@pytest.mark.parametrize(
    ("is_offline", "text"),
    [
        (False, "That did not work. Load the page again and try once more."),
        (True, "The server could not be reached. Check your connection and try again."),
    ],
)
def test_trouble_is_told(open_page: OpenPage, is_offline: bool, text: str) -> None:
    page = _home_with(open_page, '<button type="button" hx-get="/nowhere/">Load</button>')
    page.context.set_offline(is_offline)
    page.get_by_role("button", name="Load").click()
    expect(page.get_by_role("alert")).to_have_text(text)
    expect(page.get_by_role("alert")).to_be_visible()


def test_a_session_that_ended_leads_to_the_sign_in_page(open_page: OpenPage) -> None:
    page = _home_with(open_page, '<button type="button" hx-get="/">Load</button>')
    page.context.clear_cookies()
    page.get_by_role("button", name="Load").click()
    page.wait_for_url("**/accounts/login/?next=%2F")


def test_what_is_folded_is_open_while_it_is_printed(open_page: OpenPage) -> None:
    page = _home_with(open_page, FOLDED, 390)
    are_open = "() => ['folded', 'read'].map((id) => document.getElementById(id).open)"
    found = [page.evaluate(are_open)]
    for event in ("beforeprint", "afterprint"):
        page.evaluate("name => { window.dispatchEvent(new Event(name)); }", event)
        found.append(page.evaluate(are_open))
    assert found == [[False, True], [True, True], [False, True]]


@pytest.mark.parametrize(("columns", "fits"), [(2, True), (30, False)])
def test_a_wide_table_scrolls_in_its_own_box(open_page: OpenPage, columns: int, fits: bool) -> None:
    head = '<th scope="col">Head</th>' * columns
    page = _home_with(open_page, TABLE.format(head=head, row="<td>cell</td>" * columns), 390)
    box = page.locator("#tried")
    expected = "table-responsive is-fitting" if fits else "table-responsive has-more"
    expect(box).to_have_class(re.compile(f"^{expected}$"))
    assert box.get_attribute("aria-label") == (None if fits else "Messages")
    assert box.get_attribute("tabindex") == (None if fits else "0")
    assert faults_of(page) == []


def test_a_wide_table_says_on_which_side_columns_are_out_of_sight(open_page: OpenPage) -> None:
    head = '<th scope="col">Head</th>' * 30
    page = _home_with(open_page, TABLE.format(head=head, row="<td>cell</td>" * 30), 390)
    box = page.locator("#tried")
    for left, hint in ((0, "has-more"), (60, "has-before has-more"), (99_999, "has-before")):
        box.evaluate("(box, left) => { box.scrollLeft = left; }", left)
        expect(box).to_have_class(re.compile(f"^{_either(hint)}$"))
    assert faults_of(page) == []


def _either(hint: str) -> str:
    """The classes of a wide table, in whatever order they came."""
    return f"table-responsive ({hint}|{' '.join(reversed(hint.split()))})"
