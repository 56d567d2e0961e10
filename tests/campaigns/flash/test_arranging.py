"""Arranging a sale: from an approved version with a finished run, within the tier's stock."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from campaigns.flash import operations as flash
from campaigns.flash import queries
from campaigns.models import CampaignVersion, FlashSale, FlashUnit, Grant, Run
from journeys.models import Card, MessageTemplate
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


def test_a_version_after_which_another_was_approved_is_not_sold() -> None:
    first = factory.version_to_sell(stock=25)
    factory.finished_run(first)
    second = factory.version_to_sell(stock=20)
    assert (second.campaign, second.number) == (first.campaign, 2)
    with translation.override("en"), pytest.raises(flash.SaleRefused) as refused:
        arrange(first)
    assert str(refused.value) == (
        f"{second} was approved after {first}; sell the reward of that one."
    )
    assert (FlashSale.objects.count(), FlashUnit.objects.count()) == (0, 0)


def test_the_form_offers_what_can_be_sold(client: Any) -> None:
    times: dict[str, Any] = {
        "code": "triple", "kind": "multiple", "name": "三倍积分", "name_en": "Triple points",
        "value": "20.00", "points": 10_000, "times": "3",
        "spending": {"days": 65, "last_day": "inside", "at_least": "1.00"},
    }  # fmt: skip
    factory.version_to_sell(rewards={"mode": "each", "tiers": [campaigns.TIER, times]})
    client.force_login(StaffFactory(role="campaign_manager"))
    page = client.get(reverse("flash_new", args=["first-gift"]))
    assert [code for code, _label in page.context["form"].fields["tier"].choices] == ["first-gift"]


# --- who may claim, until it opens ------------------------------------------------------------
SPENT = {"kind": "spending_in_window", "days": 180, "last_day": "inside", "at_least": "500.00"}
MINUTE = dt.timedelta(minutes=1)


def weeks_ahead(version: CampaignVersion) -> FlashSale:
    """A sale that is arranged three weeks before it opens."""
    opens = campaigns.AT + 20 * DAY
    return flash.arrange_sale(
        version_id=version.pk, tier="first-gift", units=5, opens_at=opens,
        closes_at=opens + dt.timedelta(hours=1), hold_seconds=30,
        by=StaffFactory(role="campaign_manager"), at=campaigns.AT,
    )  # fmt: skip


def answers(sale: FlashSale, *cards: Card) -> list[str]:
    found = queries.find_sale(sale.pk)
    assert found is not None
    numbers = [card.customer.number for card in cards]
    told = flash.claim_by_rows(sale=found, numbers=numbers, at=sale.opens_at)
    return [one.answer for one in told]


def test_a_sale_goes_by_the_newest_run_when_it_opens() -> None:
    """Weeks pass: one purchase is given back, another customer comes to qualify, a run finds
    both."""
    version = approved(rule=SPENT)
    lost, came = card_in_use(spent="600.00"), card_in_use(spent="1.00")
    old = dry_run(version)
    sale = weeks_ahead(version)
    for card, amount in ((lost, "-600.00"), (came, "600.00")):
        TransactionFactory(card=card, amount=Decimal(amount), posted_date=campaigns.ON + DAY)
    newest = dry_run(version, on=campaigns.ON + 19 * DAY, at=campaigns.AT + 19 * DAY)
    assert flash.renew_runs(at=sale.opens_at - 61 * MINUTE) == 0
    assert [flash.renew_runs(at=sale.opens_at - 2 * MINUTE) for _time in range(2)] == [1, 0]
    entry = AuditEntry.objects.get(action="flash.run_renewed")
    assert entry.changes == {"run": newest.pk, "before": old.pk}
    assert answers(sale, lost, came) == ["not_qualified", "held"]


def test_what_a_sale_opened_with_stays() -> None:
    version = approved(rule=SPENT)
    card = card_in_use(spent="600.00")
    run = dry_run(version)
    sale = weeks_ahead(version)
    dry_run(version, on=campaigns.ON + 19 * DAY, at=campaigns.AT + 19 * DAY)
    assert flash.renew_runs(at=sale.opens_at - MINUTE) == 0
    assert flash.renew_runs(at=sale.opens_at) == 0
    assert FlashSale.objects.get().run == run
    assert answers(sale, card) == ["held"]


def test_a_run_that_was_not_approved_so_does_not_take_the_place() -> None:
    version = approved(rule=SPENT)
    run = dry_run(version)
    sale = weeks_ahead(version)
    MessageTemplate.objects.create(
        code="first_gift", channel="sms", language="zh-hans", version=2, body="{reward}"
    )
    dry_run(version, on=campaigns.ON + 19 * DAY, at=campaigns.AT + 19 * DAY)
    assert flash.renew_runs(at=sale.opens_at - 2 * MINUTE) == 0
    assert FlashSale.objects.get().run == run


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
