"""Days of things that have happened do not lie ahead; other days may."""

import datetime as dt
from pathlib import Path

import pytest

from portal.intake.rules import cells
from portal.kit import clock
from portal.kit.registry import registry
from tests.factories.intake import AT, counts_of, errors_of, make_bank, take

TODAY = clock.bank_day(AT)
PEOPLE = "number,name,branch,registered_date,lawful_basis\n"
ISSUED = "reference,customer,product,branch,issued_date,activated_date,closed_date\n"
FILED = "number,customer,product,branch,filed_date,state,decided_date\n"
POINTS = "reference,customer,kind,points,on_date\n"
# What has not happened yet when it is told, and how far ahead it may lie.
AHEAD = {
    ("points", "expires_date"): 20 * 366,
    ("consents", "effective_date"): 366,
    ("stores", "opened_date"): 1000,
    ("post_shifts", "day"): 366,
    ("merchant_contracts", "first_date"): 3660,
    ("merchant_contracts", "last_date"): 3660,
}

pytestmark = pytest.mark.django_db


def day(ahead: int) -> str:
    return (TODAY + dt.timedelta(days=ahead)).isoformat()


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("transactions", "reference,card,amount,posted_date\nT1,K1,5,{day}\n"),
        ("points", POINTS + "P1,C1,earned,500,{day}\n"),
        ("points", POINTS + "P1,C1,redeemed,500,{day}\n"),
        ("applications", FILED + "A7,C1,GOLD,B001,{day},filed,\n"),
        ("applications", FILED + "A7,C1,GOLD,B001,2026-03-01,approved,{day}\n"),
        ("cards", ISSUED + "K7,C1,GOLD,B001,{day},,\n"),
        ("cards", ISSUED + "K7,C1,GOLD,B001,2026-03-01,{day},\n"),
        ("cards", ISSUED + "K7,C1,GOLD,B001,2026-03-01,,{day}\n"),
        ("customers", PEOPLE + "C7,李四,B001,{day},contract\n"),
    ],
)
@pytest.mark.parametrize(("ahead", "is_good"), [(0, True), (1, True), (2, False), (330, False)])
def test_what_has_happened_lies_one_day_ahead_at_most(
    tmp_path: Path, kind: str, content: str, ahead: int, is_good: bool
) -> None:
    """The day of the books of another system, or of another clock; not a year typed wrongly."""
    make_bank()
    report = take(tmp_path, kind, content.format(day=day(ahead)))
    assert counts_of(report) == ((1, 0, 0, 0) if is_good else (0, 0, 0, 1))
    if not is_good:
        assert errors_of(report)[0].endswith(f"The day is later than {day(1)}.")


def test_every_other_day_says_how_far_ahead_it_may_lie() -> None:
    """A new column of days that may lie ahead is named here."""
    found = {
        (kind.code, column.name): column.days_ahead
        for kind in registry.import_kinds.values()
        for column in kind.columns
        if column.cell is cells.DAY and column.days_ahead > 1
    }
    assert found == AHEAD
