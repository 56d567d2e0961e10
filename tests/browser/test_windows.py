"""The window of a partnership in a real browser: notes are dragged or moved by keys."""

import pytest
from playwright.sync_api import expect

from tests.browser.checks import visit
from tests.browser.conftest import OpenPage
from tests.factories import partnerships
from tests.merchants.windows import made

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_note_is_dragged_to_another_pane_or_moved_by_keys(open_page: OpenPage) -> None:
    row = partnerships.begun()
    note = made.noted(row, "ours", said="上半年预算集中投放")
    page = open_page(row.manager, language="en")
    visit(page, f"/merchants/partnerships/windows/{row.pk}/")
    page.locator(".board-card").drag_to(page.locator('[data-column="open"]'))
    page.wait_for_url(f"**/notes/{note.pk}/?to=open")
    expect(page.locator('input[name="to"][value="open"]')).to_be_checked()
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(f"**/windows/{row.pk}/")
    expect(page.locator('[data-column="open"] .board-card')).to_have_count(1)
    page.locator(".board-move").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/notes/{note.pk}/")
    expect(page.locator('input[name="to"][value="ours"]')).to_have_count(0)


def test_a_note_dropped_where_it_may_not_go_is_told_why(open_page: OpenPage) -> None:
    row = partnerships.begun()
    made.noted(row, "open")
    page = open_page(row.manager)
    visit(page, f"/merchants/partnerships/windows/{row.pk}/")
    page.locator(".board-card").drag_to(page.locator('[data-column="unknown"]'))
    page.wait_for_url("**/?to=unknown")
    expect(page.locator(".messages")).to_contain_text("已有人知道的不会变成未知")
