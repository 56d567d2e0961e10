"""The pages of negotiations in a real browser: sound in both languages and at both widths for those
who lead the talks and for those above them."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from merchants.models import Negotiation, Reminder
from merchants.negotiation import operations
from portal.kit import clock
from tests.browser.checks import visit
from tests.browser.conftest import OpenPage
from tests.factories import negotiation as made
from tests.factories import partnerships
from tests.factories.merchants import ContractFactory

pytestmark = pytest.mark.django_db(transaction=True)
DAY = dt.timedelta(days=1)


def talks() -> Negotiation:
    """Talks in their second round, beyond a limit, of a manager with a contract that ends soon."""
    today = clock.today()
    row = made.in_stage("bargaining", on=today - 30 * DAY, agreed={"discount": Decimal(3)})
    made.offered(row, "bank", on=today - 20 * DAY, cost_share=Decimal(65), months=36)
    offer = made.offered(row, "merchant", on=today - 20 * DAY, cost_share=Decimal(65), months=30)
    made.moved(row, "agreement", on=today - 18 * DAY, offer_id=offer.pk)
    other = partnerships.begun(on=today - 60 * DAY, manager=row.partnership.manager)
    ContractFactory(
        merchant=other.merchant, signed_date=today - 300 * DAY, first_date=today - 300 * DAY,
        last_date=today + 40 * DAY,
    )  # fmt: skip
    operations.remind_managers(on=today)
    row.refresh_from_db()
    return row


def pages_of(row: Negotiation) -> list[str]:
    """The addresses of everything that is done in negotiations."""
    today, me = clock.today(), row.partnership.manager
    signing, on_table = (
        made.in_stage(
            stage, on=today - 30 * DAY, agreed={"data_clause": "clause"},
            partnership=partnerships.begun(on=today - 60 * DAY, manager=me),
        )
        for stage in ("signing", "proposal")
    )  # fmt: skip
    return [
        reverse("negotiation_move", args=[row.pk], query={"to": "signing"}),
        reverse("home"), reverse("negotiation_list"), reverse("renewal_calendar"),
        reverse("partnership_page", args=[row.partnership_id]),
        reverse("negotiation_page", args=[row.pk]),
        reverse("negotiation_move", args=[row.pk], query={"to": "lost"}),
        reverse("negotiation_page", args=[on_table.pk]),
        reverse("offer_new", args=[on_table.pk]),
        reverse("figure_new", args=[on_table.pk]),
        reverse("negotiation_sign", args=[signing.pk]),
        reverse("negotiation_new", args=[Reminder.objects.get(kind="renewal").partnership_id]),
    ]  # fmt: skip


def test_the_pages_are_sound_and_terms_are_put_before_a_second_person(open_page: OpenPage) -> None:
    row = talks()
    me, above = row.partnership.manager, partnerships.chief(row.partnership)
    pages = pages_of(row)
    for who, language, width in (
        (me, "zh-hans", 1280), (above, "en", 390), (me, "en", 1280), (above, "zh-hans", 390),
    ):  # fmt: skip
        who.language = language
        who.save()
        page = open_page(who, language=language, width=width)
        for url in pages:
            visit(page, url)
    me.language = "en"
    me.save()
    page = open_page(me, language="en")
    visit(page, pages[0])
    page.locator("#id_reason").fill("A leading merchant")
    page.get_by_role("button", name="Put before a second person").click()
    expect(page.get_by_text("The agreed terms wait for a second person.")).to_be_visible()
