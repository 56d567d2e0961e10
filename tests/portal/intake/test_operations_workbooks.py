"""What a workbook does not tell of itself: formulas that failed, and sheets beside the first."""

import datetime as dt
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.management import call_command
from django.utils import translation

from journeys.models import Card, Customer, Transaction
from portal.intake import operations
from portal.intake.rules import FileRefused, ImportReport
from tests.factories.intake import AT, counts_of, errors_of, make_bank, take

PEOPLE = ["number", "name", "branch", "registered_date", "lawful_basis", "phone"]
POSTED = ["reference", "card", "amount", "posted_date"]
WORDS = "mend it in the spreadsheet, or clear the cell."

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _bank() -> None:
    make_bank()


class Failed(str):
    """A cell whose formula failed with these words."""


def book(path: Path, *sheets: list[list[object]], left: int = 0, top: int = 0) -> Path:
    """A workbook of sheets, whose cells begin at a place."""
    with xlsxwriter.Workbook(path) as made:
        for rows in sheets:
            sheet = made.add_worksheet()
            for number, row in enumerate(rows, start=top):
                for place, value in enumerate(row, start=left):
                    if isinstance(value, Failed):
                        sheet.write_formula(number, place, "=VLOOKUP(A2,X1:Y9,2,0)", None, value)
                    else:
                        sheet.write(number, place, value)
    return path


def taken(path: Path, kind: str) -> ImportReport:
    return take(path.parent, kind, path.read_bytes(), path.name)


def rewritten(path: Path, change: Callable[[str, str], tuple[str, str]]) -> Path:
    """The same workbook with its parts renamed or written otherwise."""
    with zipfile.ZipFile(path) as old:
        parts = [(name, old.read(name).decode()) for name in old.namelist()]
    with zipfile.ZipFile(path, "w") as new:
        for name, text in parts:
            new.writestr(*change(name, text))
    return path


