"""What triggers refuse about what came back, whoever asks."""

import pytest
from django.apps import apps

from tests.project.rows import row_of
from tests.project.test_database_guards import refusal

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("label", ["journeys.Answer", "journeys.BadAddress"])
def test_what_waits_for_a_person_is_not_deleted(label: str) -> None:
    row_of(label)
    model = apps.get_model(label)
    table = model._meta.db_table
    assert refusal(f"DELETE FROM {table}") == f"{table} is only added to: DELETE refused"
    assert model._default_manager.count() == 1
