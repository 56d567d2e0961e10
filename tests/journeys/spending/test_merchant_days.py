"""A merchant's days are what a full recount says, and refunds what a naive count says, whatever
arrives in which order, twice, or corrected to another merchant and day."""

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from journeys.models import MerchantDay, Transaction
from journeys.spending import operations, queries
from journeys.spending.enums import RefundDoubt
from journeys.spending.operations import Difference, Turnover
from portal.intake import operations as intake
from portal.models import AuditEntry
from tests.factories.intake import AT, counts_of, make_bank
from tests.factories.journeys import DAY, TransactionFactory
from tests.factories.merchants import MerchantFactory

pytestmark = pytest.mark.django_db
Row = dict[str, str | None]


@pytest.fixture(autouse=True)
def _bank() -> None:
    make_bank()
    MerchantFactory(number="M2")


def take(rows: list[Row]) -> Any:
    return intake.import_rows(kind="transactions", rows=rows, actor=None, at=AT, source_name="test")


@st.composite
def _rows(draw: Any) -> list[Row]:
    """Postings under few references, so that a later file corrects an earlier one."""
    rows: list[Row] = []
    for number in range(draw(st.integers(1, 8))):
        is_refund = draw(st.booleans())
        named = draw(st.sampled_from(["", "T0", "T1", "T2", "T9"])) if is_refund else ""
        rows.append({
            "reference": f"T{number}",
            "card": draw(st.sampled_from(["K1", "K1", "K2"])),
            "kind": "refund" if is_refund else "purchase",
            "amount": str(draw(st.integers(1, 5))),
            "posted_date": (DAY + dt.timedelta(days=draw(st.integers(0, 2)))).isoformat(),
            "merchant": draw(st.sampled_from(["M1", "M1", "M2", None])),
            "refund_of": named if named != f"T{number}" else None,
        })  # fmt: skip
    return rows


def counted(rows: list[Row]) -> dict[tuple[str, str], tuple[int, int, Decimal]]:
    """Purchases, refunds and net amount by merchant and day, row by row."""
    sums: dict[tuple[str, str], list[Any]] = defaultdict(lambda: [0, 0, Decimal(0)])
    for row in rows:
        if row["merchant"]:
            found = sums[str(row["merchant"]), str(row["posted_date"])]
            is_refund = row["kind"] == "refund"
            found[1 if is_refund else 0] += 1
            found[2] += Decimal(str(row["amount"])) * (-1 if is_refund else 1)
    return {key: (row[0], row[1], row[2]) for key, row in sums.items()}


def kept() -> dict[tuple[str, str], tuple[int, int, Decimal]]:
    rows = MerchantDay.objects.values_list(
        "merchant__number", "day", "purchases", "refunds", "amount"
    )
    return {(row[0], row[1].isoformat()): (row[2], row[3], row[4]) for row in rows}


def doubts(rows: list[Row]) -> set[tuple[str, str, str]]:
    """What is doubtful about the refunds, each looked up among all rows."""
    known = {str(row["reference"]): row for row in rows}
    found = set()
    for row in rows:
        named = str(row["refund_of"] or "")
        if not named:
            continue
        purchase = known.get(named)
        given = sum(int(str(other["amount"])) for other in rows if other["refund_of"] == named)
        doubt = ""
        if purchase is None:
            doubt = "unknown"
        elif purchase["kind"] == "refund":
            doubt = "no_purchase"
        elif purchase["card"] != row["card"]:
            doubt = "other_card"
        elif given > int(str(purchase["amount"])):
            doubt = "too_much"
        if doubt:
            found.add((doubt, str(row["reference"]), named))
    return found