@pytest.mark.parametrize("words", ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!"])
def test_a_formula_that_failed_is_a_bad_cell_and_takes_nothing_away(
    tmp_path: Path, words: str
) -> None:
    before = Customer.objects.get(number="C1")
    row: list[object] = ["C1", "王小明", "B001", "2026-03-02", "contract", Failed(words)]
    report = taken(book(tmp_path / "f.xlsx", [PEOPLE, row]), "customers")
    [line] = errors_of(report)
    assert line.endswith(f',"The formula of this cell failed ({words}); {WORDS}"')
    assert (counts_of(report), report.reasons) == ((0, 0, 0, 1), {"failed_formula": 1})
    after = Customer.objects.get(number="C1")
    assert (after.phone_masked, after.callee) == (before.phone_masked, before.callee)


def test_a_failed_look_up_opens_no_activated_card(tmp_path: Path) -> None:
    names = ["reference", "customer", "product", "branch", "issued_date", "activated_date", "as_of"]
    good = ["K1", "C1", "GOLD", "B001", "2026-03-02", "2026-03-05", "2026-03-06"]
    assert counts_of(taken(book(tmp_path / "a.xlsx", [names, good]), "cards"))[3] == 0
    later = [*good[:5], Failed("#N/A"), "2026-03-07"]
    assert counts_of(taken(book(tmp_path / "b.xlsx", [names, later]), "cards")) == (0, 0, 0, 1)
    assert Card.objects.get(reference="K1").activated_date == dt.date(2026, 3, 5)


@pytest.mark.parametrize(("left", "top"), [(0, 0), (1, 0), (0, 2), (3, 5)])
def test_the_cell_is_found_wherever_the_table_begins(tmp_path: Path, left: int, top: int) -> None:
    rows: list[list[object]] = [
        POSTED,
        ["T1", "K1", 5, "2026-03-10"],
        ["T2", "K1", Failed("#N/A"), "2026-03-10"],
        [],
        [Failed("#REF!"), "K1", 5, "2026-03-10"],
        ["T4", "K1", 7, Failed("#N/A")],
        ["T5", "K1", 8, "2026-03-10"],
    ]
    report = taken(book(tmp_path / "f.xlsx", rows, left=left, top=top), "transactions")
    found = [tuple(line.split(",")[:3]) for line in errors_of(report)]
    assert found == [
        (str(top + 3), "amount", "#N/A"),
        (str(top + 5), "reference", "#REF!"),
        (str(top + 6), "posted_date", "#N/A"),
    ]
    taken_in = Transaction.objects.order_by("reference").values_list("reference", "amount")
    assert list(taken_in) == [("T1", 5), ("T5", 8)]


def test_a_row_of_failed_formulas_alone_is_told_of(tmp_path: Path) -> None:
    rows = [POSTED, ["T1", "K1", 5, "2026-03-10"], [Failed("#N/A")] * 4]
    report = taken(book(tmp_path / "f.xlsx", rows), "transactions")
    assert (counts_of(report), report.reasons) == ((1, 0, 0, 1), {"failed_formula": 4})


def _without_places(name: str, text: str) -> tuple[str, str]:
    """Cells and rows that do not say where they stand, as some programs write them."""
    if "worksheets/" in name:
        for place in ("A1", "B1", "C1", "D1", "A2", "B2", "C2", "D2"):
            text = text.replace(f' r="{place}"', "")
        text = text.replace('<row r="1"', "<row").replace('<row r="2"', "<row")
    return name, text


def _with_prefix(name: str, text: str) -> tuple[str, str]:
    """Elements under a prefix, as strict writers have them, and parts told from the root on."""
    if "worksheets/" in name:
        for element in ("worksheet", "sheetData", "row", "c", "v", "f"):
            text = text.replace(f"<{element} ", f"<x:{element} ").replace(
                f"<{element}>", f"<x:{element}>"
            )
            text = text.replace(f"</{element}>", f"</x:{element}>")
        text = text.replace('xmlns="', 'xmlns:x="')
    return name, text.replace('Target="worksheets/', 'Target="/xl/worksheets/')


@pytest.mark.parametrize("change", [_without_places, _with_prefix])
def test_however_the_workbook_was_written(
    tmp_path: Path, change: Callable[[str, str], tuple[str, str]]
) -> None:
    rows = [POSTED, ["T1", "K1", Failed("#N/A"), "2026-03-10"]]
    path = rewritten(book(tmp_path / "f.xlsx", rows), change)
    report = taken(path, "transactions")
    assert (counts_of(report), report.reasons) == ((0, 0, 0, 1), {"failed_formula": 1})


def test_what_failed_on_another_sheet_spoils_nothing(tmp_path: Path) -> None:
    rows: list[list[object]] = [POSTED, ["T1", "K1", 5, "2026-03-10"]]
    path = book(tmp_path / "f.xlsx", rows, [[Failed("#N/A")] * 4] * 3)
    assert counts_of(taken(path, "transactions")) == (1, 0, 0, 0)


def test_a_workbook_with_a_document_type_is_refused(tmp_path: Path) -> None:
    def change(name: str, text: str) -> tuple[str, str]:
        if name == "xl/workbook.xml":
            text = text.replace("?>", '?><!DOCTYPE x [<!ENTITY a "aaaa">]>', 1)
        return name, text

    path = rewritten(book(tmp_path / "f.xlsx", [POSTED, ["T1", "K1", 5, "2026-03-10"]]), change)
    with pytest.raises(FileRefused):
        taken(path, "transactions")


# --- the same in text -----------------------------------------------------------------------
@pytest.mark.parametrize("words", ["#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "Err:502"])
def test_what_a_spreadsheet_wrote_into_text_is_bad_too(tmp_path: Path, words: str) -> None:
    """Also where any text would do: nobody is called #N/A."""
    line = f"C1,{words},B001,2026-03-02,contract,13800000001\n"
    report = take(tmp_path, "customers", ",".join(PEOPLE) + "\n" + line)
    assert (counts_of(report), report.reasons) == ((0, 0, 0, 1), {"failed_formula": 1})
    assert Customer.objects.get(number="C1").name != words


@pytest.mark.parametrize("words", ["#1", "N/A", "#N/A1", "Err:5021"])
def test_what_only_looks_like_it_is_text(tmp_path: Path, words: str) -> None:
    line = f"C1,{words},B001,2026-03-02,contract,13800000001\n"
    assert counts_of(take(tmp_path, "customers", ",".join(PEOPLE) + "\n" + line)) == (0, 1, 0, 0)


MAPPING = """lawful_basis: contract
source: file
{file}imports:
  - kind: transactions
{only}    columns:
      reference: "X{{ID}}"
      card: K1
      amount: {{column: Amount}}
      posted_date: "2026-03-10"
"""


@pytest.mark.parametrize(
    ("file", "only", "reasons"),
    [
        ("", "", {"failed_formula": 2}),
        ('file:\n  empty: ["#N/A"]\n', "", {"failed_formula": 1, "missing": 1}),
        ("", "    only: {column: Amount, is: [5]}\n", {"failed_formula": 2}),
    ],
    ids=["plain", "said to be empty", "asked whether the row counts"],
)
def test_a_mapping_makes_no_value_of_it(
    tmp_path: Path, file: str, only: str, reasons: dict[str, int]
) -> None:
    """Neither a key out of the words of a failed formula, nor a row that does not count."""
    rule = tmp_path / "rule.yaml"
    rule.write_text(MAPPING.format(file=file, only=only), "utf-8")
    rows: list[list[object]] = [
        ["ID", "Amount"], [1, 5], [Failed("#REF!"), 5], [3, Failed("#N/A")],
    ]  # fmt: skip
    path = book(tmp_path / "f.xlsx", rows)
    with translation.override("en"):
        mapping = operations.load_mapping(rule)
        [report] = operations.import_mapped(mapping=mapping, path=path, actor=None, at=AT)
    assert (counts_of(report), report.reasons) == ((1, 0, 0, 2), reasons)
    assert [row.reference for row in Transaction.objects.all()] == ["X1"]


# --- other sheets ---------------------------------------------------------------------------
def test_rows_of_other_sheets_are_told_of(tmp_path: Path, capsys: Any) -> None:
    rows: list[list[object]] = [POSTED, ["T1", "K1", 5, "2026-03-10"]]
    other: list[list[object]] = [POSTED, ["T2", "K1", 5, "2026-03-10"]]
    path = book(tmp_path / "f.xlsx", rows, [], other, [[1]])
    report = taken(path, "transactions")
    told = (
        "Only the first sheet was read; there are cells on others too: “Sheet3”, “Sheet4”. Where"
        " rows stand there, save each sheet as a file of its own."
    )
    assert (report.warnings, counts_of(report)) == ((told,), (1, 0, 0, 0))
    with translation.override("en"):
        call_command("import_data", "transactions", str(path))
    assert told in capsys.readouterr().out


def test_one_sheet_and_empty_ones_need_no_word(tmp_path: Path) -> None:
    path = book(tmp_path / "f.xlsx", [POSTED, ["T1", "K1", 5, "2026-03-10"]], [], [])
    assert taken(path, "transactions").warnings == ()


def test_a_name_of_a_sheet_tells_no_number(tmp_path: Path) -> None:
    path = tmp_path / "f.xlsx"
    with xlsxwriter.Workbook(path) as made:
        first, second = made.add_worksheet("a"), made.add_worksheet("13812345678")
        for number, row in enumerate([POSTED, ["T1", "K1", "5", "2026-03-10"]]):
            first.write_row(number, 0, row)
        second.write(0, 0, "x")
    [warning] = taken(path, "transactions").warnings
    assert "13812345678" not in warning
