"""Purchases come in while rests are told and days are counted: nothing that was committed is
missed, whoever was first."""

import random
import threading

import pytest
from django.db import connection, transaction

from journeys.activity import operations
from journeys.activity.operations.settling import LOCK
from journeys.models import ActivityCount, ActivityDay, CardMark
from tests.factories.activity import YESTERDAY, ago, count, define, used_card
from tests.factories.journeys import TransactionFactory
from tests.journeys.activity.test_counting import assert_as_counted_naively
from tests.races.threads import in_threads

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 25


def test_no_purchase_is_missed_while_figures_are_counted() -> None:
    define()
    cards = [used_card(ago(700), ago(600)) for _ in range(6)]
    count()

    def work(place: int) -> int:
        draw = random.Random(place)
        told = 0
        for _ in range(ROUNDS):
            if place < 2:
                with transaction.atomic():
                    for card in draw.sample(cards, 3):
                        TransactionFactory(card=card, posted_date=ago(draw.randrange(0, 500)))
            elif place == 2:
                told += operations.settle_marks(batch=2)
            else:
                told += count(back=3)
        return told

    in_threads(4, work)
    count(back=3)
    assert not CardMark.objects.exists()
    assert_as_counted_naively()


def test_two_who_count_at_once_count_once() -> None:
    define()
    used_card(ago(700), ago(600))
    in_threads(3, lambda _place: count(back=3))
    assert_as_counted_naively()


@pytest.mark.parametrize("rounds", [12, pytest.param(60, marks=pytest.mark.chaos)])
def test_a_definition_that_comes_while_its_day_is_counted_is_counted(rounds: int) -> None:
    used_card(ago(100), ago(3))
    define("first")
    count()
    for turn in range(rounds):
        ActivityCount.objects.update(is_stale=True)

        def work(place: int, turn: int = turn) -> None:
            if place:
                count()
            else:
                define(f"later{turn}")

        in_threads(2, work)
        count()
        told = ActivityDay.objects.filter(day=YESTERDAY).values_list("definition__code", flat=True)
        assert set(told) == {"first", *(f"later{number}" for number in range(turn + 1))}


def test_who_sets_a_definition_during_a_long_count_is_told_so() -> None:
    from_here, may_end = threading.Event(), threading.Event()

    def count_long() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(LOCK)
            from_here.set()
            may_end.wait(60)

    def work(place: int) -> str:
        if place:
            count_long()
            return ""
        from_here.wait(60)
        try:
            with pytest.raises(operations.SettingNotAllowed) as told:
                define()
        finally:
            may_end.set()
        return str(told.value)

    said, _counted = in_threads(2, work)
    assert "正在统计数据" in said
    define()
