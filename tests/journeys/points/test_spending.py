"""Points that spending earned follow the transactions: late ones, refunds, corrected ones, also
when the batch is used or expired already."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journeys import tasks
from journeys.models import Card, PointsBatch, PointsEntry, Transaction
from journeys.points import operations, queries
from journeys.points.operations import PointsUse
from portal.models import AuditEntry
from tests.factories.intake import AT
from tests.factories.journeys import CardFactory, TransactionFactory
from tests.journeys.points import oracle
from tests.journeys.points.oracle import Told

pytestmark = pytest.mark.django_db
MONTHS = [dt.date(2025, month, 1) for month in (1, 2, 3)]
FIRST, END = MONTHS[0], dt.date(2025, 4, 1)
LATEST = dt.date(2026, 6, 1)  # all that was earned has expired


def spend(card: Card, day: dt.date, amount: str, **more: Any) -> Transaction:
    kind = "refund" if amount.startswith("-") else "purchase"
    return TransactionFactory(card=card, posted_date=day, amount=Decimal(amount), kind=kind, **more)


def earn(first: dt.date = FIRST, end: dt.date = END) -> int:
    return operations.earn_from_spending(first=first, end=end, at=AT)


def redeem(card: Card, points: int, on: dt.date, reference: str = "r1") -> None:
    use = PointsUse(reference, card.customer_id, "redeemed", points, on)
    operations.take_points(uses=[use], at=AT)


def entries() -> list[tuple[str, int, dt.date]]:
    return list(PointsEntry.objects.order_by("id").values_list("kind", "points", "on_date"))


def batch() -> tuple[int, int, int, int]:
    row = PointsBatch.objects.get()
    return row.points, row.used, row.expired, row.left


def test_a_late_purchase_and_a_late_refund_are_corrections_dated_like_the_batch() -> None:
    card, begins = CardFactory(), dt.date(2025, 2, 1)
    spend(card, FIRST, "100.50")
    assert earn() == 1
    spend(card, dt.date(2025, 1, 31), "20.60")
    assert (earn(), earn()) == (1, 0)
    spend(card, FIRST, "-41.10")
    assert (earn(), earn()) == (1, 0)
    assert entries() == [
        ("earned", 100, begins), ("adjusted", 21, begins), ("adjusted", -41, begins),
    ]  # fmt: skip
    assert batch() == (80, 0, 0, 80)
    references = PointsEntry.objects.values_list("reference", flat=True)
    assert len(set(references)) == 3
    lines = AuditEntry.objects.filter(action="points.earned")
    assert [line.changes["entries"] for line in lines.order_by("id")] == [1, 1, 1]


def test_the_points_of_a_purchase_go_with_its_full_refund_in_a_later_month() -> None:
    card = CardFactory()
    bought = spend(card, dt.date(2025, 1, 20), "10000")
    earn()
    spend(card, dt.date(2025, 2, 5), "-10000", refund_of=bought.reference)
    assert (earn(), earn()) == (1, 0)
    assert entries() == [
        ("earned", 10000, dt.date(2025, 2, 1)), ("adjusted", -10000, dt.date(2025, 2, 1)),
    ]  # fmt: skip
    assert (batch(), queries.balance_of(card.customer_id)) == ((0, 0, 0, 0), 0)


def test_a_refund_after_the_booked_months_takes_its_points_back_at_once() -> None:
    card = CardFactory()
    bought = spend(card, dt.date(2025, 3, 20), "500")
    earn()
    spend(card, dt.date(2025, 4, 2), "-200", refund_of=bought.reference)
    assert operations.follow_spending(on=dt.date(2025, 4, 3), at=AT) == 1
    assert batch() == (300, 0, 0, 300)
    assert operations.follow_spending(on=dt.date(2025, 5, 3), at=AT) == 0


@pytest.mark.parametrize("named", ["", "gone", "others"])
def test_a_refund_whose_purchase_is_not_found_is_made_up_for_by_the_months_after(
    named: str,
) -> None:
    card = CardFactory()
    others = spend(CardFactory(), FIRST, "70").reference
    spend(card, FIRST, "100")
    name = others if named == "others" else named
    spend(card, dt.date(2025, 2, 5), "-60.50", refund_of=name)
    spend(card, dt.date(2025, 3, 5), "40")
    earn()
    spend(card, dt.date(2025, 4, 5), "50")
    earn(dt.date(2025, 4, 1), dt.date(2025, 5, 1))
    mine = PointsBatch.objects.filter(customer=card.customer_id).order_by("on_date")
    assert [(row.on_date.month, row.points) for row in mine] == [(2, 100), (5, 29)]


def test_what_is_spent_already_is_owed_after_a_refund() -> None:
    card = CardFactory()
    bought = spend(card, FIRST, "100")
    earn()
    redeem(card, 70, dt.date(2025, 2, 10))
    spend(card, FIRST, "-100")
    assert earn() == 1
    account = queries.account_of(customer_id=card.customer_id)
    assert (account.balance, account.owed, batch()) == (-70, 70, (0, 0, 0, 0))
    Transaction.objects.filter(pk=bought.pk).update(amount=Decimal(150))
    assert earn() == 1
    assert batch() == (50, 50, 0, 0)
    assert queries.balance_of(card.customer_id) == -20


def test_what_expired_already_is_given_back_or_expires_too() -> None:
    card = CardFactory()
    spend(card, FIRST, "100")
    earn()
    assert operations.expire_points(on=LATEST, at=AT) == 1
    spend(card, FIRST, "-30")
    assert earn() == 1
    assert (batch(), queries.balance_of(card.customer_id)) == ((70, 0, 70, 0), 0)
    assert entries()[-2:] == [
        ("adjusted", -30, dt.date(2025, 2, 1)), ("restored", 30, dt.date(2026, 2, 1)),
    ]  # fmt: skip
    spend(card, FIRST, "15")
    assert earn() == 1
    assert queries.balance_of(card.customer_id) == 15
    assert operations.expire_points(on=LATEST, at=AT) == 1
    assert (batch(), queries.balance_of(card.customer_id)) == ((85, 0, 85, 0), 0)


def test_a_month_without_any_spending_left_is_worth_nothing() -> None:
    row = spend(CardFactory(), FIRST, "10")
    earn()
    Transaction.objects.filter(pk=row.pk).update(posted_date=dt.date(2025, 2, 3))
    assert earn() == 2
    worth = PointsBatch.objects.order_by("on_date").values_list("on_date", "points")
    assert list(worth) == [(dt.date(2025, 2, 1), 0), (dt.date(2025, 3, 1), 10)]


def test_points_that_a_source_told_are_left_alone() -> None:
    """Also where its reference looks like one of ours."""
    card = CardFactory()
    for number, reference in enumerate(
        ("P1", "earned-9", f"earned:{card.customer_id + 1}:2025-01")
    ):
        PointsEntry.objects.create(
            reference=reference, customer=card.customer, kind="earned", points=40 + number,
            on_date=dt.date(2025, 2, 1),
        )  # fmt: skip
    assert earn() == 0
    assert operations.follow_spending(on=LATEST, at=AT) == 0
    assert PointsEntry.objects.count() == 3


def test_the_clock_follows_from_the_first_booked_month_and_books_the_next_ones() -> None:
    card = CardFactory()
    spend(card, dt.date(2025, 1, 5), "50")
    spend(card, dt.date(2025, 2, 5), "60")
    tasks.follow_spending()
    assert not PointsEntry.objects.exists()
    earn(MONTHS[1], MONTHS[2])
    spend(card, dt.date(2025, 2, 6), "5")
    spend(card, dt.date(2025, 3, 6), "7")
    spend(card, dt.date(2025, 4, 6), "9")
    for _tick in range(2):
        operations.follow_spending(on=dt.date(2025, 4, 30), at=AT)
    assert entries() == [
        ("earned", 60, dt.date(2025, 3, 1)), ("adjusted", 5, dt.date(2025, 3, 1)),
        ("earned", 7, dt.date(2025, 4, 1)),
    ]  # fmt: skip


# Month, day, cents, and of a refund the place of the purchase that it may name.
Posting = tuple[dt.date, int, int, int]
_POSTING = st.tuples(
    st.sampled_from(MONTHS), st.integers(1, 28), st.integers(-3000, 4000), st.integers(-3, 7)
)
_USE = st.tuples(st.integers(0, 500), st.integers(1, 60))


# The database works inside each example: how long one takes says nothing.
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    postings=st.lists(_POSTING, min_size=1, max_size=8),
    uses=st.lists(_USE, max_size=3),
    data=st.data(),
)
def test_any_order_ends_as_if_all_had_been_known(
    postings: list[Posting], uses: list[tuple[int, int]], data: Any
) -> None:
    """Transactions, refunds that name their purchase or none, and redemptions come in any order,
    with bookings and nights between."""
    postings = [row for row in postings if row[2]]
    told = [
        Told(f"r{number}", "redeemed", points, FIRST + dt.timedelta(days=days))
        for number, (days, points) in enumerate(uses)
    ]
    facts: list[Any] = data.draw(st.permutations([*enumerate(postings), *told]))
    with transaction.atomic():
        card, until = CardFactory(), FIRST
        for fact in facts:
            if isinstance(fact, Told):
                redeem(card, fact.points, fact.on, fact.order)
            else:
                place, (month, number, cents, _of) = fact
                named = _named(postings, place)
                spend(
                    card, month + dt.timedelta(days=number - 1), str(Decimal(cents) / 100),
                    reference=f"T{place}", refund_of="" if named is None else f"T{named}",
                )  # fmt: skip
            if data.draw(st.booleans()):
                earn()
            if data.draw(st.booleans()):
                until = max(until, FIRST + dt.timedelta(days=data.draw(st.integers(0, 500))))
                operations.expire_points(on=until, at=AT)
        earn()
        operations.expire_points(on=until, at=AT)
        account = oracle.live([*_earned(postings), *told], until)
        assert queries.balance_of(card.customer_id) == account.balance
        rows = PointsBatch.objects.order_by("on_date")
        assert [(r.on_date, r.points, r.used, r.expired) for r in rows if r.points] == [
            (row.told.on, row.told.points, row.used, row.expired) for row in account.batches
        ]
        for row in rows:
            worth = PointsEntry.objects.filter(batch=row.pk, kind="adjusted")
            total = worth.aggregate(total=Sum("points"))["total"] or 0
            assert row.points == row.entry.points + total
        assert (earn(), operations.expire_points(on=until, at=AT)) == (0, 0)
        transaction.set_rollback(True)


def _named(postings: list[Posting], place: int) -> int | None:
    """The purchase that a refund names; some name one that never came."""
    _month, _day, cents, of = postings[place]
    return of if cents < 0 <= of and of != place else None


def _earned(postings: list[Posting]) -> list[Told]:
    """What each month earned, had everything been known: a refund is taken from the month of its
    purchase, and what is missing then from the months after."""
    spent = dict.fromkeys(MONTHS, 0)
    for place, (month, _day, cents, _of) in enumerate(postings):
        named = _named(postings, place)
        is_found = named is not None and named < len(postings) and postings[named][2] > 0
        spent[postings[named][0] if is_found else month] += cents
    found, missing = [], 0
    for place, month in enumerate(MONTHS):
        net = spent[month] - missing
        missing = max(0, -net)
        begins = MONTHS[place + 1] if place < 2 else END
        if net >= 100:
            ends = begins.replace(year=begins.year + 1)
            found.append(Told(f"earned:{month}", "earned", net // 100, begins, ends))
    return found


def test_what_was_booked_is_found_by_its_index() -> None:
    """However many entries other sources told."""
    start = operations._EARN.index("WHERE e.reference")
    booked = operations._EARN[start : operations._EARN.index("), differing")]
    alone = f"SELECT e.id FROM journeys_pointsentry e {booked}"
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plans = []
        for statement, given in (
            (alone, {"first": FIRST, "end": END}), (operations._BEGUN, None),
        ):  # fmt: skip
            cursor.execute("EXPLAIN " + statement, given)
            plans.append("\n".join(row[0] for row in cursor.fetchall()))
    assert ["points_of_spending" in plan for plan in plans] == [True, True], plans
