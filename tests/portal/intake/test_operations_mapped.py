"""Foreign files, also packed ones, taken in as a mapping says."""

import csv
import gzip
import io
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import translation

from journeys.models import Card, Customer
from portal.intake import operations
from portal.intake.operations import unpacking
from portal.intake.rules import FileRefused, ImportReport
from portal.models import AuditEntry, ImportBatch
from tests.factories.intake import AT, counts_of, errors_of, make_bank
from tests.factories.portal import StaffFactory

MAPPING = """lawful_basis: consent
source: referral
file:
  separator: ";"
  skip_lines: 1
  empty: ["-"]
imports:
  - kind: cards
    leave_out: {column: ID, is: 8}
    columns:
      reference: "X{ID}"
      customer: "N{ID}"
      product: GOLD
      branch: B001
      issued_date: {column: Opened, day: DD.MM.YYYY}
  - kind: customers
    columns:
      number: "N{ID}"
      name: "{Name}"
      phone: "{Phone}"
      branch: B001
      registered_date: {column: Opened, day: DD.MM.YYYY}
"""
FILE = """made by another system
ID;Name;Phone;Opened
7;王小明;13812345678;02.03.2026
8;李四;-;03.03.2026
"""

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _bank() -> None:
    make_bank()


def load(folder: Path, text: str = MAPPING) -> object:
    path = folder / "mapping.yaml"
    path.write_text(text)
    return operations.load_mapping(path)


def take(folder: Path, content: str = FILE, **options: object) -> list[ImportReport]:
    """Writes the file, and imports it with the reasons in English."""
    path = folder / "foreign.csv"
    path.write_text(content)
    with translation.override("en"):
        return operations.import_mapped(
            mapping=load(folder), path=path, actor=None, at=AT, **options
        )  # type: ignore[arg-type]


def test_one_file_becomes_customers_and_cards(tmp_path: Path) -> None:
    customers, cards = take(tmp_path)
    assert (customers.kind, counts_of(customers)) == ("customers", (2, 0, 0, 0))
    assert (cards.kind, counts_of(cards)) == ("cards", (1, 0, 0, 0))
    found = Customer.objects.get(number="N7")
    assert (found.name, found.phone_masked, found.lawful_basis, found.source) == (
        "王小明", "138****5678", "consent", "referral",
    )  # fmt: skip
    assert Customer.objects.get(number="N8").phone_index is None
    assert Card.objects.get(reference="X7").customer == found
    assert [batch.kind for batch in ImportBatch.objects.order_by("id")] == ["customers", "cards"]
    assert AuditEntry.objects.filter(action="import.done").count() == 2


def test_the_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    take(tmp_path)
    assert [counts_of(report) for report in take(tmp_path)] == [(0, 0, 2, 0), (0, 0, 1, 0)]


def test_bad_cells_are_told_with_the_row_of_the_foreign_file(tmp_path: Path) -> None:
    extra = "9;赵六;-;30.02.2026\n9a;钱七\n10;孙八;139\n"
    customers, cards = take(tmp_path, FILE + extra)
    assert (counts_of(customers), counts_of(cards)) == ((2, 0, 0, 3), (1, 0, 0, 3))
    found = list(csv.reader(errors_of(customers)))
    day = "This is not a day written as DD.MM.YYYY (line 22 of the mapping)."
    assert [(row[0], row[1], row[3]) for row in found] == [
        ("5", "registered_date", day),
        ("6", "", "The row has 2 of 4 columns; the file may be cut off here."),
        ("7", "", "The row has 3 of 4 columns; the file may be cut off here."),
    ]
    # The customer of this row is bad too, so the card's row is told both.
    of_card = [line.split(",")[:3] for line in errors_of(cards)[:2]]
    assert of_card == [["5", "customer", "N9"], ["5", "issued_date", "30.02.2026"]]
    assert customers.errors_path == tmp_path / "foreign.csv.customers.errors.csv"


def test_personal_values_are_masked_among_the_bad_rows(tmp_path: Path) -> None:
    customers, _cards = take(tmp_path, FILE + "9;赵六;1391234;02.03.2026\n")
    [line] = errors_of(customers)
    assert "1391234" not in line


def test_a_dry_run_of_all_kinds_keeps_only_what_was_tried(tmp_path: Path) -> None:
    staff = StaffFactory()
    before = Customer.objects.count(), Card.objects.count()
    with translation.override("en"):
        path = tmp_path / "foreign.csv"
        path.write_text(FILE)
        customers, cards = operations.import_mapped(
            mapping=load(tmp_path), path=path, actor=staff, at=AT, dry_run=True
        )  # type: ignore[arg-type]
    # The cards find the customers of this very file.
    assert (counts_of(customers), counts_of(cards)) == ((2, 0, 0, 0), (1, 0, 0, 0))
    assert customers.is_dry_run
    assert (Customer.objects.count(), Card.objects.count()) == before
    batches = ImportBatch.objects.order_by("id")
    assert [(b.kind, b.is_dry_run, b.rows_new, b.by) for b in batches] == [
        ("customers", True, 2, staff), ("cards", True, 1, staff),
    ]  # fmt: skip
    assert [customers.batch_id, cards.batch_id] == [batch.pk for batch in batches]


def test_a_file_without_the_columns_is_refused_whole(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=r"^mapping.yaml, line 9: the file has no column “ID”"):
        take(tmp_path, FILE.replace("ID;", "Key;"))
    assert ImportBatch.objects.count() == 0


