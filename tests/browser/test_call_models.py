"""The pages of the model of calls in a real browser, filled, in both languages and widths."""

import datetime as dt

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from journeys.scoring import operations
from portal.kit import clock
from tests.browser.checks import visit
from tests.browser.conftest import OpenPage
from tests.factories.past_calls import write_calls
from tests.factories.portal import BranchFactory, StaffFactory

pytestmark = pytest.mark.django_db(transaction=True)

WAYS = [("zh-hans", 1280, "有利于成功"), ("en", 390, "Speaks for a success"),
        ("zh-hans", 390, "有利于成功"), ("en", 1280, "Speaks for a success")]  # fmt: skip


def test_filled_pages_in_both_languages_and_widths(open_page: OpenPage) -> None:
    me = StaffFactory(role="branch_manager", branch=BranchFactory())
    write_calls(me.branch, 1500)
    operations.train_call_models(at=clock.now(), actor=me)
    for days in (1, 2):
        operations.keep_drift(at=clock.now() + dt.timedelta(days=days))
    for language, width, words in WAYS:
        me.language = language
        me.save(update_fields=["language"])
        page = open_page(me, language=language, width=width)
        assert visit(page, reverse("call_models")).status == 200
        expect(page.locator("polyline")).to_have_count(4)
        for table, rows in (("[data-tenth]", 10), ("[data-course]", 3)):
            row = page.locator(table)
            expect(row).to_have_count(rows)
            expect(row.first).to_be_hidden()
            page.locator("details", has=row).locator("summary").click()
            expect(row.first).to_be_visible()
        assert visit(page, reverse("call_traits")).status == 200
        asked = "?attempts=1&earlier=2&earlier_result=success&channel=mobile&since_days=30"
        assert visit(page, reverse("call_score") + asked).status == 200
        expect(page.locator("ol li").first).to_contain_text(words)
        page.close()
