"""Whatever is written of cards, in whatever order: the figures are those of a naive count."""

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from journeys.activity import operations, queries
from journeys.activity.rules import FORECAST_DAYS, Flow
from journeys.models import (
    ActiveDefinition,
    ActivityCount,
    ActivityDay,
    Card,
    CardMark,
    CardRest,
    CohortMonth,
    SleepDay,
    SleepFlow,
    Transaction,
)
from tests.factories.activity import AT, YESTERDAY, ago, count, define, used_card
from tests.factories.journeys import CustomerFactory, ProductFactory, TransactionFactory
from tests.factories.portal import BranchFactory
from tests.journeys.activity import plain

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def kept_active(definition: ActiveDefinition, on: dt.date) -> dict[Any, tuple[int, int]]:
    rows = ActivityDay.objects.filter(definition=definition, day=on)
    return {(row.branch_id, row.product_id): (row.cards, row.used) for row in rows}


def kept_sleep(on: dt.date) -> dict[Any, tuple[int, ...]]:
    return {
        (row.branch_id, row.product_id): (
            row.cards, row.asleep, row.due_30, row.due_60, row.due_90
        )
        for row in SleepDay.objects.filter(day=on)
    }  # fmt: skip


def kept_cohort(month: dt.date) -> dict[Any, tuple[int, ...]]:
    return {
        (row.branch_id, row.product_id): (row.cards, row.used_30, row.used_65, row.used_90)
        for row in CohortMonth.objects.filter(month=month)
    }


def assert_as_counted_naively(days: int = 3) -> None:
    """All figures of the last days, all cohorts, and the flows."""
    assert not CardMark.objects.exists()
    assert not ActivityCount.objects.filter(is_stale=True).exists()
    for back in range(days):
        on = ago(back)
        for definition in queries.definitions_on(on):
            assert kept_active(definition, on) == plain.active(definition, on), (on, definition)
        assert kept_sleep(on) == plain.sleeping(on, 18), on
    for month in {day.replace(day=1) for day in Card.objects.values_list("issued_date", flat=True)}:
        assert kept_cohort(month) == plain.cohort(month), month
    flows = queries.flows(asked=queries.Asked(queries_scope()), on=YESTERDAY)
    for ahead in FORECAST_DAYS:
        one = flows.get(ahead, Flow(ahead, 0, 0, 0, 0))
        assert (one.due, one.woke, one.asleep, one.left) == plain.flow(YESTERDAY, ahead, 18), ahead


def queries_scope() -> Any:
    from portal.staff.access import Scope

    return Scope("")


# --- edges ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("used", "is_active"),
    [(0, True), (1, True), (88, True), (89, True), (90, False), (91, False)],
)
def test_a_window_of_90_days_ends_with_the_day_of_the_figure(used: int, is_active: bool) -> None:
    definition = define(window_days=90)
    card = used_card(ago(400), ago(used))
    count()
    assert kept_active(definition, YESTERDAY) == {
        (card.branch_id, card.product_id): (1, int(is_active))
    }
    assert_as_counted_naively()


@pytest.mark.parametrize(
    ("since", "asleep", "due"),
    [
        (dt.date(2024, 12, 30), 1, 0),  # 18 months ago to the day
        (dt.date(2024, 12, 31), 1, 0),  # there is no 31 June: its last day counts
        (dt.date(2025, 1, 1), 0, 1),
        (dt.date(2025, 1, 30), 0, 1),
        (dt.date(2025, 1, 31), 0, 0),
    ],
)
def test_a_card_sleeps_from_the_day_18_months_after_its_last_use(
    since: dt.date, asleep: int, due: int
) -> None:
    card = used_card(dt.date(2023, 1, 5), since)
    never = used_card(since, customer=card.customer)
    count()
    assert kept_sleep(YESTERDAY)[card.branch_id, card.product_id][:3] == (
        2, 2 * asleep, 2 * due,
    )  # fmt: skip
    assert {row.is_used for row in CardRest.objects.filter(until=None)} == {True, False}
    assert never.first_used_date is None
    assert_as_counted_naively()


