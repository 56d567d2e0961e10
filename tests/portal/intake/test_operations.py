"""Files of every sort of badness, and what stays in the tables afterwards."""

import csv
import dataclasses
import datetime as dt
import hashlib
import itertools
from pathlib import Path

import pytest
from django.db import connection
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journeys.models import Card, Customer, Transaction
from portal.intake import operations
from portal.intake.enums import ImportState
from portal.intake.rules import FileRefused
from portal.kit.registry import registry
from portal.models import AuditEntry, ImportBatch
from tests.factories.intake import AT, counts_of, errors_of, make_bank, take
from tests.factories.portal import StaffFactory

HEADER = "reference,card,amount,posted_date\n"
GOOD = HEADER + "T1,K1,10.00,2026-03-05\nT2,K1,20.00,2026-03-04\n"
CUSTOMERS = "number,name,branch,registered_date,lawful_basis\n"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _bank() -> None:
    make_bank()


def written() -> list[tuple[object, ...]]:
    """Where each row stands on disk and by whom it was written: any rewriting shows."""
    tables = ["journeys_transaction", "journeys_customer", "journeys_card", "journeys_application"]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(
            f"SELECT '{table}', ctid::text, xmin::text, id FROM {table}" for table in tables
        ))  # fmt: skip
        return cursor.fetchall()


# --- good files -----------------------------------------------------------------------------
def test_a_good_file_is_taken_in_and_recorded(tmp_path: Path) -> None:
    staff = StaffFactory()
    path = tmp_path / "march.csv"
    path.write_text(GOOD)
    report = operations.import_file(kind="transactions", path=path, actor=staff, at=AT)
    assert counts_of(report) == (2, 0, 0, 0)
    assert report.errors_path is None
    assert list(tmp_path.iterdir()) == [path]
    batch = ImportBatch.objects.get()
    assert (batch.pk, batch.kind, batch.file_name, batch.by, batch.is_dry_run, batch.state) == (
        report.batch_id, "transactions", "march.csv", staff, False, ImportState.DONE,
    )  # fmt: skip
    assert (batch.rows_read, batch.rows_new, batch.started_at) == (2, 2, AT)
    assert batch.file_hash == hashlib.sha256(GOOD.encode()).hexdigest()
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.changes["rows_new"]) == ("import.done", staff, 2)


@pytest.mark.parametrize("kind", ["transactions", "customers"])
def test_the_same_file_twice_changes_nothing(tmp_path: Path, kind: str) -> None:
    personal = (
        "number,name,branch,registered_date,lawful_basis,phone,id_number,email\n"
        "C7,王小明,B001,2026-01-01,contract,13800000000,11010519491231002X,a@b.cn\n"
        "C8,李雷,B001,2026-01-01,contract,,,\n"
    )
    content = {"transactions": GOOD, "customers": personal}[kind]
    assert counts_of(take(tmp_path, kind, content)) == (2, 0, 0, 0)
    before = written()
    assert counts_of(take(tmp_path, kind, content)) == (0, 0, 2, 0)
    assert written() == before


def test_new_changed_and_same_rows_are_told_apart(tmp_path: Path) -> None:
    take(tmp_path, "transactions", GOOD)
    content = HEADER + "T1,K1,10.00,2026-03-05\nT2,K1,21.00,2026-03-04\nT3,K1,1,2026-03-04\n"
    assert counts_of(take(tmp_path, "transactions", content)) == (1, 1, 1, 0)
    assert Transaction.objects.get(reference="T2").amount == 21


def test_a_dry_run_does_everything_and_keeps_nothing(tmp_path: Path) -> None:
    before = written()
    content = GOOD + "T3,K9,1,2026-03-04\n"
    report = take(tmp_path, "transactions", content, dry_run=True)
    assert counts_of(report) == (2, 0, 0, 1)
    assert len(errors_of(report)) == 1
    assert written() == before
    batch = ImportBatch.objects.get()
    assert (batch.is_dry_run, batch.rows_new, batch.rows_bad) == (True, 2, 1)
    assert AuditEntry.objects.get().action == "import.tried"


