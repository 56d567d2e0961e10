"""Refunds and grants in flight while rewards are taken back: who commits last is looked at."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest

from campaigns.models import CampaignVersion, Grant, GrantReversal
from campaigns.rewards import operations as rewards
from journeys.models import Card
from tests.factories.journeys import DAY, TransactionFactory
from tests.factories.rewards import AT, ON, ask, candidate, run_of, used_card, version_with
from tests.races.test_carrying import in_flight
from tests.races.threads import in_threads

LATER = dt.timedelta(days=20)

pytestmark = pytest.mark.django_db(transaction=True)


def a_round() -> int:
    return rewards.reopen_grants(on=ON, at=AT)


@pytest.fixture
def card() -> Card:
    """A card on whose first day enough was spent, and whose holder has no reward yet."""
    found = used_card(issued_date=DAY)
    TransactionFactory(card=found, amount=Decimal(600), posted_date=DAY)
    return found


@pytest.fixture
def version() -> CampaignVersion:
    found = version_with()
    run_of(found)
    return found


def give(version: CampaignVersion, card: Card) -> None:
    (award,) = ask(version, [candidate(card)])
    assert award.answer == "granted"


def give_back(card: Card) -> None:
    TransactionFactory(card=card, kind="refund", amount=Decimal(-200), posted_date=DAY + LATER)


def test_a_refund_that_commits_after_later_ones_were_looked_at_is_not_left_out(
    version: CampaignVersion, card: Card
) -> None:
    other = used_card(issued_date=DAY)
    TransactionFactory(card=other, amount=Decimal(600), posted_date=DAY)
    give(version, card)
    give(version, other)
    with in_flight(lambda: give_back(card)):
        give_back(other)
        assert a_round() == 1
        assert a_round() == 0
    assert a_round() == 1


@pytest.mark.parametrize("is_grant_last", [True, False])
def test_of_grant_and_refund_the_one_that_commits_last_is_looked_at(
    version: CampaignVersion, card: Card, is_grant_last: bool
) -> None:
    """The grant was decided before the refund was there, as in a run that takes its time."""
    first: Callable[[], None] = lambda: give_back(card)  # noqa: E731
    last: Callable[[], None] = lambda: give(version, card)  # noqa: E731
    if not is_grant_last:
        first, last = last, first
    with in_flight(last):
        first()
        assert a_round() == 0
    assert a_round() == 1
    assert Grant.objects.count() == GrantReversal.objects.count() == 1


def test_two_rounds_at_once_take_each_reward_back_once(version: CampaignVersion) -> None:
    for _number in range(6):
        found = used_card(issued_date=DAY)
        TransactionFactory(card=found, amount=Decimal(600), posted_date=DAY)
        give(version, found)
        give_back(found)
    assert sum(in_threads(2, lambda _place: a_round())) == 6
    assert GrantReversal.objects.count() == 6
    assert a_round() == 0
