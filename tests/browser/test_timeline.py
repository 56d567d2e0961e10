"""The timeline in a real browser: older entries are fetched, a kind is chosen and stands in the
address."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from portal.staff.enums import Role
from tests.browser.checks import faults_of, visit
from tests.browser.conftest import OpenPage
from tests.factories.journeys import DAY, ConsentFactory, CustomerFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("language", "width"), [("zh-hans", 1280), ("en", 390)])
def test_older_entries_and_a_kind(open_page: OpenPage, language: str, width: int) -> None:
    customer = CustomerFactory(number="C7", registered_date=DAY)
    ConsentFactory(customer=customer)
    for number in range(24):
        row_of("journeys.PointsEntry", customer=customer, on_date=DAY + dt.timedelta(days=number))
    page = open_page(Role.COMPLIANCE, language=language, width=width)
    visit(page, "/customers/C7/")
    entries = page.locator(".timeline-entry")
    expect(entries).to_have_count(20)
    page.locator(".timeline-more a").click()
    expect(entries).to_have_count(26)
    expect(page.locator(".timeline-month")).to_have_count(1)
    expect(page.locator(".timeline-more")).to_have_count(0)
    page.locator(".kind", has=page.locator(".bi-hand-thumbs-up")).click()
    expect(entries).to_have_count(1)
    assert page.url.endswith("/customers/C7/?kind=consents")
    page.reload()
    expect(entries).to_have_count(1)
    assert faults_of(page) == []
