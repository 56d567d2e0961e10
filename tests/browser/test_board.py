"""The board of partnerships in a real browser: a card is dragged to its next phase, or moved by
keys."""

import datetime as dt

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from portal.kit import clock
from tests.browser.checks import visit
from tests.browser.conftest import OpenPage
from tests.factories import partnerships

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_card_is_dragged_to_another_phase_or_moved_by_keys(open_page: OpenPage) -> None:
    row = partnerships.begun(on=clock.today() - dt.timedelta(days=40))
    page = open_page(row.manager, language="en")
    board = reverse("partnership_board")
    visit(page, board)
    page.locator(".board-card").drag_to(page.locator('[data-column="comparison"]'))
    page.wait_for_url(f"**/{row.pk}/move/?to=comparison")
    page.locator("textarea[name=reason]").fill("可比")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(f"**/partnerships/{row.pk}/")
    visit(page, board)
    expect(page.locator('[data-column="comparison"] .board-card')).to_have_count(1)
    page.locator(".board-move").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{row.pk}/move/")
    row.refresh_from_db()
    assert (row.phase, row.moved) == ("comparison", 2)