def test_columns_that_the_file_lacks_stay_as_they_are(tmp_path: Path) -> None:
    take(tmp_path, "customers", CUSTOMERS.strip() + ",language\nC7,A,B001,2026-01-01,contract,en\n")
    report = take(tmp_path, "customers", CUSTOMERS + "C7,B,B001,2026-01-01,contract\n")
    assert counts_of(report) == (0, 1, 0, 0)
    customer = Customer.objects.get(number="C7")
    assert (customer.name, customer.language, customer.source) == ("B", "en", "file")


# --- bad rows -------------------------------------------------------------------------------
def test_bad_rows_go_to_a_file_and_good_rows_stay_in(tmp_path: Path) -> None:
    content = (
        GOOD + "T3,K1,=1+1,2026-02-30\n"  # row 4
        "T1,K1,5,2026-03-05\n"
        "T5,K9,5,2026-03-05\n"
        "T6,K1,5,2099-01-01\n"
        ",K1,5,2026-03-05\n"
        "T8,K1,5,2026-03-05,x\n"
        "T9,K1,5"
    )
    report = take(tmp_path, "transactions", content)
    assert report.errors_path == tmp_path / "file.csv.errors.csv"
    assert errors_of(report) == [
        "4,amount,'=1+1,There is a formula in the cell; write its value instead.",
        "4,posted_date,2026-02-30,This is not a day; write it as 2026-03-02.",
        "5,reference,T1,The key stands already in row 2 of this file.",
        "6,card,K9,There is no card with this reference; import the file of cards first.",
        "7,posted_date,2099-01-01,The day is later than 2026-06-02.",
        '8,reference,,"The cell is empty, but the column is needed."',
        "9,,,The row has more cells than the header has names.",
        "10,,,The row has 3 of 4 columns; the file may be cut off here.",
    ]
    assert counts_of(report) == (2, 0, 0, 7)
    assert report.reasons == {
        "cut_off": 1, "formula": 1, "missing": 1, "not_a_day": 1, "repeated": 1, "too_late": 1,
        "too_many_cells": 1, "unknown_card": 1,
    }  # fmt: skip
    assert report.warnings == ("The last line has no line end: check that the file is complete.",)
    assert sorted(Transaction.objects.values_list("reference", "amount")) == [
        ("T1", 10),
        ("T2", 20),
    ]


@pytest.mark.django_db
def test_rows_with_bad_cells_are_told_as_repeated_too(tmp_path: Path) -> None:
    """Whether their key stands in a good row before them, or in another bad one."""
    content = (
        GOOD + "T1,K1,x,2026-03-05\nT7,K1,x,2026-03-05\nT7,K1,x,2026-03-05\n,K1,x,2026-03-05\n"
    )
    report = take(tmp_path, "transactions", content)
    assert [line for line in errors_of(report) if "stands already" in line] == [
        "4,reference,T1,The key stands already in row 2 of this file.",
        "6,reference,T7,The key stands already in row 5 of this file.",
    ]
    assert counts_of(report) == (2, 0, 0, 4)


def test_of_a_row_with_a_bad_cell_all_is_told_that_can_be(tmp_path: Path) -> None:
    """Checks that need the bad cell are not made; and nothing of the row counts for others."""
    text = (
        "number,customer,product,branch,filed_date,state,decided_date\n"
        "A0000001,C9,GOLD,B001,soon,approved,2026-03-01\n"  # days cannot be compared
        "A0000002,C9,NONE,B001,2026-03-02,maybe,2026-03-01\n"
        "A0000003,C1,GOLD,B001,2026-03-01,filed,\n"
        "A0000003,C1,GOLD,B9,never,filed,2026-03-02\n"
        "A0000001,C1,GOLD,B001,2026-03-01,filed,\n"
    )
    report = take(tmp_path, "applications", text)
    assert counts_of(report) == (2, 0, 0, 3)
    assert [line.split(",")[:2] for line in errors_of(report)] == [
        ["2", "customer"], ["2", "filed_date"],
        ["3", "customer"], ["3", "product"], ["3", "state"], ["3", "decided_date"],
        ["5", "number"], ["5", "branch"], ["5", "filed_date"], ["5", "decided_date"],
    ]  # fmt: skip


