"""A sale releases what the tier's stock truly has: less what runs, other sales and other versions
have used, and what sales may yet grant."""

import datetime as dt

import pytest
from django.utils import timezone, translation

from campaigns.flash import operations as flash
from campaigns.flash import queries
from campaigns.flash.enums import ClaimAnswer as A
from campaigns.flash.operations import gate, reconciling
from campaigns.models import BudgetBook, CampaignVersion, FlashSale
from portal.kit import clock
from tests.campaigns.flash.test_arranging import arrange
from tests.factories import flash as factory
from tests.factories.campaigns import approve, draft
from tests.factories.rewards import ask, candidate, used_card

pytestmark = pytest.mark.django_db


def give(version: CampaignVersion, number: int) -> None:
    """A run gives units of the tier."""
    today = clock.bank_day(timezone.now())
    awards = ask(version, [candidate(used_card()) for _one in range(number)], on=today)
    assert [one.answer for one in awards] == ["granted"] * number


def left_to_arrange(version: CampaignVersion) -> str:
    """What a sale of far too many units is told."""
    with translation.override("en"), pytest.raises(flash.SaleRefused) as refused:
        arrange(version, units=1_000)
    return str(refused.value)


def claims(sale: FlashSale, people: list[str], later: float = 0) -> list[A]:
    reconciling.forget()
    at = timezone.now() + dt.timedelta(seconds=later)
    return sorted(told.answer for told in flash.claim(sale=sale, numbers=people, at=at))


def confirms(sale: FlashSale, people: list[str]) -> list[A]:
    at = timezone.now()
    return sorted(told.answer for told in flash.confirm(sale=sale, numbers=people, at=at))


def words(left: int) -> str:
    return f"The tier's stock has {left} units left to release."


def test_what_runs_gave_cannot_be_released() -> None:
    version = factory.version_to_sell(stock=25)
    factory.finished_run(version)
    give(version, 4)
    assert left_to_arrange(version) == words(21)
    arrange(version, units=21)
    assert left_to_arrange(version) == words(0)


def test_what_another_version_gave_or_promised_cannot_be_released() -> None:
    first = factory.version_to_sell(stock=25)
    factory.finished_run(first)
    give(first, 4)
    arrange(first, units=6)
    second = next_version(first, stock=20)
    assert left_to_arrange(second) == words(10)


def next_version(first: CampaignVersion, stock: int) -> CampaignVersion:
    """A later version of the same campaign, approved, with a run."""
    tier = {**first.content["rewards"]["tiers"][0], "stock": stock}
    second = draft(rewards={"mode": "highest", "tiers": [tier]}, name="另一版")
    assert second.campaign_id == first.campaign_id
    approve(second)
    factory.finished_run(second)
    return second


def test_an_older_version_is_bound_by_a_newer_one_at_work() -> None:
    first = factory.version_to_sell(stock=25)
    run = factory.finished_run(first)
    second = next_version(first, stock=5)
    give(second, 2)
    sale = factory.open_sale(10, run=run)
    assert queries.allotted(sale, at=timezone.now()) == 3


def test_what_a_sale_did_not_sell_is_free_once_it_is_over() -> None:
    at = timezone.now()
    version = factory.version_to_sell(stock=25)
    run = factory.finished_run(version)
    over = factory.open_sale(20, run=run, closes_at=at - dt.timedelta(seconds=factory.HOLD - 5))
    assert left_to_arrange(version) == words(5)  # its last holds may still be confirmed
    FlashSale.objects.filter(pk=over.pk).update(closes_at=at - dt.timedelta(seconds=factory.HOLD))
    assert left_to_arrange(version) == words(25)


def test_what_a_run_took_after_the_sale_was_arranged_is_not_claimed(way: str) -> None:
    version = factory.version_to_sell(stock=6)
    sale = factory.open_sale(6, run=factory.finished_run(version))
    give(version, 4)
    people = factory.qualified(sale, 5)
    assert claims(sale, people) == sorted([A.HELD] * 2 + [A.ALL_HELD] * 3)
    granted = confirms(sale, people)
    assert granted == sorted([A.GRANTED] * 2 + [A.NONE] * 3)
    assert set(claims(sale, people)) == {A.GRANTED, A.SOLD_OUT}
    book = BudgetBook.objects.get(run=None)
    assert book.limits.get(kind="stock").used == 6


@pytest.mark.usefixtures("fresh")
def test_the_reconciler_takes_out_what_a_run_took_and_puts_in_what_comes_back() -> None:
    version = factory.version_to_sell(stock=6)
    sale = factory.open_sale(6, run=factory.finished_run(version))
    (early,) = factory.qualified(sale, 1)
    assert claims(sale, [early]) == [A.HELD]
    give(version, 3)
    mended = flash.reconcile(sale_id=sale.pk, at=timezone.now())
    assert mended is not None
    assert (len(mended.units_out), len(mended.units_in)) == (3, 0)
    found = gate.state(sale.pk)
    assert found is not None
    assert len(found[1].free) == 2
    limit = BudgetBook.objects.get(run=None).limits.get(kind="stock")
    type(limit).objects.filter(pk=limit.pk).update(used=1)
    mended = flash.reconcile(sale_id=sale.pk, at=timezone.now())
    assert mended is not None
    assert (len(mended.units_out), len(mended.units_in)) == (0, 2)


def test_the_sale_that_opens_earlier_comes_first() -> None:
    version = factory.version_to_sell(stock=10)
    run = factory.finished_run(version)
    later = factory.open_sale(5, run=run)
    at = timezone.now()
    first = factory.open_sale(5, run=run, opens_at=at - dt.timedelta(minutes=9))
    give(version, 3)
    assert [queries.allotted(sale, at=at) for sale in (first, later)] == [5, 2]