@settings(max_examples=80, deadline=None)
@given(first=_rows(), last=_rows(), data=st.data())
def test_any_order_and_any_correction_ends_as_a_full_recount(
    first: list[Row], last: list[Row], data: Any
) -> None:
    """A first version of the postings, then the last one in any order and in pieces; the same
    reference may have another merchant, day, kind or card."""
    final = {str(row["reference"]): row for row in [*first, *last]}
    with transaction.atomic():
        take(first)
        assert kept() == counted(first)
        waiting = list(data.draw(st.permutations(list(final.values()))))
        while waiting:
            cut = data.draw(st.integers(1, len(waiting)))
            take(waiting[:cut])
            del waiting[:cut]
        rows = list(final.values())
        assert kept() == counted(rows)
        assert set(queries.doubtful_refunds()) == doubts(rows)
        assert operations.recount_merchant_days(repair=False, at=AT) == []
        assert counts_of(take(rows)) == (0, 0, len(rows), 0)
        assert kept() == counted(rows)
        gone = data.draw(st.sampled_from(rows))
        Transaction.objects.filter(reference=gone["reference"]).delete()
        assert kept() == counted([row for row in rows if row is not gone])
        transaction.set_rollback(True)


def test_a_dry_run_leaves_the_days_alone() -> None:
    row: Row = {"reference": "T1", "card": "K1", "amount": "5", "posted_date": DAY.isoformat(),
                "merchant": "M1"}  # fmt: skip
    take([row])
    before = kept()
    point = transaction.savepoint()
    take([{**row, "amount": "9"}])
    transaction.savepoint_rollback(point)
    assert kept() == before == {("M1", DAY.isoformat()): (1, 0, Decimal(5))}


def test_a_correction_without_the_column_of_merchants_stays_at_the_merchant() -> None:
    row: Row = {"reference": "T1", "card": "K1", "amount": "5", "posted_date": DAY.isoformat()}
    take([{**row, "merchant": "M2"}])
    take([{**row, "amount": "7"}])
    assert kept() == {("M2", DAY.isoformat()): (1, 0, Decimal(7))}


def test_an_emptied_table_has_no_days() -> None:
    TransactionFactory(merchant=MerchantFactory(number="M3"))
    assert len(kept()) == 1
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE journeys_transaction")
    assert kept() == {}


def _broken() -> Difference:
    shop = MerchantFactory(number="M3")
    TransactionFactory(merchant=shop, amount=Decimal(20))
    TransactionFactory(merchant=shop, amount=Decimal(-5))
    MerchantDay.objects.filter(merchant=shop).update(amount=Decimal(99), refunds=0)
    return Difference(
        "M3", DAY, Turnover(1, 0, Decimal(99)), Turnover(1, 1, Decimal(15))
    )  # fmt: skip


def test_a_recount_tells_what_differs_and_repairs_it() -> None:
    broken = _broken()
    assert operations.recount_merchant_days(repair=False, at=AT) == [broken]
    assert not AuditEntry.objects.filter(action="merchant_days.recounted").exists()
    assert operations.recount_merchant_days(repair=True, at=AT) == [broken]
    assert operations.recount_merchant_days(repair=True, at=AT) == []
    assert kept() == {("M3", DAY.isoformat()): (1, 1, Decimal(15))}
    assert AuditEntry.objects.filter(action="merchant_days.recounted").count() == 1


def test_the_command_fails_until_it_may_repair(capsys: pytest.CaptureFixture[str]) -> None:
    _broken()
    with pytest.raises(CommandError):
        call_command("check_spending")
    call_command("check_spending", "--repair")
    call_command("check_spending")
    lines = [line for line in capsys.readouterr().out.splitlines() if "M3" in line]
    assert lines == [f"  M3 {DAY}: 1 + 0, 99.00 / 1 + 1, 15.00"] * 2


def test_the_command_lists_refunds_in_doubt(capsys: pytest.CaptureFixture[str]) -> None:
    TransactionFactory(reference="R1", amount=Decimal(-5), refund_of="T9")
    call_command("check_spending")
    assert f"  {RefundDoubt.UNKNOWN.label}: R1 → T9" in capsys.readouterr().out.splitlines()