def test_every_check_can_be_made_of_the_rows_with_bad_cells() -> None:
    for kind in registry.import_kinds.values():
        for check in kind.checks:
            assert "intake_partial s" in check.over("intake_partial"), check.reason.code


def test_personal_data_is_masked_in_the_file_of_bad_rows(tmp_path: Path) -> None:
    content = (
        "number,name,branch,registered_date,lawful_basis,phone,id_number,email\n"
        "C7,13912345678,B001,2026-01-01,contract,138123456789,110105194912310021,li.ming@b\n"
    )
    report = take(tmp_path, "customers", content)
    assert [line.split(",")[1:3] for line in errors_of(report)] == [
        ["phone", "138****6789"],
        ["id_number", "110***********0021"],
        ["email", "l***@b"],
    ]
    content = CUSTOMERS + "13912345678,A,139 1234 5678,2026-01-01,contract\n"
    report = take(tmp_path, "customers", content)
    assert counts_of(report) == (0, 0, 0, 1)


def test_reasons_are_given_in_the_active_language(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text(HEADER + "T1,K1,0,2026-03-05\n")
    with translation.override("zh-hans"):
        report = operations.import_file(kind="transactions", path=path, actor=None, at=AT)
    with translation.override("zh-hans"):
        reason = str(translation.gettext("The amount must be above 0."))
    assert errors_of(report) == [f"2,amount,0,{reason}"]
    assert path.with_name("file.csv.errors.csv").read_bytes()[:3] == b"\xef\xbb\xbf"


def test_bad_rows_fall_back_to_the_portals_own_folder(tmp_path: Path) -> None:
    # A folder stands where the file of bad rows would.
    (tmp_path / "file.csv.errors.csv").mkdir()
    report = take(tmp_path, "transactions", HEADER + "T3,K1,0,2026-03-05\n")
    assert report.errors_path is not None
    assert report.errors_path.parent.name == "imports"
    assert len(errors_of(report)) == 1


def test_rows_that_the_database_refuses_are_not_shown(tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE journeys_transaction ADD CONSTRAINT odd CHECK (reference <> 'T2')"
        )
    before = written()
    with pytest.raises(FileRefused) as refused:
        take(tmp_path, "transactions", GOOD)
    assert str(refused.value) == "The database refused the rows (odd); nothing was taken in."
    assert written() == before
    assert ImportBatch.objects.get().state == ImportState.FAILED


def test_an_unknown_kind(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as refused:
        take(tmp_path, "card", GOOD)
    assert str(refused.value) == (
        "There is no kind of file “card”. Known are: merchants, stores, merchant_contacts,"
        " merchant_contracts, merchant_leads, merchant_deals, merchant_turnover, post_shifts,"
        " response_levels,"
        " customers, card_products, applications, cards, transactions, points, complaints,"
        " service_cases, consents, do_not_contact, referrals, calls, leads,"
        " activity_snapshots, benefit_uses."
    )
    assert ImportBatch.objects.count() == 0


# --- rows that a program made ---------------------------------------------------------------
def test_rows_take_the_same_path(tmp_path: Path) -> None:
    rows = [
        {"reference": "T1", "card": "K1", "amount": "5", "posted_date": "2026-03-05", "mcc": None},
        {"card": "K1", "reference": "T2", "amount": "-", "posted_date": "2026-03-05", "mcc": ""},
    ]
    with translation.override("en"):
        report = operations.import_rows(
            kind="transactions", rows=rows, actor=None, at=AT, source_name="made"
        )
    assert counts_of(report) == (1, 0, 0, 1)
    assert errors_of(report) == [
        "2,amount,'-,There is a formula in the cell; write its value instead."
    ]
    assert ImportBatch.objects.get().file_name == "made"


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([], "There are no rows."),
        ([{"reference": "T1"}], "Column missing: card, amount, posted_date."
         " Needed are: reference, card, amount, posted_date."),
        ([{"reference": "T1", "card": "K1", "amount": "5", "posted_date": "2026-03-05"},
          {"reference": "T2", "card": "K1", "amount": "5", "posted": "2026-03-05"}],
         "Row 2 has other columns."),
    ],
)  # fmt: skip
def test_rows_that_are_refused(rows: list[dict[str, str]], sentence: str) -> None:
    with translation.override("en"), pytest.raises(FileRefused) as refused:
        operations.import_rows(
            kind="transactions", rows=rows, actor=None, at=AT, source_name="made"
        )
    assert str(refused.value) == sentence
    assert Transaction.objects.count() == 0
    assert ImportBatch.objects.get().failure == sentence


