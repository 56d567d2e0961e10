"""The file of calls, and what came of them counted by attempts, kind of phone and month."""

import csv
import datetime as dt
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from benchmarks import lead_score
from benchmarks.calls import reading, replay
from journeys.scoring import queries
from journeys.scoring.models import PastCall
from portal.intake import operations as intake
from portal.intake.rules import FileRefused
from portal.staff.access import Scope
from tests.factories.intake import AT, counts_of, errors_of, make_bank, take
from tests.factories.portal import BranchFactory

pytestmark = pytest.mark.django_db

HEAD = ",".join(replay.NAMES) + "\n"
GOOD = "L1,B001,2026-05-04,2,92,1,success,mobile,success,-12.50,false,true,false,41,teacher,,\n"
EVERYWHERE = Scope(branch_path="")


@pytest.fixture(autouse=True)
def _bank() -> None:
    make_bank()


def test_a_call_is_taken_once_and_its_row_may_change(tmp_path: Path) -> None:
    assert counts_of(take(tmp_path, "calls", HEAD + GOOD)) == (1, 0, 0, 0)
    assert counts_of(take(tmp_path, "calls", HEAD + GOOD, "again.csv")) == (0, 0, 1, 0)
    changed = GOOD.replace("success,-12.50", "failure,-12.50")
    assert counts_of(take(tmp_path, "calls", HEAD + changed, "other.csv")) == (0, 1, 0, 0)
    call = PastCall.objects.get()
    assert (call.called_date, call.attempts, call.since_days, call.earlier) == (
        dt.date(2026, 5, 4), 2, 92, 1,
    )  # fmt: skip
    assert (call.earlier_result, call.channel, call.result) == ("success", "mobile", "failure")
    assert (call.in_default, call.has_housing_loan, call.has_loan) == (False, True, False)
    assert (str(call.balance), call.age, call.job, call.marital) == ("-12.50", 41, "teacher", "")
    assert (call.branch.code, call.customer) == ("B001", None)


def test_a_file_needs_little_and_names_customers_where_it_can(tmp_path: Path) -> None:
    content = (
        "number,customer,branch,called_date,attempts,result\n"
        "L1,C1,B001,2026-05-04,1,failure\nL2,,B001,2026-05-04,1,failure\n"
    )
    assert counts_of(take(tmp_path, "calls", content)) == (2, 0, 0, 0)
    rows = list(PastCall.objects.order_by("number").values_list("customer__number", "earlier"))
    assert rows == [("C1", 0), (None, 0)]


@pytest.mark.parametrize(("head", "row", "bad"), [
    ("earlier", "0", 1), ("earlier", "3", 0), ("since_days", "80", 0), ("earlier_result", "", 0),
])  # fmt: skip
def test_what_hangs_together_is_held_to_what_stands(
    tmp_path: Path, head: str, row: str, bad: int
) -> None:
    take(tmp_path, "calls", HEAD + GOOD)
    content = (
        f"number,branch,called_date,attempts,result,{head}\nL1,B001,2026-05-04,2,success,{row}\n"
    )
    assert counts_of(take(tmp_path, "calls", content, "b.csv")) == (0, 1 - bad, 0, bad)
    new = content.replace("L1", "L2")
    report = take(tmp_path, "calls", new, "c.csv")
    assert report.rows_bad == int(head == "since_days")


@pytest.mark.parametrize(("good", "bad", "column"), [
    ("B001", "B999", "branch"), ("2026-05-04", "2026-06-02", "called_date"),
    (",2,92", ",0,92", "attempts"), (",2,92", ",99999,92", "attempts"),
    ("92,1,success", "92,0,", "earlier"), ("92,1,success", ",0,success", "earlier"),
    (",41,", ",15,", "age"), (",41,", ",121,", "age"), ("mobile", "letter", "channel"),
    ("success,-12.50", ",-12.50", "result"), ("success,-12.50", "perhaps,-12.50", "result"),
])  # fmt: skip
def test_bad_cells_are_told_and_the_others_stay(
    tmp_path: Path, good: str, bad: str, column: str
) -> None:
    report = take(tmp_path, "calls", HEAD + GOOD.replace(good, bad, 1) + GOOD.replace("L1", "L2"))
    assert counts_of(report) == (1, 0, 0, 1)
    assert [line.split(",")[1] for line in errors_of(report)] == [column]


