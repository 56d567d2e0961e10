"""What triggers refuse of warnings: an alert moves by its moves alone, nobody moves or judges what
is about himself, and who confirmed an alert does not decide about the word to it."""

from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction

from campaigns.warnings.models import Alert, AlertMove, Appeal
from tests.factories.portal import StaffFactory
from tests.project.rows import INSTANT, row_of
from tests.project.test_database_guards import refusal
from tests.project.warning_rows import ONLY_ADDED_TO, about, alert_of, appeal_of, move_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("label", "column"), ONLY_ADDED_TO)
def test_what_was_said_and_set_is_only_added_to(label: str, column: str) -> None:
    row = row_of(label)
    table = apps.get_model(label)._meta.db_table
    changed = refusal(f"UPDATE {table} SET {column} = 'changed'")
    deleted = refusal(f"DELETE FROM {table}")
    assert changed == f"{table} is only added to: UPDATE refused"
    assert deleted == f"{table} is only added to: DELETE refused"
    assert getattr(apps.get_model(label)._default_manager.get(pk=row.pk), column) != "changed"


def _refused(make: Any) -> str:
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        make()
    return str(refused.value).partition("\n")[0]


def test_a_move_moves_its_alert() -> None:
    alert = alert_of(moved=["looking", "dismissed"])
    alert.refresh_from_db()
    assert (alert.state, alert.round, alert.judged_weight) == ("dismissed", 1, alert.weight)
    AlertMove.objects.create(
        alert=alert, from_state="dismissed", to_state="open", round=2, weight=9,
        severity="severe", at=INSTANT,
    )  # fmt: skip
    alert.refresh_from_db()
    assert (alert.state, alert.round, alert.judged_severity) == ("open", 2, "warn")


@pytest.mark.parametrize(
    "values", [{"from_state": "looking", "to_state": "confirmed"}, {"round": 2}]
)
def test_a_move_begins_where_its_alert_stands(values: dict[str, Any]) -> None:
    alert = alert_of()
    said = f"alert {alert.pk} does not stand at the beginning of this move"
    assert _refused(lambda: move_of(alert=alert, **values)) == said
    assert AlertMove.objects.count() == 0


def test_nobody_moves_what_is_about_himself() -> None:
    person = StaffFactory()
    alert = about(person)
    said = f"alert {alert.pk} is not moved by whom it concerns"
    assert _refused(lambda: move_of(alert=alert, actor=person)) == said


@pytest.mark.parametrize("change", ["state = 'settled'", "round = 2", "judged_weight = 1"])
def test_the_state_follows_the_moves(change: str) -> None:
    alert = alert_of()
    said = refusal(f"UPDATE campaigns_alert SET {change}")
    assert said == f"the state of alert {alert.pk} follows its moves"
    assert refusal("DELETE FROM campaigns_alert") == said
    assert Alert.objects.get().state == "open"


def test_a_word_is_said_to_what_was_confirmed_by_whom_it_concerns() -> None:
    person = StaffFactory()
    alert = about(person, "looking")
    said = f"no confirmed alert {alert.pk} about this person"
    assert _refused(lambda: appeal_of(alert=alert)) == said
    move_of(alert=alert, to_state="confirmed")
    assert _refused(lambda: appeal_of(alert=alert, said_by=StaffFactory())) == said
    assert Appeal.objects.count() == 0


def test_a_word_stays_and_is_decided_once_by_somebody_else() -> None:
    appeal = appeal_of()
    assert isinstance(appeal, Appeal)
    decided = "is_upheld = true, decided_at = now(), reason = 'x', decided_by_id = {}".format
    update = "UPDATE campaigns_appeal SET "
    confirmer = f"who confirmed alert {appeal.alert_id} does not decide about it"
    assert refusal(update + decided(appeal.alert.owner_id)) == confirmer
    once = "an appeal is decided once: {} refused".format
    assert refusal(update + "words = 'x'") == once("UPDATE")
    assert refusal("DELETE FROM campaigns_appeal") == once("DELETE")
    Appeal.objects.update(
        is_upheld=False, decided_at=INSTANT, reason="x", decided_by=StaffFactory()
    )
    assert refusal(update + "reason = 'y'") == once("UPDATE")
