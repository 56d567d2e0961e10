"""The file of points: what it names, and entries that contradict what stands."""

from pathlib import Path

import pytest

from journeys.models import PointsEntry
from tests.factories.intake import counts_of, errors_of, make_bank, take

HEADER = "reference,customer,kind,points,on_date,expires_date\n"
EARNED = 'P1,C1,earned,"1,200",2026-03-01,2027-03-01\n'

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _bank() -> None:
    make_bank()


def test_entries_carry_the_sign_of_their_kind(tmp_path: Path) -> None:
    rows = EARNED + "P2,C1,redeemed,500,2026-03-05,\nP3,C1,expired,20,2026-03-06,\n"
    assert counts_of(take(tmp_path, "points", HEADER + rows)) == (3, 0, 0, 0)
    found = PointsEntry.objects.order_by("reference").values_list("kind", "points")
    assert list(found) == [("earned", 1200), ("redeemed", -500), ("expired", -20)]
    assert counts_of(take(tmp_path, "points", HEADER + rows)) == (0, 0, 3, 0)


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("P1,C9,earned,5,2026-03-01,", "customer",
         "There is no customer with this number; import the file of customers first."),
        ("P1,C1,restored,5,2026-03-01,", "kind",
         "This is not one of: earned, redeemed, expired."),
        ("P1,C1,earned,0,2026-03-01,", "points",
         "This is not a whole number above 0; write it as 1200."),
        ("P1,C1,redeemed,5,2026-03-01,2026-04-01", "expires_date",
         "Only earned points have a day of expiry; leave it empty."),
        ("P1,C1,earned,5,2026-03-01,2026-03-01", "expires_date",
         "Points expire after the day on which they were earned, 2026-03-01."),
    ],
)  # fmt: skip
def test_bad_entries(tmp_path: Path, row: str, column: str, reason: str) -> None:
    report = take(tmp_path, "points", HEADER + row + "\n")
    found = [line.replace('"', "") for line in errors_of(report)]
    assert [(line.split(",")[1], line.split(",", 3)[3]) for line in found] == [(column, reason)]
    assert not PointsEntry.objects.exists()


@pytest.mark.parametrize(
    ("old", "new"),
    [("1,200", "1,201"), ("earned", "redeemed"), ("2026-03-01", "2026-03-02"),
     ("2027-03-01", "2027-03-02"), ("2027-03-01", "")],
)  # fmt: skip
def test_an_entry_is_never_changed(tmp_path: Path, old: str, new: str) -> None:
    take(tmp_path, "points", HEADER + EARNED)
    changed = EARNED.replace(old, new)
    if new == "redeemed":
        changed = changed.replace("2027-03-01", "")
    report = take(tmp_path, "points", HEADER + changed)
    assert report.rows_bad == 1
    assert "This entry stands in the ledger with other values" in errors_of(report)[0]
    assert PointsEntry.objects.get().points == 1200


def test_a_file_without_the_column_of_expiry_says_nothing_of_it(tmp_path: Path) -> None:
    take(tmp_path, "points", HEADER + EARNED)
    rows = 'reference,customer,kind,points,on_date\nP1,C1,earned,"1,200",2026-03-01\n'
    assert counts_of(take(tmp_path, "points", rows)) == (0, 0, 1, 0)
