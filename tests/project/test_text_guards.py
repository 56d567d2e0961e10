"""A text that was withdrawn is not sent, whoever asks."""

import pytest
from django.db import connection

from tests.project.rows import row_of
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