def test_a_file_without_header_takes_its_names_from_the_mapping(tmp_path: Path) -> None:
    text = MAPPING.replace("skip_lines: 1", "names: [ID, Name, Phone, Opened]")
    path = tmp_path / "foreign.txt"
    path.write_text("7;王小明;-;02.03.2026\n")
    reports = operations.import_mapped(mapping=load(tmp_path, text), path=path, actor=None, at=AT)  # type: ignore[arg-type]
    assert [counts_of(report) for report in reports] == [(1, 0, 0, 0), (1, 0, 0, 0)]


# --- packed files ---------------------------------------------------------------------------------
HEADER = "number,name,branch,registered_date,lawful_basis\n"
PLAIN = HEADER + "N1,王小明,B001,2026-03-02,contract\n"


@pytest.mark.parametrize(("ending", "pack"), [(".gz", gzip.compress), (".xz", lzma.compress)])
def test_packed_files_are_read(tmp_path: Path, ending: str, pack: Callable[[bytes], bytes]) -> None:
    path = tmp_path / f"customers.csv{ending}"
    path.write_bytes(pack(PLAIN.encode()))
    report = operations.import_file(kind="customers", path=path, actor=None, at=AT)
    assert counts_of(report) == (1, 0, 0, 0)
    # Two streams one after the other are one file.
    path.write_bytes(pack(PLAIN.encode()) + pack(b"N2,x,B001,2026-03-02,contract\n"))
    report = operations.import_file(kind="customers", path=path, actor=None, at=AT)
    assert counts_of(report) == (1, 0, 1, 0)


@pytest.mark.parametrize(("ending", "pack"), [(".gz", gzip.compress), (".xz", lzma.compress)])
def test_damaged_packed_files_are_refused(
    tmp_path: Path, ending: str, pack: Callable[[bytes], bytes]
) -> None:
    packed = pack(PLAIN.encode() * 1_000)
    for content in (packed[:-20], b"number,name\n", packed[:40] + b"\xff" * 9 + packed[49:]):
        path = tmp_path / f"customers.csv{ending}"
        path.write_bytes(content)
        with pytest.raises(FileRefused, match=r"^压缩文件|^The packed file is damaged"):
            operations.import_file(kind="customers", path=path, actor=None, at=AT)
    assert not Customer.objects.filter(number="N1").exists()


@pytest.mark.parametrize("bound", ["_MOST_BYTES", "_MOST_ROWS"])
def test_a_flood_in_a_small_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    monkeypatch.setattr(unpacking, bound, 1_000)
    path = tmp_path / "customers.csv.xz"
    path.write_bytes(lzma.compress(HEADER.encode() + b",\n" * 1_001))
    with translation.override("en"), pytest.raises(FileRefused, match=r"^Unpacked, the file has"):
        operations.import_file(kind="customers", path=path, actor=None, at=AT)


def test_xz_that_wants_much_memory_is_refused(tmp_path: Path) -> None:
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 512 << 20}]
    path = tmp_path / "customers.csv.xz"
    path.write_bytes(lzma.compress(PLAIN.encode(), filters=filters))
    with pytest.raises(FileRefused):
        operations.import_file(kind="customers", path=path, actor=None, at=AT)


# --- the command ---------------------------------------------------------------------------------
def run(*arguments: object) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of one call, in English."""
    out, err = io.StringIO(), io.StringIO()
    with translation.override("en"):
        try:
            call_command("import_data", *map(str, arguments), stdout=out, stderr=err)
        except SystemExit as ended:
            return int(ended.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    mapping, source = tmp_path / "mapping.yaml", tmp_path / "foreign.csv"
    mapping.write_text(MAPPING)
    source.write_text(FILE)
    return mapping, source


def test_the_command_reports_each_kind(files: tuple[Path, Path]) -> None:
    mapping, source = files
    assert run("--mapping", mapping, source) == (
        0,
        "customers:\nRows read: 2. New: 2, changed: 0, unchanged: 0, bad: 0.\n"
        "cards:\nRows read: 1. New: 1, changed: 0, unchanged: 0, bad: 0.\n",
        "",
    )


def test_the_command_shows_what_would_come_out(files: tuple[Path, Path]) -> None:
    mapping, source = files
    source.write_text(FILE.replace("02.03.2026", "02.13.2026", 1))
    code, out, err = run("--mapping", mapping, source, "--check")
    assert (code, err) == (0, "")
    assert out.splitlines()[:8] == [
        "customers, row 3:",
        "    lawful_basis = consent  (line 1)",
        "    source = referral  (line 2)",
        "    number = N7  (line 18, ID)",
        "    name = 王**  (line 19, Name)",
        "    phone = 138****5678  (line 20, Phone)",
        "    branch = B001  (line 21)",
        "    registered_date = 02.13.2026  (line 22, Opened)  !! This is not a day written as"
        " DD.MM.YYYY (line 22 of the mapping).",
    ]
    assert not Customer.objects.filter(number="N7").exists()
    assert ImportBatch.objects.count() == 0


def test_wrong_words_of_the_command_are_refused(files: tuple[Path, Path]) -> None:
    mapping, source = files
    for words in (
        ("--mapping", mapping), ("--mapping", mapping, "customers", source),
        ("customers", source, "--check"), ("--mapping", mapping.with_name("none.yaml"), source),
    ):  # fmt: skip
        code, out, err = run(*words)
        assert (code, out) == (2, "")
        assert err.strip()
    assert ImportBatch.objects.count() == 0
