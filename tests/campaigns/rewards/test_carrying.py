"""Rewards that are measured by facts, where a run stands on an earlier one: it looks again once the
days are over, and where somebody was brought or got further."""

from decimal import Decimal

import pytest
from django.utils import translation

from campaigns.eligibility import queries
from campaigns.models import Decision, FactChange
from journeys.models import Card
from tests.campaigns.rewards import test_multiples as multiples
from tests.campaigns.rewards import test_persons as persons
from tests.campaigns.rewards.test_multiples import LAST, ONE, given_now, ran
from tests.campaigns.rewards.test_persons import brings, given_for
from tests.factories.campaigns import ON, card_in_use
from tests.factories.journeys import TransactionFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_marks_from_the_beginning() -> None:
    """Days of tests lie before the day on which the tables were made."""
    FactChange.objects.all().delete()


def test_before_the_days_are_over_nothing_is_given_and_a_later_run_sees_that_they_are() -> None:
    """Only the passing of time makes the later run look again."""
    window = {"counted_from": "issue", "days": 90, "last_day": "inside", "at_least": "1.00"}
    version = multiples.version_of(multiples.TRIPLE | {"spending": window})
    for _number in range(9):
        card_in_use(spent="0.50")
    day = LAST - 90 * ONE
    card = card_in_use(spent="0.50", issued_date=day, activated_date=day, first_used_date=day)
    TransactionFactory(card=card, amount=Decimal(3000), posted_date=day)
    early = ran(version, on=LAST - ONE)
    decision = Decision.objects.get(run=early, card=card)
    assert (decision.outcome, decision.again_date) == ("no_tier", LAST)
    with translation.override("en"):
        (tier,) = queries.tier_receipts(decision)
        told = tier.lines[0].explanation
    assert told is not None
    assert (told.gap, told.deadline, told.is_open) == ("Given once these days are over", LAST, True)
    assert given_now() == []
    assert ran(version, on=LAST).base == early
    assert given_now() == [(card.pk, 6000, Decimal("12.00"))]


def test_who_is_brought_later_is_rewarded_by_a_later_run() -> None:
    """The later run stands on the earlier one: the referral, and then the card of the one brought,
    mark the customer who brought."""
    version = persons.version_of()
    me = card_in_use()
    for _number in range(12):
        card_in_use()
    first = brings(me)
    ran(version)
    assert [row[0] for row in given_for(me)] == [first.pk]
    second = brings(me, None)
    ran(version, on=ON + ONE)
    assert len(given_for(me)) == 1
    Card.objects.filter(customer=second.referred).update(
        activated_date=ON + 2 * ONE, first_used_date=ON + 2 * ONE
    )
    run = ran(version, on=ON + 2 * ONE)
    assert run.base_id is not None
    assert [row[0] for row in given_for(me)] == [first.pk, second.pk]