# --- order does not matter ------------------------------------------------------------------
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["K1", "K2"]),
        st.sampled_from(["purchase", "refund"]),
        st.integers(1, 99_999),
        st.dates(dt.date(2026, 1, 1), dt.date(2026, 5, 31)),
    ),
    min_size=1,
    max_size=12,
)


def _tables() -> tuple[list[object], list[object]]:
    names = ["reference", "card__reference", "customer__number", "kind", "amount", "posted_date"]
    return (
        list(Transaction.objects.order_by("reference").values_list(*names)),
        list(Card.objects.order_by("reference").values_list("reference", "first_used_date")),
    )


def _import_in(
    folder: Path, lines: list[str], cuts: list[int]
) -> tuple[list[object], list[object]]:
    Transaction.objects.all().delete()
    Card.objects.update(first_used_date=None)
    edges = [0, *sorted(cuts), len(lines)]
    for start, end in itertools.pairwise(edges):
        if end > start:
            content = "reference,card,kind,amount,posted_date\n" + "".join(lines[start:end])
            assert take(folder, "transactions", content).rows_bad == 0
    return _tables()


@given(rows=ROWS, data=st.data())
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_neither_order_nor_division_into_files_matters(
    tmp_path: Path, rows: list[tuple[str, str, int, dt.date]], data: st.DataObject
) -> None:
    lines = [
        f"T{number},{card},{kind},{amount / 100},{day}\n"
        for number, (card, kind, amount, day) in enumerate(rows)
    ]
    whole = _import_in(tmp_path, lines, [])
    purchases: dict[str, list[dt.date]] = {"K1": [], "K2": []}
    for card, kind, _amount, day in rows:
        if kind == "purchase":
            purchases[card].append(day)
    assert whole[1] == [(card, min(days, default=None)) for card, days in purchases.items()]
    shuffled = data.draw(st.permutations(lines))
    cuts = data.draw(st.lists(st.integers(0, len(lines)), max_size=3))
    assert _import_in(tmp_path, shuffled, cuts) == whole


@pytest.mark.parametrize("text", ["=1+1", " =1+1", "\t=cmd", "＝1+1", "@a", "－2"])
def test_no_cell_of_the_error_file_is_computed(tmp_path: Path, text: str) -> None:
    path = tmp_path / "c.csv"
    path.write_text(f'number,name,branch,registered_date,lawful_basis\nC1,n,B001,"{text}",x\n')
    report = operations.import_file(kind="customers", path=path, actor=None, at=AT)
    assert report.errors_path is not None
    with report.errors_path.open(encoding="utf-8-sig", newline="") as handle:
        values = [row["value"] for row in csv.DictReader(handle)]
    assert values[0].startswith("'")


def test_a_row_that_a_join_would_drop_is_not_called_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a row names may go between its check and the writing: here no check looks at all."""
    unchecked = dataclasses.replace(registry.import_kinds["transactions"], checks=())
    monkeypatch.setitem(registry.import_kinds, "transactions", unchecked)
    with pytest.raises(FileRefused, match="What 1 of the rows name changed"):
        take(tmp_path, "transactions", GOOD + "T3,K-GONE,1.00,2026-03-05\n")
    assert Transaction.objects.count() == 0
    assert ImportBatch.objects.get().state == ImportState.FAILED
    assert counts_of(take(tmp_path, "transactions", GOOD)) == (2, 0, 0, 0)
    assert counts_of(take(tmp_path, "transactions", GOOD)) == (0, 0, 2, 0)