def test_how_long_a_call_took_is_refused_as_a_column(tmp_path: Path) -> None:
    with pytest.raises(FileRefused):
        take(tmp_path, "calls", HEAD.replace("\n", ",duration\n") + GOOD.replace("\n", ",261\n"))
    assert not PastCall.objects.exists()


def test_successes_are_those_of_the_branches_one_may_see(tmp_path: Path) -> None:
    other = BranchFactory(code="B002")
    rows = GOOD + GOOD.replace("L1,B001", "L2,B002").replace("success,-12", "failure,-12")
    take(tmp_path, "calls", HEAD + rows)
    found = queries.success_by("attempts", scope=EVERYWHERE)
    assert [(one.of, one.share.of, one.share.whole) for one in found] == [(2, 1, 2)]
    found = queries.success_by("month", scope=Scope(branch_path=other.path))
    assert [(one.of, one.share.of, one.share.whole) for one in found] == [
        (dt.date(2026, 5, 1), 0, 1)
    ]


def _counted(rows: list[reading.Row], key: Any) -> dict[Any, tuple[int, int]]:
    """Successes and calls by a key of the row and its day, one row after the other."""
    found: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        found[key(row)][0] += row["y"] == "yes"
        found[key(row)][1] += 1
    return {name: (won, calls) for name, (won, calls) in found.items()}


@pytest.mark.skipif(not lead_score.BANK_FULL.exists(), reason="bank-full is not there")
def test_bank_full_replays_as_calls(tmp_path: Path) -> None:
    out = tmp_path / "calls.csv"
    replay.write(lead_score.BANK_FULL, out, "B001")
    report = intake.import_file(kind="calls", path=out, actor=None, at=AT)
    assert counts_of(report) == (45_211, 0, 0, 0)
    rows = reading.read_rows(lead_score.BANK_FULL)
    # Years by hand: each time that January follows another month, a year has gone by.
    year, months = 2008, []
    for before, row in zip([rows[0], *rows], rows, strict=False):
        year += row["month"] == "jan" and before["month"] != "jan"
        months.append(dt.datetime.strptime(f"{row['month']} {year}", "%b %Y").date())  # noqa: DTZ007
    for row, month in zip(rows, months, strict=True):
        row["of"] = month.isoformat()
    channels = {"cellular": "mobile", "telephone": "landline", "unknown": ""}
    by = {
        "attempts": _counted(rows, lambda row: int(row["campaign"])),
        "channel": _counted(rows, lambda row: channels[row["contact"]]),
        "month": _counted(rows, lambda row: dt.date.fromisoformat(row["of"])),
    }
    for what, expected in by.items():
        found = queries.success_by(what, scope=EVERYWHERE)
        assert {one.of: (one.share.of, one.share.whole) for one in found} == expected
        assert [one.of for one in found] == sorted(expected)
    assert sum(won for won, _calls in by["attempts"].values()) == 5_289


def test_the_set_is_told_in_the_words_of_the_kind(tmp_path: Path) -> None:
    source, out = tmp_path / "set.csv", tmp_path / "calls.csv"
    source.write_text(
        "age;job;marital;education;default;balance;housing;loan;contact;day;month;duration;"
        "campaign;pdays;previous;poutcome;y\n"
        "58;unknown;married;tertiary;no;-3;yes;no;unknown;5;may;261;1;-1;0;unknown;no\n"
        "30;admin.;single;primary;yes;9;no;yes;cellular;6;may;99;4;120;2;failure;yes\n"
    )
    replay.write(source, out, "B001")
    with out.open() as file:
        assert list(csv.reader(file))[1:] == [
            ["BM00001", "B001", "2008-05-05", "1", "", "0", "", "", "failure", "-3", "false",
             "true", "false", "58", "", "married", "tertiary"],
            ["BM00002", "B001", "2008-05-06", "4", "120", "2", "failure", "mobile", "success", "9",
             "true", "false", "true", "30", "admin.", "single", "primary"],
        ]  # fmt: skip
    assert counts_of(take(tmp_path, "calls", out.read_bytes())) == (2, 0, 0, 0)