@pytest.mark.parametrize(
    ("after", "within"),
    [(0, (1, 1, 1)), (30, (1, 1, 1)), (31, (0, 1, 1)), (65, (0, 1, 1)), (66, (0, 0, 1)),
     (90, (0, 0, 1)), (91, (0, 0, 0))],
)  # fmt: skip
def test_a_new_card_is_used_within_so_many_days(after: int, within: tuple[int, ...]) -> None:
    issued = ago(200)
    card = used_card(issued, issued + dt.timedelta(days=after))
    count()
    month = issued.replace(day=1)
    assert kept_cohort(month) == {(card.branch_id, card.product_id): (1, *within)}


def test_each_exclusion_leaves_out_what_it_says() -> None:
    ProductFactory(code="CIVIL", name="公务卡")
    kept = used_card(ago(300), ago(3), activated_date=ago(290))
    branch = {"customer": kept.customer, "application": kept.application}
    used_card(ago(300), ago(20), closed_date=ago(0), activated_date=ago(299), **branch)
    used_card(ago(300), ago(4), is_primary=False, activated_date=ago(299), **branch)
    used_card(ago(300), ago(4), **branch)  # never activated
    used_card(
        ago(300), ago(4), activated_date=ago(299), customer=kept.customer, application=None,
        product=ProductFactory(code="CIVIL"),
    )  # fmt: skip
    changes: list[tuple[dict[str, Any], int]] = [
        ({}, 5),
        ({"leaves_closed": True}, 4),
        ({"leaves_unactivated": True}, 4),
        ({"leaves_supplementary": True}, 4),
        ({"policy_products": ["CIVIL"]}, 4),
        ({"leaves_closed": True, "leaves_unactivated": True, "leaves_supplementary": True,
          "policy_products": ["CIVIL"]}, 1),
    ]  # fmt: skip
    made = [
        define(f"d{number}", **({"leaves_closed": False} | leaves))
        for number, (leaves, _whole) in enumerate(changes)
    ]
    by_customer = define("people", counted="customers")
    count()
    for definition, (_leaves, whole) in zip(made, changes, strict=True):
        rows = ActivityDay.objects.filter(definition=definition, day=YESTERDAY)
        assert sum(row.cards for row in rows) == whole, definition
    assert kept_active(by_customer, YESTERDAY) == {(kept.branch_id, None): (1, 1)}
    assert_as_counted_naively()


# --- what comes late --------------------------------------------------------------------------
def _late_purchase(card: Card) -> None:
    TransactionFactory(card=card, posted_date=ago(1))


def _late_use_between(card: Card) -> None:
    TransactionFactory(card=card, posted_date=ago(150))


def _refund(card: Card) -> None:
    TransactionFactory(card=card, posted_date=ago(0), amount=-50)


def _taken_back(card: Card) -> None:
    Transaction.objects.filter(card=card).order_by("-posted_date")[:1].get().delete()


def _moved_day(card: Card) -> None:
    row = Transaction.objects.filter(card=card).order_by("-posted_date")[:1].get()
    Transaction.objects.filter(pk=row.pk).update(posted_date=ago(1))


def _other_card(card: Card) -> None:
    other = Card.objects.exclude(pk=card.pk).order_by("pk")[:1].get()
    Transaction.objects.filter(card=card).update(card=other, customer=other.customer)


def _closed_late(card: Card) -> None:
    Card.objects.filter(pk=card.pk).update(closed_date=ago(2))


def _branch_moved(card: Card) -> None:
    Card.objects.filter(pk=card.pk).update(branch=BranchFactory())


def _issued_earlier(card: Card) -> None:
    Card.objects.filter(pk=card.pk).update(issued_date=card.issued_date - 40 * DAY)


def _issued_later(card: Card) -> None:
    """Its first purchases are none of its own any more."""
    Card.objects.filter(pk=card.pk).update(issued_date=ago(100), activated_date=ago(99))


def _activated_late(card: Card) -> None:
    Card.objects.filter(pk=card.pk).update(activated_date=ago(1))


def _gone(card: Card) -> None:
    Transaction.objects.filter(card=card).delete()
    card.delete()


def _new_card(card: Card) -> None:
    used_card(ago(2), ago(1), customer=card.customer)


