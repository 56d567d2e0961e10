"""Calls of the set "Bank Marketing" as a file of kind `calls`, for `manage.py import_data`.

    python -m benchmarks.calls.replay FILE OUT [BRANCH]

What the set does not know stays empty; the sister's classes without a word of ours too. How long a
call took is left out.
"""

import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.calls import reading

NAMES = (
    "number", "branch", "called_date", "attempts", "since_days", "earlier", "earlier_result",
    "channel", "result", "balance", "in_default", "has_housing_loan", "has_loan", "age", "job",
    "marital", "education",
)  # fmt: skip
_TRAITS = ("age", "job", "marital", "education")
_ANSWERS = {"in_default": "default", "has_housing_loan": "housing", "has_loan": "loan"}


def rows_of(rows: Sequence[reading.Row], branch: str) -> Iterator[list[str]]:
    """This will turn rows of the set into rows of the kind."""
    for place, (row, day) in enumerate(zip(rows, reading.days_of(rows), strict=True), 1):
        had_earlier = int(row["previous"]) > 0
        since = row["pdays"] if had_earlier and row["pdays"] not in ("-1", "999") else ""
        result = reading.result_of(row) if had_earlier else ""
        answers = [{"yes": "true", "no": "false"}.get(row[name], "") for name in _ANSWERS.values()]
        traits = ["" if row[name] == "unknown" else row[name] for name in _TRAITS]
        yield [
            f"BM{place:05d}", branch, day.isoformat(), row["campaign"], since, row["previous"],
            result, reading.CHANNELS.get(row["contact"], ""),
            "success" if row["y"] == "yes" else "failure", row.get("balance", ""),
            *answers, *traits,
        ]  # fmt: skip


def write(source: Path, out: Path, branch: str = "HO") -> None:
    """This will write the file of calls."""
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(NAMES)
        writer.writerows(rows_of(reading.read_rows(source), branch))


if __name__ == "__main__":
    write(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
