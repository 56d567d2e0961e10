"""Whatever a cell lets through has room in the column that it ends in: else one odd value would
refuse the whole file."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import DataError, ProgrammingError, connection, transaction

from journeys.models import CardProduct, ServiceCase
from portal.intake.rules import BadCell, Column, ImportKind
from portal.kit import masking
from portal.kit.registry import registry
from tests.factories.intake import counts_of, errors_of, make_bank, take

pytestmark = pytest.mark.django_db

LENGTHS = [2_000, 1_000, 500, *range(250, 0, -1)]
# A mail address is longer under its mask.
SHAPES = (
    lambda length: "甲" * length,
    lambda length: "a" * length,
    lambda length: "9" * length,
    lambda length: "9" * length + ".99",
    lambda length: "a" * (length - 5) + "@b.cn",
    lambda length: "甲" * (length - 7) + " a@b.cn",
    lambda length: ("a@b.cn " * length)[:length].strip(),
)


def widest(column: Column) -> Iterator[str]:
    """The example, and of each shape the longest text that the cell takes."""
    if column.example:
        yield column.cell.parse(column.example)
    for shape in SHAPES:
        for length in LENGTHS:
            try:
                yield column.cell.parse(shape(length))
            except BadCell:
                continue
            break


def staged(column: Column) -> Iterator[tuple[str, str, Any]]:
    """The staged columns with their types and widest values."""
    for value in widest(column):
        values = column.expand(value) if column.expand else (value,)
        for (name, type_), each in zip(column.staged, values, strict=True):
            yield name, type_, each


def refused_by(kind: ImportKind) -> set[tuple[str, str]]:
    """Which columns of the table refuse the widest value of which staged one."""
    found = set()
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE narrow ON COMMIT DROP AS SELECT * FROM {kind.table}")
        for name, type_, value in (each for column in kind.columns for each in staged(column)):
            for target in kind.targets:
                if not re.search(rf"\bs\.{name}\b", target.value):
                    continue
                try:
                    with transaction.atomic():
                        cursor.execute(
                            f'INSERT INTO narrow ("{target.column}")'
                            f" SELECT given FROM (SELECT %s::{type_} AS given) one",
                            [value],
                        )
                except DataError:
                    found.add((target.column, name))
                except ProgrammingError:
                    pass  # of another type: the value is looked at, not written
    return found


@pytest.mark.parametrize("code", list(registry.import_kinds))
def test_every_column_holds_what_its_cell_lets_through(code: str) -> None:
    assert refused_by(registry.import_kinds[code]) == set()


@pytest.mark.parametrize(("fee", "counts"), [
    ("99999999.99", (2, 0, 0, 0)), ("100000000.00", (1, 0, 0, 1)),
])  # fmt: skip
def test_a_fee_too_large_refuses_its_row_alone(
    tmp_path: Path, fee: str, counts: tuple[int, int, int, int]
) -> None:
    head = "code,name,issuer,is_own,annual_fee\n"
    rows = f"AAA,金卡,本行,true,200\nBBB,白金卡,本行,true,{fee}\n"
    report = take(tmp_path, "card_products", head + rows)
    assert counts_of(report) == counts
    assert CardProduct.objects.count() == counts[0]
    assert ["too large" in line for line in errors_of(report)] == [True] * counts[3]


def test_a_subject_that_is_longer_under_its_mask_is_cut(tmp_path: Path) -> None:
    make_bank()
    head = "number,customer,subject,opened_date\n"
    subject = "账" * 193 + " a@b.cn"
    rows = f"G1,C1,{subject},2026-03-02\nG2,C1,补寄账单,2026-03-02\n"
    assert counts_of(take(tmp_path, "service_cases", head + rows)) == (2, 0, 0, 0)
    assert ServiceCase.objects.get(number="G1").subject == "账" * 193 + " a***@b"


@pytest.mark.parametrize("number", ["13912345678", "139 1234 5678", "6225881234560001"])
def test_a_number_in_a_bad_cell_is_masked_wherever_it_is_cut_off(
    tmp_path: Path, number: str
) -> None:
    head = "code,name,issuer,is_own,annual_fee\n"
    rows = [f"A{before},金卡,{'甲' * before}{number},true,200\n" for before in range(60, 80)]
    report = take(tmp_path, "card_products", head + "".join(rows))
    assert report.rows_bad == sum(len(row.split(",")[2]) > 80 for row in rows)
    told = [line.split(",")[2].lstrip("甲") for line in errors_of(report)]
    assert [text for text in told if not masking.mask_text(number).startswith(text)] == []
