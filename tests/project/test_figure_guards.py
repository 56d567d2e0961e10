"""What triggers refuse about daily figures, whoever asks."""

import datetime as dt

import pytest
from django.apps import apps

from journeys.kpis.models import FigureEntry
from tests.project.figure_rows import figure_day
from tests.project.rows import INSTANT, row_of
from tests.project.test_database_guards import refusal

pytestmark = pytest.mark.django_db
FIXED = [
    ("journeys.FigureEntry", "issued = 5"), ("journeys.FigureEntry", "known_at = now()"),
    ("journeys.FigureDay", "closed_at = now() + interval '9 days'"),
    ("journeys.FigureGap", "kept = 9"), ("journeys.CutoffRule", "source = 'changed'"),
]  # fmt: skip


@pytest.mark.parametrize(("label", "change"), FIXED)
def test_what_was_known_is_only_added_to(label: str, change: str) -> None:
    row = row_of(label)
    model = apps.get_model(label)
    table = model._meta.db_table
    before = model._default_manager.filter(pk=row.pk).values().get()
    assert refusal(f"UPDATE {table} SET {change}") == f"{table} is only added to: UPDATE refused"
    assert refusal(f"DELETE FROM {table}") == f"{table} is only added to: DELETE refused"
    assert model._default_manager.filter(pk=row.pk).values().get() == before


def test_nothing_becomes_known_before_what_was_known_of_its_day() -> None:
    first = row_of("journeys.FigureEntry")
    row_of("journeys.FigureEntry", known_at=INSTANT + dt.timedelta(hours=1))
    refused = refusal(
        "INSERT INTO journeys_figureentry (day_id, branch_id, product_id, source, filed, approved,"
        " refused, withdrawn, issued, supplementary, activated, known_at)"
        " SELECT day_id, branch_id, product_id, 'post', 0, 0, 0, 0, 9, 0, 0, known_at"
        " FROM journeys_figureentry WHERE id = %s",
        [first.pk],
    )
    assert refused == "figures of a day become known in order: an earlier instant refused"
    assert FigureEntry.objects.count() == 2
    # Another day's figures may have become known before.
    other = figure_day(first.day_id + dt.timedelta(days=1))
    row_of("journeys.FigureEntry", day=other)
    assert FigureEntry.objects.count() == 3
