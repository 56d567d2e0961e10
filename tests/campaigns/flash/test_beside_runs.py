"""Runs that take stock while units are held: in whatever order, as many are granted as there are
units or people, and whoever is told of success has a grant."""

import datetime as dt
import random

import pytest
from django.utils import timezone

from campaigns.flash import operations as flash
from campaigns.flash.enums import ClaimAnswer as A
from campaigns.flash.operations import reconciling
from campaigns.models import BudgetBook, CampaignVersion, Grant
from journeys.models import Card
from portal.kit import clock
from tests.factories import flash as factory
from tests.factories.rewards import ask, candidate, used_card

pytestmark = pytest.mark.django_db
HOLD = dt.timedelta(seconds=factory.HOLD)


def run_gives(version: CampaignVersion, cards: list[Card], at: dt.datetime) -> int:
    awards = ask(version, [candidate(card) for card in cards], on=clock.bank_day(at), at=at)
    assert {one.answer for one in awards} <= {"granted", "stock_out", "had_before"}
    return [one.answer for one in awards].count("granted")


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("stock", "claimants", "others"), [(6, 5, 8), (6, 2, 3), (3, 8, 0)])
def test_neither_more_nor_fewer_than_there_are(
    way: str, seed: int, stock: int, claimants: int, others: int
) -> None:
    chance = random.Random(f"{seed} {stock} {way}")
    version = factory.version_to_sell(stock=stock)
    sale = factory.open_sale(min(stock, 5), run=factory.finished_run(version))
    people = factory.qualified(sale, claimants)
    by_run = [used_card() for _number in range(others)]
    at, told = timezone.now(), set()
    for _step in range(14):
        reconciling.forget()
        some = chance.sample(people, chance.randint(1, len(people)))
        match chance.choice(["claim", "confirm", "run", "pass", "reconcile"]):
            case "claim":
                flash.claim(sale=sale, numbers=some, at=at)
            case "confirm":
                answers = flash.confirm(sale=sale, numbers=some, at=at)
                told |= {
                    who for who, one in zip(some, answers, strict=True) if one.answer == A.GRANTED
                }
            case "run" if by_run:
                run_gives(version, by_run[: chance.randint(1, 2)], at)
                by_run = by_run[2:]
            case "pass":
                at += HOLD * chance.choice([0.5, 1.5])
            case _:
                flash.reconcile(sale_id=sale.pk, at=at)
        granted = set(Grant.objects.values_list("customer__number", flat=True))
        assert told <= granted
        assert len(granted) <= stock
    # Everybody tries once more, and what is left goes to whom a run finds.
    at += 2 * HOLD
    flash.reconcile(sale_id=sale.pk, at=at)
    for _turn in range(2):
        reconciling.forget()
        flash.claim(sale=sale, numbers=people, at=at)
        flash.confirm(sale=sale, numbers=people, at=at)
    run_gives(version, list(Card.objects.filter(customer__number__in=people)), at)
    run_gives(version, list(Card.objects.exclude(customer__number__in=people)), at)
    assert Grant.objects.count() == min(stock, claimants + others)
    limit = BudgetBook.objects.get(run=None).limits.get(kind="stock")
    assert limit.used == Grant.objects.count()
