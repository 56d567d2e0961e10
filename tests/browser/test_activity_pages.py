"""The pages of active and sleeping cards in a real browser, filled, in both languages and widths:
the pictures are drawn, and each has its table."""

import datetime as dt
import os

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from journeys.activity import operations
from portal.kit import clock
from tests.browser.checks import visit
from tests.browser.conftest import OpenPage
from tests.factories.activity import ago, define, used_card
from tests.factories.journeys import CustomerFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db(transaction=True)
WAYS = [("zh-hans", 1280), ("en", 390), ("zh-hans", 390), ("en", 1280)]
PAGES = ("activity_page", "sleeping_list", "activity_rules", "activity_proofs",
         "activity_snapshots", "active_definition_new", "sleep_rule_new")  # fmt: skip


def filled() -> None:
    """Cards of three branches over two years, some asleep, some about to be."""
    on = clock.today() - dt.timedelta(days=1)
    define(window_days=90)
    for place in range(3):
        customer = CustomerFactory(branch=BranchFactory())
        for number in range(14):
            issued = ago(740 - 50 * number - 7 * place, of=on)
            days = [issued + dt.timedelta(days=20 + 9 * number)] if number % 3 else []
            used_card(issued, *(day for day in days if day <= on), customer=customer)
    operations.count_figures(back=30)
    operations.prove_figures(on=on, at=clock.now())
    row_of("journeys.SleepRule", effective_date=on)
    for months in (1, 1, 2, 3):
        row_of("journeys.ActivitySnapshot", months_inactive=months)


def test_filled_pages_in_both_languages_and_widths(open_page: OpenPage) -> None:
    filled()
    me = StaffFactory(role="compliance")
    for language, width in WAYS:
        me.language = language
        me.save(update_fields=["language"])
        page = open_page(me, language=language, width=width)
        for name in PAGES:
            answer = visit(page, reverse(name))
            assert answer.status == 200, name
            if name == "activity_page":
                expect(page.locator(".picture-place canvas, .picture-place svg")).to_have_count(3)
            _keep(page, name, language, width)
        visit(page, reverse("home"))
        page.close()


def _keep(page: Page, name: str, language: str, width: int) -> None:
    """The picture of a page, for whoever names a folder."""
    folder = os.environ.get("PICTURES")
    if folder:
        page.screenshot(path=f"{folder}/{name}-{language}-{width}.png", full_page=True)
