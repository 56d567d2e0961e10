"""Text files and workbooks of every dialect and every sort of damage."""

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from django.utils import translation

from journeys.models import Customer, Transaction
from portal.intake import operations
from portal.intake.enums import ImportState
from portal.intake.rules import FileRefused
from portal.models import AuditEntry, ImportBatch
from tests.factories.intake import AT, counts_of, errors_of, make_bank, take

HEADER = "reference,card,amount,posted_date\n"
GOOD = HEADER + "T1,K1,10.00,2026-03-05\nT2,K1,20.00,2026-03-04\n"
ZEROS = (
    "There are zero bytes in the header: the file is UTF-16 without a byte order mark, or damaged."
    " Save it as “CSV UTF-8”."
)
CUSTOMERS = "number,name,branch,registered_date,lawful_basis\n"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _bank() -> None:
    make_bank()


@pytest.mark.parametrize(
    "content",
    [
        GOOD.encode("utf-8-sig"),
        GOOD.replace(",", ";").encode(),
        GOOD.replace(",", "\t").encode(),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.replace("\n", "\r").encode(),
        GOOD.encode("utf-16"),
        GOOD.encode("utf-16-be", "strict").join([b"\xfe\xff", b""]),
        ("\ufeff" + GOOD).encode("gb18030"),
        ("\ufeff" + GOOD.replace("reference", '"reference"')).encode("gb18030"),
        ("\n" + GOOD.replace("\n", "\n\n")).encode(),
        GOOD.replace("reference", " Reference ").encode(),
        GOOD.replace("\n", ",,\n").encode(),
        GOOD.replace("10.00", '"10.00"').replace("T1", '"T1"').encode(),
        GOOD.replace(",K1", ',"K1\n"').encode(),
    ],
    ids=[
        "byte order mark", "semicolon", "tab", "CRLF", "CR", "UTF-16", "UTF-16 the other way round",
        "GB18030 with a mark", "GB18030 with a mark and quotes", "blank lines",
        "header with blanks", "empty columns at the end", "quotes", "line end within quotes",
    ],
)  # fmt: skip
def test_dialects_of_csv(tmp_path: Path, content: bytes) -> None:
    assert counts_of(take(tmp_path, "transactions", content)) == (2, 0, 0, 0)
    assert sorted(Transaction.objects.values_list("reference", "amount")) == [
        ("T1", 10),
        ("T2", 20),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_names_in_either_encoding(tmp_path: Path, encoding: str) -> None:
    # The one name that is not plain GB2312 stands behind the first megabyte: no sample finds it.
    rows = [f"X{n},{'王小明' * 26},B001,2026-01-01,contract\n" for n in range(7_000)]
    content = CUSTOMERS + "".join(rows) + "Y1,𠮷田㐂,B001,2026-01-01,contract\n"
    report = take(tmp_path, "customers", content.encode(encoding))
    assert counts_of(report) == (7_001, 0, 0, 0)
    assert len(content.encode(encoding)) > 1 << 20
    assert Customer.objects.get(number="X9").name == "王小明" * 26
    assert Customer.objects.get(number="Y1").name == "𠮷田㐂"


def test_a_misplaced_quotation_mark_spoils_its_row_and_no_other(tmp_path: Path) -> None:
    report = take(tmp_path, "transactions", GOOD + 'T3,"K"1,5,2026-03-05\nT4,K1,5,2026-03-05\n')
    assert errors_of(report) == [
        "4,,,A quotation mark is misplaced or not closed; lines not read from here on: 1."
    ]
    assert counts_of(report) == (3, 0, 0, 1)


def test_a_quotation_mark_that_is_never_closed_says_what_was_lost(tmp_path: Path) -> None:
    report = take(tmp_path, "transactions", GOOD + 'T3,"K1,5,2026-03-05\nT4,K1,5,2026-03-05\n')
    assert errors_of(report) == [
        "4,,,A quotation mark is misplaced or not closed; lines not read from here on: 2."
    ]
    assert counts_of(report) == (2, 0, 0, 1)


def test_a_file_cut_within_a_character_is_read_in_its_own_encoding(tmp_path: Path) -> None:
    content = CUSTOMERS + "C7,王小明,B001,2026-01-01,contract\nC8,李"
    report = take(tmp_path, "customers", content.encode()[:-1])
    assert errors_of(report) == ["3,,,The row has 2 of 5 columns; the file may be cut off here."]
    assert Customer.objects.get(number="C7").name == "王小明"


def test_a_nul_byte_is_a_bad_cell(tmp_path: Path) -> None:
    report = take(tmp_path, "transactions", GOOD + "T3\0,K1,5,2026-03-05\n")
    assert errors_of(report) == ["4,reference,T3 ,The cell holds damaged or invisible characters."]
    assert counts_of(report) == (2, 0, 0, 1)


def test_the_first_rows_of_a_file_are_shown_without_what_cannot_be_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(HEADER + "T\0,K1,5\x01,2026-03-05\n")
    report = operations.import_file(
        kind="transactions", path=path, actor=None, at=AT, dry_run=True, shown=5
    )
    assert report.first_rows == ((2, ("T ", "K1", "5 ", "2026-03-05")),)


def test_a_cell_beyond_all_measure_is_told_as_such(tmp_path: Path) -> None:
    rows = "T3,K1," + "9" * 200_000 + ",2026-03-10\nT4,K1,5,2026-03-10\n"
    report = take(tmp_path, "transactions", GOOD + rows)
    assert errors_of(report) == [
        '4,,,"A cell has more than 131,072 characters, or a quotation mark is not closed; lines not'
        ' read from here on: 1."'
    ]
    assert counts_of(report) == (3, 0, 0, 1)


# --- workbooks ------------------------------------------------------------------------------
def workbook(path: Path, rows: list[list[object]]) -> bytes:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(rows):
            for position, value in enumerate(row):
                if isinstance(value, dt.date):
                    sheet.write_datetime(number, position, value, day)
                else:
                    sheet.write(number, position, value)
    return path.read_bytes()


def test_typed_cells_of_a_workbook(tmp_path: Path) -> None:
    names = ["number", "name", "branch", "registered_date", "lawful_basis", "phone"]
    rows = [names, [1001, "王小明", "B001", dt.date(2026, 3, 2), "contract", 13800000000], []]
    rows.append(["C9", "李雷", "B001", 20260302, "contract", ""])
    content = workbook(tmp_path / "made.xlsx", rows)
    report = take(tmp_path, "customers", content, "customers.xlsx")
    assert counts_of(report) == (2, 0, 0, 0)
    customer = Customer.objects.get(number="1001")
    assert (customer.phone_masked, customer.registered_date) == ("138****0000", dt.date(2026, 3, 2))
    assert Customer.objects.get(number="C9").registered_date == dt.date(2026, 3, 2)


def test_amounts_formulas_and_rounded_numbers_of_a_workbook(tmp_path: Path) -> None:
    rows = [
        ["reference", "card", "amount", "posted_date"],
        ["T1", "K1", 0.1 + 0.2, "2026-03-05"],
        ["T2", "K1", "=1+1", "2026-03-05"],
        [110105194912310021, "K1", 5, "2026-03-05"],
        ["T4", "K1", 1.005, "2026-03-05"],
    ]
    content = workbook(tmp_path / "made.xlsx", rows)
    report = take(tmp_path, "transactions", content, "t.xlsx")
    # A formula in a workbook counts by the value that the spreadsheet stored with it: here 0.
    assert errors_of(report) == [
        "3,amount,0,The amount must be above 0.",
        "4,reference,1.10105E+17,The spreadsheet rounded this number; make the column text and"
        " fill it in again.",
        "5,amount,1.005,An amount has at most two decimal places.",
    ]
    assert [str(row.amount) for row in Transaction.objects.all()] == ["0.30"]


def test_a_cell_far_out_is_refused_before_it_fills_the_memory(tmp_path: Path) -> None:
    rows: list[list[object]] = [HEADER.strip().split(","), *[[""] for _ in range(3)]]
    rows[2] = [""] * 900 + ["x"]
    content = workbook(tmp_path / "made.xlsx", rows)
    with pytest.raises(FileRefused) as refused:
        take(tmp_path, "transactions", content, "t.xlsx")
    assert str(refused.value) == (
        "The workbook has more than 300000 rows or 26 columns; save it as CSV."
    )


# --- files that are refused -----------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"", "The file is empty."),
        ("a.csv", b"\n \n", "The file is empty."),
        ("a.csv", HEADER.encode(), "The file has a header but no rows."),
        (
            "a.csv",
            b'"reference,card\n',
            "The header cannot be read: a quotation mark is misplaced.",
        ),
        (
            "a.csv",
            b"reference,card,amount\nT1,K1,1\n",
            "Column missing: posted_date. Needed are: reference, card, amount, posted_date.",
        ),
        (
            "a.csv",
            b"a\xff\xff\xff\nb\n",
            "The file is neither UTF-8 nor GB18030; save it as “CSV UTF-8”.",
        ),
        (
            "a.csv",
            HEADER.encode() + "T1,一,1,2026-03-05\n".encode("gb18030"),
            "The file may be UTF-8 or GB18030; save it as “CSV UTF-8” with a byte order mark.",
        ),
        ("a.csv", GOOD.encode("utf-16-le"), ZEROS),
        ("a.csv", ("编号,姓名\n" + GOOD).encode("utf-16-le"), ZEROS),
        ("a.csv", GOOD.encode("utf-16-be"), ZEROS),
        ("a.csv", GOOD.replace("amount", "am\0ount").encode(), ZEROS),
        ("a.csv", b"x" * (1 << 21), "The file has a line of more than a million characters."),
        (
            "a.csv",
            b"PK\3\4" + b"x" * 20,
            "This is a workbook, not text; give its name the ending .xlsx.",
        ),
        (
            "a.xls",
            b"x",
            "a.xls: only .csv and .xlsx files can be read; save the file as one of these.",
        ),
        (
            "a.xlsx",
            b"PK\3\4 cut off",
            "The workbook is damaged or was cut off; save it again or send it again.",
        ),
    ],
)
def test_a_file_that_is_refused_leaves_no_trace_but_its_record(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    with pytest.raises(FileRefused) as refused:
        take(tmp_path, "transactions", content, name)
    assert str(refused.value) == sentence
    assert Transaction.objects.count() == 0
    batch = ImportBatch.objects.get()
    assert (batch.state, batch.failure, batch.rows_read) == (ImportState.FAILED, sentence, 0)
    assert AuditEntry.objects.get().action == "import.refused"
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_sheet_in_another_folder_is_inspected_too(tmp_path: Path) -> None:
    rows: list[list[object]] = [["number"], ["C1"], [*[""] * 99, "far"]]
    content, moved = workbook(tmp_path / "made.xlsx", rows), tmp_path / "moved.xlsx"
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(moved, "w") as new:
        for name in old.namelist():
            text = old.read(name).replace(b"worksheets/sheet1.xml", b"elsewhere/sheet1.xml")
            new.writestr(name.replace("worksheets/sheet1.xml", "elsewhere/sheet1.xml"), text)
    with translation.override("en"), pytest.raises(FileRefused) as refused:
        take(tmp_path, "customers", moved.read_bytes(), "c.xlsx")
    assert str(refused.value) == (
        "The workbook has more than 300000 rows or 26 columns; save it as CSV."
    )


def test_a_workbook_that_holds_more_than_it_declares_is_refused(tmp_path: Path) -> None:
    """The table of contents says 10 bytes of texts; unpacked they could fill the memory."""
    content = bytearray(workbook(tmp_path / "made.xlsx", [["number"], ["x" * 100_000]]))
    entry = content.rindex(b"xl/sharedStrings.xml") - 46
    assert content[entry : entry + 4] == b"PK\1\2"
    content[entry + 24 : entry + 28] = (10).to_bytes(4, "little")
    with translation.override("en"), pytest.raises(FileRefused) as refused:
        take(tmp_path, "customers", bytes(content), "c.xlsx")
    assert str(refused.value) == (
        "The workbook is damaged or was cut off; save it again or send it again."
    )


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.95])
def test_a_half_written_workbook_is_refused(tmp_path: Path, kept: float) -> None:
    rows: list[list[object]] = [HEADER.strip().split(",")]
    rows += [[f"T{n}", "K1", n + 1, "2026-03-05"] for n in range(500)]
    content = workbook(tmp_path / "made.xlsx", rows)
    with pytest.raises(FileRefused) as refused:
        take(tmp_path, "transactions", content[: int(len(content) * kept)], "t.xlsx")
    assert str(refused.value) == (
        "The workbook is damaged or was cut off; save it again or send it again."
    )
    assert Transaction.objects.count() == 0


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with translation.override("en"), pytest.raises(FileRefused) as refused:
        operations.import_file(kind="cards", path=tmp_path / "no.csv", actor=None, at=AT)
    assert str(refused.value) == (
        "The file cannot be read (No such file or directory). Check its name and who may read it."
    )
