"""Rounds that take back: what was refunded or granted is looked at once, and none is left out."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.models import Grant, GrantReversal, ReversalFailure, ToLookAt
from campaigns.rewards import operations as rewards
from journeys.models import Transaction
from tests.campaigns.rewards.test_reopening import day, granted, refund
from tests.factories.journeys import CardFactory, TransactionFactory
from tests.factories.rewards import AT, ON
from tests.factories.rewards import version_with as plan_with

pytestmark = pytest.mark.django_db


def waiting() -> list[tuple[int | None, bool]]:
    """The cards and spans of grants that wait to be looked at."""
    rows = ToLookAt.objects.order_by("id").values_list("card_id", "first_grant")
    return [(card, first is not None) for card, first in rows]


def queries_of_a_round() -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert rewards.reopen_grants(on=ON, at=AT) == 0
    return len(asked)


def test_a_refund_and_a_grant_are_noted_and_looked_at_once() -> None:
    version = plan_with()
    card = granted(version, "900.00")
    assert waiting() == [(None, True)]
    refund(card, "1.00", day(5))
    other = CardFactory()
    refund(other, "1.00", day(5))
    assert waiting() == [(None, True), (card.pk, False), (other.pk, False)]
    assert queries_of_a_round() > 2
    assert waiting() == []
    assert queries_of_a_round() == 2  # how far, and what waits
    refund(card, "500.00", day(6))
    assert rewards.reopen_grants(on=ON, at=AT) == 1


def test_a_purchase_is_nothing_to_look_at_and_a_refund_that_is_changed_is() -> None:
    card = granted(plan_with(), "900.00")
    rewards.reopen_grants(on=ON, at=AT)
    TransactionFactory(card=card, amount=Decimal(5), posted_date=day(5))
    assert waiting() == []
    refund(card, "1.00", day(5))
    rewards.reopen_grants(on=ON, at=AT)
    Transaction.objects.filter(amount=-1).update(amount=-600)
    assert rewards.reopen_grants(on=ON, at=AT) == 1


def test_a_refund_of_a_day_to_come_waits_for_it() -> None:
    card = granted(plan_with(), "600.00")
    refund(card, "200.00", day(40))
    assert rewards.reopen_grants(on=day(39), at=AT) == 0
    assert waiting() == [(card.pk, False)]
    assert rewards.reopen_grants(on=day(40), at=AT) == 1
    assert ToLookAt.objects.filter(card_id__isnull=False).count() == 0


def test_what_a_stopped_campaign_keeps_waiting_is_not_looked_at_until_it_goes_on() -> None:
    version = plan_with()
    card = granted(version, "600.00")
    refund(card, "200.00", day(20))
    type(version.campaign).objects.update(stopped_at=AT)
    assert rewards.reopen_grants(on=ON, at=AT) == 0
    assert queries_of_a_round() == 2
    grant = Grant.objects.get()
    assert list(ToLookAt.objects.values_list("first_grant", "stopped_campaign").distinct()) == [
        (grant.pk, version.campaign_id)
    ]
    type(version.campaign).objects.update(stopped_at=None)
    assert rewards.reopen_grants(on=ON, at=AT) == 1
    rewards.reopen_grants(on=ON, at=AT)
    assert waiting() == []


def test_a_round_whose_time_is_over_ends_at_once_and_the_next_goes_on_there() -> None:
    version = plan_with(budget={"total": "30.00"})
    cards = [granted(version, "600.00") for _number in range(3)]
    rewards.reopen_grants(on=ON, at=AT)
    for card in cards:
        refund(card, "200.00", day(20))
    reversals = 0

    def time_is_over(execute: Any, sql: str, *rest: Any) -> Any:
        """The clock strikes while the second one is taken back."""
        nonlocal reversals
        reversals += sql.startswith('INSERT INTO "campaigns_grantreversal"')
        if reversals == 2:
            raise SoftTimeLimitExceeded
        return execute(sql, *rest)

    with connection.execute_wrapper(time_is_over), pytest.raises(SoftTimeLimitExceeded):
        rewards.reopen_grants(on=ON, at=AT)
    assert reversals == 2
    assert not ReversalFailure.objects.exists()
    assert list(GrantReversal.objects.values_list("grant__card", flat=True)) == [cards[0].pk]
    assert waiting() == [(cards[1].pk, False), (cards[2].pk, False)]
    assert rewards.reopen_grants(on=ON, at=AT + dt.timedelta(hours=1)) == 2


def test_what_failed_comes_again_with_the_next_round_and_only_with_it() -> None:
    version = plan_with()
    card = granted(version, "600.00")
    refund(card, "200.00", day(20))

    def fail(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith('INSERT INTO "campaigns_grantreversal"'):
            raise ValueError("no")
        return execute(sql, *rest)

    with connection.execute_wrapper(fail):
        assert rewards.reopen_grants(on=ON, at=AT) == 0
    assert ReversalFailure.objects.count() == 1
    assert {first for _card, first in waiting()} == {True}
    assert rewards.reopen_grants(on=ON, at=AT) == 1
    assert not ReversalFailure.objects.exists()


def test_more_than_a_round_reads_at_once_is_looked_at_in_one_round() -> None:
    card = granted(plan_with(), "900.00")
    for _number in range(450):
        ToLookAt.objects.create(card_id=0, due_date=ON)
    refund(card, "500.00", day(20))
    assert rewards.reopen_grants(on=ON, at=AT) == 1
    assert waiting() == []
