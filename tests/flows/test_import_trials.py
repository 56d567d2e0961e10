"""A trial of a file tells what its import then does, and keeps nothing: for every kind of file, of
rows that are new, changed, the same, older, bad, repeated, with columns left out."""

import dataclasses
import datetime as dt
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.intake import operations as intake
from portal.intake.rules import FileRefused, ImportReport
from portal.kit.registry import registry
from tests.factories.intake import AT, make_bank
from tests.factories.journeys import ConsentTextFactory, CustomerFactory
from tests.portal.intake.full_rows import FULL, Row, make_named
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
# What an import may write beside its own table: ledgers, stages, pauses, marks of runs.
TABLES = """
SELECT relname FROM pg_class
WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace
  AND relname ~ '^(journeys|campaigns|merchants)_' ORDER BY relname
"""


def bank() -> None:
    make_bank()
    make_named()
    CustomerFactory(number="C2")
    ConsentTextFactory()
    row_of("journeys.ComplaintRule", effective_date=dt.date(2020, 1, 1))
    row_of(
        "journeys.MessageTemplate", code="first_gift", channel="sms", language="zh-hans", version=1
    )


def everything() -> dict[str, str]:
    """A fingerprint of every table of facts and decisions."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        names = [name for (name,) in cursor.fetchall()]
        sums = ", ".join(
            f"(SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {name} t)"
            for name in names
        )
        cursor.execute(f"SELECT {sums}")
        return dict(zip(names, cursor.fetchone(), strict=True))


def send(kind: str, rows: list[Row], **how: Any) -> ImportReport | str:
    """The report without what names the batch, or why the file is refused."""
    try:
        report = intake.import_rows(
            kind=kind, rows=rows, actor=None, source_name="test", shown=50, **how
        )
    except FileRefused as refused:
        return str(refused)
    return dataclasses.replace(report, batch_id=0, is_dry_run=False, errors_path=None)


@st.composite
def files(draw: Any, kind: str) -> list[Row]:
    """Rows of the kind as in full, with some cells changed, emptied or spoilt and some columns left
    out, under the keys that the others have too."""
    described = registry.import_kinds[kind]
    names = list(dict.fromkeys(name for row in FULL[kind] for name in row))
    optional = [one.name for one in described.columns if one.name in names and not one.is_needed]
    lacking = draw(st.sets(st.sampled_from(optional), max_size=2)) if optional else set()
    columns = [name for name in names if name not in lacking]
    has_instants = described.history is not None and draw(st.booleans())
    rows: list[Row] = []
    for _place in range(draw(st.integers(1, 4))):
        row = dict.fromkeys(columns) | {
            name: text for name, text in draw(st.sampled_from(FULL[kind])).items()
            if name in columns
        }  # fmt: skip
        for name in draw(st.sets(st.sampled_from(columns), max_size=2)):
            example = described.column(name).example or None
            others = [one.get(name) for one in FULL[kind]]
            row[name] = draw(st.sampled_from([None, example, "坏的", *others]))
        if draw(st.booleans()):
            row[described.key] = draw(st.sampled_from(["X1", "X2"]))
        if has_instants:
            early, late = (AT - 9 * HOUR).isoformat(), (AT - HOUR).isoformat()
            row["as_of"] = draw(st.sampled_from([None, early, late, "2026-05-02", "坏的"]))
        rows.append(row)
    return rows


@pytest.mark.parametrize("kind", sorted(FULL))
@settings(
    max_examples=8, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
@given(data=st.data())
def test_a_trial_tells_what_the_import_does_and_keeps_nothing(kind: str, data: Any) -> None:
    has_history = registry.import_kinds[kind].history is not None
    with transaction.atomic():
        bank()
        for place in range(data.draw(st.integers(1, 2))):
            rows = data.draw(files(kind))
            how: dict[str, Any] = {"at": AT + place * HOUR}
            if has_history and data.draw(st.booleans()):
                how["as_of"] = AT - data.draw(st.integers(-1, 12)) * HOUR
            if has_history and data.draw(st.integers(0, 4)) == 0:
                how["corrects"] = True
            before = everything()
            tried = send(kind, rows, dry_run=True, **how)
            assert everything() == before
            assert send(kind, rows, **how) == tried
            if isinstance(tried, ImportReport):
                assert tried.rows_read == len(rows) == (
                    tried.rows_new + tried.rows_changed + tried.rows_same + tried.rows_older
                    + tried.rows_bad
                )  # fmt: skip
                if everything() == before:
                    assert tried.rows_new + tried.rows_changed == 0
        transaction.set_rollback(True)
