"""A text that was withdrawn is not sent, whoever asks; what is kept of a refusal stays, and a stop
is final."""

import pytest
from django.db import connection

from tests.project.rows import INSTANT, row_of
from tests.project.test_database_guards import refusal

pytestmark = pytest.mark.django_db


def test_a_message_of_a_withdrawn_text_is_not_taken_in_hand() -> None:
    message = row_of("journeys.Message")
    row_of("journeys.TextWithdrawal", template=message.template)
    taken = "UPDATE journeys_message SET state = 'sending', lease_until = not_before"
    assert refusal(taken) == f"the text of message {message.pk} was withdrawn"
    message.refresh_from_db()
    assert message.state == "queued"
    connection.cursor().execute(
        "UPDATE journeys_message SET state = 'cancelled', failure_kind = 'policy'"
    )


def test_the_day_of_a_kept_refusal_becomes_an_earlier_one_alone() -> None:
    row = row_of("journeys.ErasedRefusal")
    move = "UPDATE journeys_erasedrefusal SET refused_date = refused_date + %s WHERE id = %s"
    for days in (0, 1):
        assert "only added to" in refusal(move, [days, row.pk])
    connection.cursor().execute(move, [-1, row.pk])
    row.refresh_from_db()
    other = "UPDATE journeys_erasedrefusal SET refused_date = '1999-01-01', value_hash = %s"
    assert "only added to" in refusal(other, [bytes(16)])


def test_a_halt_only_ends_and_a_stop_never() -> None:
    pause, stop = row_of("journeys.OriginHalt"), row_of("journeys.OriginHalt", kind="stop")
    table = "journeys_originhalt"
    refused = "a halt is only ended, and a stop never: %s refused"
    end = f"UPDATE {table} SET ended_at = halted_at, ended_by_id = halted_by_id"
    assert refusal(f"DELETE FROM {table}") == refused % "DELETE"
    assert refusal(f"{end}, origin = 'other' WHERE id = {pause.pk}") == refused % "UPDATE"
    assert refusal(f"{end} WHERE id = {stop.pk}") == refused % "UPDATE"
    connection.cursor().execute(f"{end} WHERE id = {pause.pk}")
    assert refusal(f"{end} WHERE id = {pause.pk}") == refused % "UPDATE"
    pause.refresh_from_db()
    assert pause.ended_at == pause.halted_at == INSTANT
