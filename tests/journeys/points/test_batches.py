"""What is left of each batch of points: whatever the order in which facts arrive, and whenever the
house let points expire in between, the end is that of a life in order."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum
from hypothesis import given, settings
from hypothesis import strategies as st

from journeys.models import Customer, CustomerStage, PointsBatch, PointsEntry
from journeys.points import operations, queries
from portal.intake import operations as intake
from portal.models import AuditEntry
from tests.factories.intake import AT, counts_of
from tests.factories.journeys import DAY, CustomerFactory
from tests.journeys.points import oracle
from tests.journeys.points.oracle import Told

pytestmark = pytest.mark.django_db
LAST = 60


def day(number: int) -> dt.date:
    return DAY + dt.timedelta(days=number)


def tell(rows: Sequence[tuple[str, Told]]) -> Any:
    """Imports entries, each of a customer."""
    content = [
        {
            "reference": row.order, "customer": customer, "kind": row.kind,
            "points": str(row.points), "on_date": row.on.isoformat(),
            "expires_date": row.expires.isoformat() if row.expires else None,
        }
        for customer, row in rows
    ]  # fmt: skip
    return intake.import_rows(kind="points", rows=content, actor=None, at=AT, source_name="test")


def expire(on: int) -> int:
    return operations.expire_points(on=day(on), at=AT)


def shown(customer: str) -> tuple[int, list[tuple[str, int, int, int]]]:
    """The balance by the ledger, and (entry, left, used, expired) of every batch."""
    found = PointsBatch.objects.filter(customer__number=customer).order_by("entry__reference")
    pk = Customer.objects.get(number=customer).pk
    return queries.balance_of(pk), [
        (row.entry.reference, row.left, row.used, row.expired)
        for row in found.select_related("entry")
    ]


def expected(told: list[Told], until: int) -> tuple[int, list[tuple[str, int, int, int]]]:
    account = oracle.live(told, day(until))
    rows = [(row.told.order, row.left, row.used, row.expired) for row in account.batches]
    return account.balance, sorted(rows)


def assert_ledger_adds_up() -> None:
    """Each batch's column of expired points is the sum of the house's entries for it."""
    for batch in PointsBatch.objects.all():
        entries = PointsEntry.objects.filter(batch_id=batch.pk)
        assert -(entries.aggregate(total=Sum("points"))["total"] or 0) == batch.expired
        assert entries.count() == batch.changes
        assert set(entries.values_list("on_date", flat=True)) <= {batch.expires_date}


@st.composite
def _told(draw: Any) -> list[tuple[str, Told]]:
    """Entries of two customers, in any order; amounts small, so that they often meet."""
    rows = []
    for number in range(draw(st.integers(1, 9))):
        kind = draw(st.sampled_from(["earned", "earned", "redeemed", "redeemed", "expired"]))
        on = draw(st.integers(0, 30))
        lives = draw(st.none() | st.integers(1, 25)) if kind == "earned" else None
        rows.append((
            draw(st.sampled_from(["C1", "C1", "C2"])),
            Told(f"P{number}", kind, draw(st.integers(1, 12)), day(on),
                 None if lives is None else day(on + lives)),
        ))  # fmt: skip
    return rows


@settings(max_examples=80, deadline=None)
@given(told=_told(), data=st.data())
def test_any_order_of_arrival_ends_as_a_life_in_order(
    told: list[tuple[str, Told]], data: Any
) -> None:
    """Entries come in any order, cut into files anyhow, with nights between that let points
    expire at any day: late redemptions, late earnings, batches that outlive younger ones."""
    arrivals = data.draw(st.permutations(told))
    with transaction.atomic():
        for number in ("C1", "C2"):
            CustomerFactory(number=number)
        waiting = list(arrivals)
        until = 0
        while waiting:
            cut = data.draw(st.integers(1, len(waiting)))
            tell(waiting[:cut])
            del waiting[:cut]
            if data.draw(st.booleans()):
                until = max(until, data.draw(st.integers(0, LAST)))
                expire(until)
        expire(until)
        for number in ("C1", "C2"):
            own = [row for customer, row in told if customer == number]
            assert shown(number) == expected(own, until)
        assert_ledger_adds_up()
        before = PointsEntry.objects.count()
        assert counts_of(tell(told)) == (0, 0, len(told), 0)
        assert expire(until) == 0
        assert PointsEntry.objects.count() == before
        transaction.set_rollback(True)


def earned(order: str, points: int, on: int, expires: int | None = None) -> tuple[str, Told]:
    ends = None if expires is None else day(expires)
    return "C1", Told(order, "earned", points, day(on), ends)


def redeemed(order: str, points: int, on: int) -> tuple[str, Told]:
    return "C1", Told(order, "redeemed", points, day(on))


@pytest.fixture
def _customer() -> None:
    CustomerFactory(number="C1")


@pytest.mark.usefixtures("_customer")
@pytest.mark.parametrize(("on", "left"), [(19, 100), (20, 0), (21, 0)])
def test_points_expire_on_their_day(on: int, left: int) -> None:
    tell([earned("P1", 100, 0, 20)])
    assert expire(on) == (0 if left else 1)
    assert shown("C1")[0] == left


@pytest.mark.usefixtures("_customer")
@pytest.mark.parametrize(("on", "balance", "used"), [(19, 0, 60), (20, -60, 0)])
def test_points_are_good_until_the_day_before(on: int, balance: int, used: int) -> None:
    """On the day of expiry itself nothing can be redeemed from the batch: it is owed."""
    tell([earned("P1", 100, 0, 20), redeemed("P2", 60, on)])
    expire(30)
    assert shown("C1") == (balance, [("P1", 0, used, 100 - used)])


@pytest.mark.usefixtures("_customer")
def test_the_batch_earned_first_is_used_first() -> None:
    tell([earned("P2", 50, 5, 9), earned("P1", 50, 1, 40), redeemed("P3", 60, 6)])
    assert shown("C1") == (40, [("P1", 0, 50, 0), ("P2", 40, 10, 0)])


@pytest.mark.usefixtures("_customer")
def test_what_expired_wrongly_is_given_back_by_an_entry_of_its_own() -> None:
    tell([earned("P1", 100, 0, 20)])
    assert expire(25) == 1
    tell([redeemed("P2", 70, 10)])
    assert shown("C1") == (0, [("P1", 0, 70, 30)])
    entries = PointsEntry.objects.order_by("id").values_list("kind", "points", "on_date")
    assert list(entries) == [
        ("earned", 100, day(0)), ("expired", -100, day(20)), ("redeemed", -70, day(10)),
        ("restored", 70, day(20)),
    ]  # fmt: skip
    assert expire(25) == 0


@pytest.mark.usefixtures("_customer")
def test_an_earlier_batch_that_comes_late_frees_a_younger_one_which_then_expires() -> None:
    tell([earned("P2", 100, 5, 20), redeemed("P3", 80, 6)])
    assert expire(25) == 1
    assert shown("C1") == (0, [("P2", 0, 80, 20)])
    tell([earned("P1", 100, 1, 15)])
    assert expire(25) == 2
    assert shown("C1") == (0, [("P1", 0, 80, 20), ("P2", 0, 0, 100)])


@pytest.mark.usefixtures("_customer")
def test_what_is_owed_is_paid_by_the_next_points() -> None:
    tell([redeemed("P1", 30, 5), earned("P2", 20, 8, 20), earned("P3", 20, 9)])
    account = queries.account_of(customer_id=Customer.objects.get().pk)
    assert (account.balance, account.owed) == (10, 0)
    assert shown("C1") == (10, [("P2", 0, 20, 0), ("P3", 10, 10, 0)])
    tell([redeemed("P4", 15, 10)])
    account = queries.account_of(customer_id=Customer.objects.get().pk)
    assert (account.balance, account.owed, account.batches) == (-5, 5, [])


@pytest.mark.usefixtures("_customer")
@pytest.mark.parametrize("first", ["house", "source"])
def test_an_expiry_that_the_source_tells_too_counts_once(first: str) -> None:
    """Whether the house let them expire before or after the source told it."""
    tell([earned("P1", 100, 0, 20), earned("P2", 50, 18)])
    said = ("C1", Told("P3", "expired", 100, day(20)))
    if first == "house":
        expire(21)
        tell([said])
    else:
        tell([said])
        assert expire(21) == 0
    assert shown("C1") == (50, [("P1", 0, 100, 0), ("P2", 50, 0, 0)])


@pytest.mark.usefixtures("_customer")
def test_an_expiry_leaves_an_audit_line_and_a_night_without_one_leaves_none() -> None:
    tell([earned("P1", 100, 0, 20)])
    assert [expire(on) for on in (5, 25, 25)] == [0, 1, 0]
    lines = AuditEntry.objects.filter(action="points.expired")
    assert [line.changes for line in lines] == [{"on": str(day(25)), "entries": 1}]


@pytest.mark.usefixtures("_customer")
def test_stages_follow_what_is_redeemed() -> None:
    tell([earned("P1", 100, 0)])
    assert not CustomerStage.objects.filter(step="redeemed").exists()
    tell([redeemed("P2", 10, 3)])
    row = CustomerStage.objects.get()
    assert (row.step, row.loyalty_date) == ("redeemed", day(3))


def test_only_what_can_expire_is_looked_at() -> None:
    """By its index, however many batches there are."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + operations._EXPIRE, {"on": day(0), "kind": "expired"})
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "points_batch_due" in plan


@pytest.mark.usefixtures("_customer")
def test_a_restored_entry_cannot_be_told() -> None:
    report = tell([("C1", Told("P1", "restored", 5, day(0)))])
    assert (report.rows_bad, PointsEntry.objects.count()) == (1, 0)


@pytest.mark.usefixtures("_customer")
def test_a_batch_cannot_give_more_than_it_has() -> None:
    tell([earned("P1", 10, 0)])
    with pytest.raises(DatabaseError), transaction.atomic():
        PointsBatch.objects.update(used=11)
    assert shown("C1") == (10, [("P1", 10, 0, 0)])