@pytest.mark.parametrize(
    "change",
    [_late_purchase, _late_use_between, _refund, _taken_back, _moved_day, _other_card,
     _closed_late, _branch_moved, _issued_earlier, _issued_later, _activated_late, _gone,
     _new_card],
)  # fmt: skip
def test_what_comes_late_is_counted_again(change: Callable[[Card], None]) -> None:
    define("cards", leaves_unactivated=True, window_days=90)
    define("people", counted="customers", window_days=120)
    card = used_card(ago(600), ago(560), ago(300), ago(110), activated_date=ago(599))
    used_card(ago(700), ago(690), activated_date=ago(700))
    used_card(ago(548), activated_date=None)
    count()
    assert_as_counted_naively()
    change(card)
    count(AT + dt.timedelta(hours=1))
    assert_as_counted_naively()


def test_what_follows_in_order_makes_no_earlier_day_stale() -> None:
    """A day costs one count, not those of all days since the card was used before."""
    define()
    card = used_card(ago(400), ago(200))
    count()
    TransactionFactory(card=card, posted_date=YESTERDAY + DAY)
    operations.settle_marks(clock=lambda: AT)
    assert not ActivityCount.objects.filter(kind="day", is_stale=True).exists()
    TransactionFactory(card=card, posted_date=ago(0))
    operations.settle_marks(clock=lambda: AT)
    stale = ActivityCount.objects.filter(kind="day", is_stale=True)
    assert [row.day for row in stale] == [YESTERDAY]


def test_a_day_says_that_it_was_counted_again() -> None:
    define()
    card = used_card(ago(400), ago(200))
    assert count() == 4  # three days and a month
    assert count() == 0
    TransactionFactory(card=card, posted_date=ago(1))
    later = AT + dt.timedelta(hours=1)
    assert count(later) == 2
    again = dict(ActivityCount.objects.filter(kind="day").values_list("day", "again_at"))
    assert again == {ago(2): None, ago(1): later, ago(0): later}
    found = queries.active_by_day(
        asked=queries.Asked(queries_scope()), code="board", first=ago(2), last=ago(0)
    )
    assert {day: one.ratio.part for day, one in found.items()} == {ago(2): 0, ago(1): 1, ago(0): 1}


@pytest.mark.parametrize("seed", range(4))
def test_random_histories_come_out_as_a_naive_count_says(seed: int) -> None:
    """Cards of several branches and products, used, refunded, moved and closed at random, in
    several rounds with a count after each."""
    draw = random.Random(seed)
    define("cards", window_days=draw.choice([30, 31, 90]), leaves_supplementary=draw.random() < 0.5)
    define("people", counted="customers", window_days=180, leaves_closed=draw.random() < 0.5)
    branches = [BranchFactory() for _ in range(3)]
    products = [ProductFactory(code=code) for code in ("GOLD", "BLUE")]
    customers = [CustomerFactory(branch=draw.choice(branches)) for _ in range(8)]
    for _round in range(3):
        for _ in range(6):
            issued = ago(draw.randrange(0, 800))
            card = used_card(
                issued, customer=draw.choice(customers), product=draw.choice(products),
                branch=draw.choice(branches), application=None, is_primary=draw.random() < 0.8,
            )  # fmt: skip
            if draw.random() < 0.2:
                closed = min(issued + draw.randrange(0, 700) * DAY, YESTERDAY)
                Card.objects.filter(pk=card.pk).update(closed_date=closed)
        cards = list(Card.objects.order_by("pk"))
        for _ in range(40):
            amount = 10 if draw.random() < 0.85 else -10
            TransactionFactory(
                card=draw.choice(cards), posted_date=ago(draw.randrange(-1, 850)), amount=amount
            )
        rows = list(Transaction.objects.order_by("pk"))
        for row in draw.sample(rows, 6):
            if draw.random() < 0.5:
                row.delete()
            else:
                Transaction.objects.filter(pk=row.pk).update(
                    posted_date=ago(draw.randrange(0, 800))
                )
        count(back=25)
        assert_as_counted_naively(days=25)


def test_settling_in_small_batches_tells_the_same() -> None:
    for number in range(7):
        used_card(ago(600), ago(500 - number), ago(100 + number))
    Card.objects.update(activated_date=ago(590))
    assert operations.settle_marks(clock=lambda: AT, batch=3) >= 7
    rests = set(CardRest.objects.values_list("card", "since", "until", "is_used"))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journeys_cardmark (card_id) SELECT id FROM journeys_card;"
            " DELETE FROM journeys_cardrest"
        )
    operations.settle_marks(clock=lambda: AT)
    assert set(CardRest.objects.values_list("card", "since", "until", "is_used")) == rests
    assert SleepFlow.objects.count() == 0
