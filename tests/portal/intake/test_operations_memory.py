"""A longer file takes no more memory, whether it is plain, packed or mapped."""

import lzma
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.intake import operations
from portal.intake.operations import reading, staging, unpacking
from tests.factories.intake import AT, make_bank

SHORT, LONG = 3_000, 12_000
MAPPING = """lawful_basis: contract
source: file
imports:
  - kind: transactions
    columns: {reference: "{reference}", card: "{card}", amount: "{amount}", posted_date: "{day}"}
"""

pytestmark = pytest.mark.django_db


def lines(rows: int, mark: str, day: str) -> str:
    body = "".join(f"{mark}{number},K1,{number % 97 + 1}.50,2026-03-05\n" for number in range(rows))
    return f"reference,card,amount,{day}\n{body}"


Import = Callable[[], object]


def peak_of(work: Import) -> int:
    """The most bytes that Python held while it worked, beyond those before."""
    tracemalloc.start()
    try:
        before, _peak = tracemalloc.get_traced_memory()
        work()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


def plain(folder: Path, rows: int) -> Import:
    path = folder / "file.csv"
    path.write_text(lines(rows, f"P{rows}-", "posted_date"))
    return lambda: operations.import_file(kind="transactions", path=path, actor=None, at=AT)


def packed(folder: Path, rows: int) -> Import:
    path = folder / "file.csv.xz"
    path.write_bytes(lzma.compress(lines(rows, f"X{rows}-", "posted_date").encode(), preset=1))
    return lambda: operations.import_file(kind="transactions", path=path, actor=None, at=AT)


def mapped(folder: Path, rows: int) -> Import:
    path, said = folder / "foreign.csv", folder / "mapping.yaml"
    path.write_text(lines(rows, f"M{rows}-", "day"))
    said.write_text(MAPPING)
    mapping = operations.load_mapping(said)
    return lambda: operations.import_mapped(mapping=mapping, path=path, actor=None, at=AT)


@pytest.mark.parametrize("take", [plain, packed, mapped])
def test_a_longer_file_takes_no_more_memory(
    take: Callable[[Path, int], Import], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_bank()
    # What is read at once and remembered is bounded; low bounds are reached by both files.
    monkeypatch.setattr(staging, "_REMEMBERED", 500)
    monkeypatch.setattr(staging, "_BATCH", 1_000)
    for module in (reading, unpacking):
        monkeypatch.setattr(module, "_BLOCK", 1 << 14)
    _warming_up, short, long = (peak_of(take(tmp_path, rows)) for rows in (SHORT, SHORT + 1, LONG))
    assert long < short + 100_000


def test_the_measure_sees_a_file_that_is_kept() -> None:
    def keep(rows: int) -> None:
        list(lines(rows, "K", "day").splitlines())

    assert peak_of(lambda: keep(LONG)) > peak_of(lambda: keep(SHORT)) + 100_000
