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
from tests.project.rows import row_of

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


def test_what_was_typed_comes_back_when_a_colleague_was_faster(open_page: OpenPage) -> None:
    today = clock.today()
    row = made.in_stage("bargaining", on=today - 30 * DAY)
    me, above = row.partnership.manager, partnerships.chief(row.partnership)
    me.language = "en"
    me.save()
    page = open_page(me, language="en", width=390)
    visit(page, reverse("offer_new", args=[row.pk], query={"side": "bank"}))
    page.locator("#id_words").fill("Head office allows five points")
    made.offered(row, "merchant", on=today - 20 * DAY, months=18, actor=above)
    page.get_by_role("button", name="Record the offer").click()
    expect(page.get_by_text("recorded another offer of Merchant meanwhile")).to_be_visible()
    expect(page.locator("#id_words")).to_have_value("Head office allows five points")
    page.get_by_role("button", name="Record the offer").click()
    expect(page.get_by_text("Recorded in round 2")).to_be_visible()
    visit(page, reverse("negotiation_move", args=[row.pk], query={"to": "needs"}))
    page.locator("#id_reason").fill("They want the list first")
    made.moved(row, "needs", on=today - 10 * DAY, actor=above)
    page.get_by_role("button", name="Move to Needs").click()
    expect(page.get_by_text("What you wrote is still here")).to_be_visible()
    expect(page.locator("#id_reason")).to_have_value("They want the list first")
    page.locator("#id_to").select_option("proposal")
    page.get_by_role("button", name="Move it there").click()
    expect(page.get_by_text("Moved. The history keeps it.")).to_be_visible()


def test_what_joint_campaigns_brought_about_stands_on_the_partnerships_page(
    open_page: OpenPage,
) -> None:
    row = partnerships.in_phase("comparison")
    end = clock.today() - 5 * DAY
    for held in (100, 99):
        row_of(
            "campaigns.JointReturn", merchant=row.merchant, first_date=end - 30 * DAY,
            end_date=end, held_people=held,
        )  # fmt: skip
    for language, width in (("zh-hans", 1280), ("en", 390)):
        row.manager.language = language
        row.manager.save()
        page = open_page(row.manager, language=language, width=width)
        visit(page, reverse("partnership_page", args=[row.pk]))
    expect(page.get_by_text("Extra turnover", exact=True)).to_be_visible()
    expect(page.get_by_text("Not enough yet: 900 people, 99 in the control group.")).to_be_visible()
