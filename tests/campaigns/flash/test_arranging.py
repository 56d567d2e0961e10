"""Arranging a sale: from an approved version with a finished run, within the tier's stock."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone, translation

from campaigns.flash import operations as flash
from campaigns.models import CampaignVersion, FlashSale, FlashUnit, Run
from journeys.models import MessageTemplate
from portal.kit import clock
from portal.models import AuditEntry
from tests.factories import flash as factory
from tests.factories.campaigns import draft
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
