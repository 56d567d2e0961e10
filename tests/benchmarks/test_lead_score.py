"""The files of real calls are read as they are, and never how long a call took."""

import datetime as dt
import lzma
from pathlib import Path

import numpy as np
import pytest

from benchmarks import lead_score
from benchmarks.calls import reading

FULL = (
    '"age";"job";"marital";"education";"default";"balance";"housing";"loan";"contact";"day";'
    '"month";"duration";"campaign";"pdays";"previous";"poutcome";"y"\n'
)
SISTER = (
    '"age";"job";"marital";"education";"default";"housing";"loan";"contact";"month";"day_of_week";'
    '"duration";"campaign";"pdays";"previous";"poutcome";"emp.var.rate";"cons.price.idx";'
    '"cons.conf.idx";"euribor3m";"nr.employed";"y"\n'
)
_ONE = '58;"management";"married";"unknown";"no";21;"yes";"no";"unknown";{day};"{month}";{took};1;'


def _full(*days: tuple[int, str], took: int = 261) -> str:
    rows = [_ONE.format(day=day, month=month, took=took) for day, month in days]
    return FULL + "".join(f'{row}-1;0;"unknown";"no"\n' for row in rows)


def _sister(*days: tuple[str, str]) -> str:
    one = '56;"maid";"single";"basic.4y";"unknown";"no";"no";"telephone";"{}";"{}";261;1;999;0;'
    more = '"nonexistent";1.1;93.994;-36.4;4.857;5191;"yes"\n'
    return SISTER + "".join(one.format(month, day) + more for month, day in days)


def _read(folder: Path, content: str) -> reading.Calls:
    path = folder / "calls.csv.xz"
    path.write_bytes(lzma.compress(content.encode()))
    return reading.read_calls(path)


def test_years_follow_from_the_order(tmp_path: Path) -> None:
    calls = _read(tmp_path, _full((5, "may"), (5, "may"), (30, "dec"), (2, "jan"), (1, "may")))
    assert [dt.date.fromordinal(int(day)).isoformat() for day in calls.day] == [
        "2008-05-05", "2008-05-05", "2008-12-30", "2009-01-02", "2009-05-01",
    ]  # fmt: skip
    assert np.isnan(calls.since).all()
    assert [calls.earlier_result[0], calls.channel[0], calls.education[0]] == ["", "", ""]


def test_days_of_the_sister_follow_from_the_days_of_the_week(tmp_path: Path) -> None:
    calls = _read(
        tmp_path,
        _sister(("may", "mon"), ("may", "mon"), ("may", "fri"), ("may", "mon"), ("jun", "tue"),
                ("mar", "wed")),
    )  # fmt: skip
    assert [dt.date.fromordinal(int(day)).isoformat() for day in calls.day] == [
        "2008-05-05", "2008-05-05", "2008-05-09", "2008-05-12", "2008-06-03", "2009-03-04",
    ]  # fmt: skip
    assert np.isnan(calls.since).all()
    assert np.isnan(calls.balance).all()
    assert np.isnan(calls.in_default).all()
    assert list(calls.channel) == ["landline"] * 6
    assert calls.more["euribor3m"].tolist() == [4.857] * 6


def test_how_long_a_call_took_changes_nothing(tmp_path: Path) -> None:
    days = ((5, "may"), (6, "may"))
    short, long = (_read(tmp_path, _full(*days, took=took)) for took in (1, 4000))
    for name in reading.Calls.__dataclass_fields__:
        assert str(getattr(short, name)) == str(getattr(long, name))


@pytest.mark.skipif(not lead_score.BANK_FULL.exists(), reason="bank-full is not there")
def test_each_call_is_foretold_by_earlier_ones_and_better_than_by_chance() -> None:
    """The last 120 of 3,000 calls: what came of the later ones changes nothing before them."""
    calls = reading.read_calls(lead_score.BANK_FULL).part(slice(-3000, None))
    first = len(calls) - 120
    found = lead_score.foretell(calls, first, every=60, with_traits=True)["model"]
    other = calls.won.copy()
    other[-60:] = 1 - other[-60:]
    changed = lead_score.reading.Calls(**{**vars(calls), "won": other})
    again = lead_score.foretell(changed, first, every=60, with_traits=True)["model"]
    np.testing.assert_array_equal(found[:60], again[:60])
    assert lead_score.figures.auc(calls.won[first:], found) > 0.6
