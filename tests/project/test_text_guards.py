"""A text comes in once it was approved, and one that was withdrawn is not sent, whoever asks; what
is kept of a refusal stays, and a stop is final."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from journeys.models import MessageTemplate
from tests.factories.portal import StaffFactory
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


def test_calling_off_only_goes_on() -> None:
    row, done = (row_of("journeys.CallingOff", messages=5, calls_after=7) for _each in range(2))
    cursor, refused = connection.cursor(), "calling off only goes on: %s refused"
    change = "UPDATE journeys_callingoff SET {} WHERE id = %s"
    cursor.execute(change.format("calls_after = NULL, done_at = asked_at"), [done.pk])
    assert refusal("DELETE FROM journeys_callingoff") == refused % "DELETE"
    assert refusal(change.format("messages = 6"), [done.pk]) == refused % "UPDATE"
    for back in ("messages = 4", "calls_after = 6", "origin = 'other'", "reason = 'y'"):
        assert refusal(change.format(back), [row.pk]) == refused % "UPDATE"
    cursor.execute(change.format("messages = 6, calls_after = 8"), [row.pk])
    cursor.execute(change.format("calls_after = NULL"), [row.pk])
    assert refusal(change.format("calls_after = 9"), [row.pk]) == refused % "UPDATE"


WORDS = {"subject": "", "body": "您好"}
TEXT: dict[str, Any] = {
    "code": "a", "channel": "sms", "language": "zh-hans", "version": 2, **WORDS,
}  # fmt: skip
OF_CAMPAIGN = {"kind": "message_text", "target_key": "a:sms:zh-hans", "snapshot": WORDS}
OF_RESULT = {"kind": "result_text", "snapshot": WORDS | {"instead_of": "a/sms/zh-hans/1"}}


def approved_words(state: str = "approved", **changes: Any) -> Any:
    row = row_of("portal.Submission", **OF_CAMPAIGN | changes)
    if state == "approved":
        row_of("portal.SubmissionDecision", submission=row)
    if state != "pending":
        type(row).objects.filter(pk=row.pk).update(state=state, closed_at=INSTANT)
    return row


@pytest.mark.parametrize("of", [OF_CAMPAIGN, OF_RESULT])
def test_words_come_in_as_they_were_approved_and_once(of: dict[str, Any]) -> None:
    row = approved_words(**of)
    text = row_of("journeys.MessageTemplate", **TEXT, author=row.maker, approved_in=row)
    assert text.approved_in == row
    # Another version of the same words: the guard lets it pass where the words of campaigns are
    # the same, and the key does not.
    with pytest.raises(IntegrityError), transaction.atomic():
        row_of(
            "journeys.MessageTemplate", **TEXT | {"version": 3}, author=row.maker, approved_in=row
        )
    assert MessageTemplate.objects.count() == 1


@pytest.mark.parametrize("changes", [
    {"state": "pending"}, {"state": "returned"}, {"state": "voided"},
    {"kind": "campaign_version"}, {"target_key": "b:sms:zh-hans"},
    {"snapshot": WORDS | {"body": "您好。"}}, {"snapshot": WORDS | {"subject": "x"}},
    {"kind": "result_text", "snapshot": WORDS | {"instead_of": "a/sms/zh-hans/2"}},
    {"kind": "result_text"},
])  # fmt: skip
def test_words_that_nobody_approved_do_not_come_in(changes: dict[str, Any]) -> None:
    row = approved_words(**changes)
    with pytest.raises(IntegrityError, match="nobody approved these words of a:sms:zh-hans"):
        row_of("journeys.MessageTemplate", **TEXT, author=row.maker, approved_in=row)


def test_words_of_another_author_or_without_an_approval_do_not_come_in() -> None:
    row = approved_words()
    for values in (
        {"author": StaffFactory(), "approved_in": row},
        {"author": row.maker},
        {"approved_in": row},
    ):
        with pytest.raises(IntegrityError, match="nobody approved"), transaction.atomic():
            row_of("journeys.MessageTemplate", **TEXT, **values)
    assert not MessageTemplate.objects.exists()
    assert row_of("journeys.MessageTemplate", **TEXT).author is None  # came with the portal
