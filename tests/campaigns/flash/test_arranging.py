"""Arranging a sale: from an approved version with a finished run, within the tier's stock."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone, translation

from campaigns.flash import operations as flash
from campaigns.flash import queries
from campaigns.models import CampaignVersion, FlashSale, FlashUnit, Grant, Run
from journeys.models import MessageTemplate
from portal.kit import clock
from portal.models import AuditEntry
from tests.factories import campaigns
from tests.factories import flash as factory
from tests.factories.campaigns import approved, card_in_use, draft, dry_run
from tests.factories.journeys import TransactionFactory
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db


def arrange(version: CampaignVersion, role: str = "campaign_manager", **changes: Any) -> FlashSale:
    at = timezone.now()
    usual = {
        "tier": "first-gift", "units": 10, "opens_at": at + dt.timedelta(hours=1),
        "closes_at": at + dt.timedelta(hours=2), "hold_seconds": 60,
    }  # fmt: skip
    return flash.arrange_sale(
        version_id=version.pk, by=StaffFactory(role=role), at=at, **{**usual, **changes}
    )


def test_a_sale_has_numbered_units_and_the_latest_run() -> None:
    version = factory.version_to_sell(stock=25)
    factory.finished_run(version)
    latest = factory.finished_run(version)
    sale = arrange(version)
    assert sale.run == latest
    assert list(FlashUnit.objects.order_by("number").values_list("number", flat=True)) == list(
        range(1, 11)
    )
    assert AuditEntry.objects.filter(action="flash.arranged").count() == 1


AT, DAY = timezone.now(), dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"role": "analyst"}, "Only those who start runs may arrange flash sales."),
        ({"tier": "none"}, "The version has no such tier."),
        ({"units": 26}, "The tier's stock has 25 units left to release."),
        ({"units": 0}, "Release one unit at least."),
        ({"opens_at": AT - DAY}, "The sale opens in the past; choose a later time."),
        ({"closes_at": AT - DAY}, "The sale closes before it opens."),
        ({"hold_seconds": 601}, "A unit is held for 1 to 600 seconds."),
    ],
)
def test_a_sale_is_refused_with_its_reason(changes: dict[str, Any], words: str) -> None:
    version = factory.version_to_sell(stock=25)
    factory.finished_run(version)
    with translation.override("en"), pytest.raises(flash.SaleRefused) as refused:
        arrange(version, **changes)
    assert str(refused.value) == words
    assert (FlashSale.objects.count(), FlashUnit.objects.count()) == (0, 0)


def test_a_sale_lies_within_the_days_of_the_campaign() -> None:
    today = clock.bank_day(timezone.now())
    version = factory.version_to_sell(runs_from=today - 9 * DAY, runs_to=today + DAY)
    factory.finished_run(version)
    noon = timezone.now() + DAY
    with translation.override("en"), pytest.raises(flash.SaleRefused) as refused:
        arrange(version, opens_at=noon, closes_at=noon + dt.timedelta(minutes=1))
    assert str(refused.value) == "The sale must lie within the days on which the campaign runs."


def test_a_run_that_reaches_others_than_were_approved_sells_nothing() -> None:
    version = factory.version_to_sell()
    factory.finished_run(version)
    MessageTemplate.objects.create(
        code="first_gift", channel="sms", language="zh-hans", version=2, body="{reward}"
    )
    with translation.override("en"), pytest.raises(flash.SaleRefused) as refused:
        arrange(version)
    assert "have a new version approved first" in str(refused.value)


def test_stock_is_released_once() -> None:
    version = factory.version_to_sell(stock=25)
    factory.finished_run(version)
    arrange(version)
    arrange(version, units=15)
    with pytest.raises(flash.SaleRefused):
        arrange(version, units=1)
    assert FlashUnit.objects.count() == 25


def test_a_version_without_run_or_approval_is_not_sold() -> None:
    version = factory.version_to_sell()
    with pytest.raises(flash.SaleRefused):
        arrange(version)
    waiting = draft(code="waiting")
    factory.finished_run(waiting)
    with pytest.raises(flash.SaleRefused):
        arrange(waiting)
    assert (FlashSale.objects.count(), Run.objects.count()) == (0, 1)


def test_a_run_of_a_past_day_does_not_choose_who_may_claim() -> None:
    """The purchase was given back a month ago: a dry run of before, reckoned last, finds the
    customer once more, and the sale does not go by it."""
    at, on = campaigns.AT, campaigns.ON
    rule = {"kind": "spending_in_window", "days": 180, "last_day": "inside", "at_least": "500.00"}
    version = approved(rule=rule)
    card = card_in_use()
    TransactionFactory(card=card, amount=Decimal("-600.00"), posted_date=on - 30 * DAY)
    newest = dry_run(version)
    dry_run(version, on=on - 45 * DAY)
    opens = at + dt.timedelta(minutes=10)
    sale = flash.arrange_sale(
        version_id=version.pk, tier="first-gift", units=1, opens_at=opens,
        closes_at=opens + dt.timedelta(hours=1), hold_seconds=30,
        by=StaffFactory(role="campaign_manager"), at=at,
    )  # fmt: skip
    assert sale.run == newest
    found = queries.find_sale(sale.pk)
    assert found is not None
    claimed = flash.claim_by_rows(sale=found, numbers=[card.customer.number], at=opens)
    assert [one.answer for one in claimed] == ["not_qualified"]
    assert not Grant.objects.exists()


@pytest.mark.parametrize(("days", "is_refused"), [(0, False), (1, False), (2, True), (45, True)])
def test_a_sale_goes_by_a_run_of_today_or_yesterday(days: int, is_refused: bool) -> None:
    version = factory.version_to_sell()
    run = factory.finished_run(version)
    run.on_date = clock.bank_day(timezone.now()) - days * DAY
    run.save(update_fields=["on_date"])
    if not is_refused:
        assert arrange(version).run == run
        return
    with translation.override("en"), pytest.raises(flash.SaleRefused) as refused:
        arrange(version)
    assert str(refused.value) == (
        f"The latest run is as of {run.on_date}: who qualified then may not any more. Run the "
        "version as of today or yesterday first, a dry run will do."
    )
    assert not FlashSale.objects.exists()
