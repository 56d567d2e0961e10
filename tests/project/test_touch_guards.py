"""What the database refuses of touch plans, whoever asks."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from campaigns.models import TouchMark
from tests.factories.journeys import DAY, ApplicationFactory, CardFactory
from tests.project.rows import INSTANT, row_of

pytestmark = pytest.mark.django_db
SENT = {"state": "sent", "answer": "sent", "channel": "sms", "answered_at": INSTANT}


def refusal(sql: str, *parameters: Any) -> str:
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        connection.cursor().execute(sql, parameters)
    return str(refused.value)


def test_neither_a_stay_nor_a_receipt_vanishes() -> None:
    step = row_of("campaigns.TouchStep")
    for table, key in (("campaigns_touchstep", step.pk), ("campaigns_enrolment", 0)):
        key = key or step.enrolment_id  # type: ignore[attr-defined]
        assert "only added to" in refusal(f"DELETE FROM {table} WHERE id = %s", key)


@pytest.mark.parametrize("change", [
    "state = 'inside', left_at = NULL, left_because = ''", "rotation = 2", "occasion = 'other'",
    "entered_at = entered_at + interval '1 day'",
])  # fmt: skip
def test_who_left_does_not_come_back_into_the_same_stay(change: str) -> None:
    stay = row_of("campaigns.Enrolment", state="left", left_at=INSTANT, left_because="goal")
    found = refusal(f"UPDATE campaigns_enrolment SET {change} WHERE id = %s", stay.pk)
    assert "a stay stays what it is" in found


@pytest.mark.parametrize("change", [
    "answer = 'needs'", "state = 'waiting', answered_at = NULL", "state = 'left', answer = 'goal'",
    "reasons = '[]'",
])  # fmt: skip
def test_a_step_is_answered_once(change: str) -> None:
    step = row_of("campaigns.TouchStep", **SENT)
    found = refusal(f"UPDATE campaigns_touchstep SET {change} WHERE id = %s", step.pk)
    assert "a step is answered once" in found


def test_a_message_that_was_called_back_is_the_one_thing_that_comes_after() -> None:
    step: Any = row_of("campaigns.TouchStep", **SENT)
    step.state, step.answer = "left", "called_back"
    step.save()
    assert "answered once" in refusal(
        "UPDATE campaigns_touchstep SET state = 'sent', answer = 'sent' WHERE id = %s", step.pk
    )


def test_a_step_whose_message_reached_nobody_says_so_and_nothing_else_after() -> None:
    step: Any = row_of("campaigns.TouchStep", **SENT)
    step.state, step.answer = "unsent", "no_consent"
    step.save()
    for change in ("state = 'sent', answer = 'sent'", "answer = 'too_late'", AGAIN):
        found = refusal(f"UPDATE campaigns_touchstep SET {change} WHERE id = %s", step.pk)
        assert "answered once" in found


AGAIN = "state = 'waiting', answer = '', channel = '', answered_at = NULL"
INSIDE = "state = 'inside', left_at = NULL, left_because = ''"


def test_a_step_that_told_nothing_waits_again_and_opens_the_stay_that_had_finished() -> None:
    step: Any = row_of("campaigns.TouchStep", **SENT)
    stay = step.enrolment
    stay.state, stay.left_at, stay.left_because = "left", INSTANT, "finished"
    stay.save()
    opens = f"UPDATE campaigns_enrolment SET {INSIDE} WHERE id = %s"
    assert "does not come back" in refusal(opens, stay.pk)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE campaigns_touchstep SET {AGAIN} WHERE id = %s", [step.pk])
        cursor.execute(opens, [stay.pk])
    stay.refresh_from_db()
    assert stay.is_inside


@pytest.mark.parametrize("state", ["skipped", "left"])
def test_what_was_answered_otherwise_does_not_wait_again(state: str) -> None:
    step = row_of("campaigns.TouchStep", state=state, answer="needs", answered_at=INSTANT)
    found = refusal(f"UPDATE campaigns_touchstep SET {AGAIN} WHERE id = %s", step.pk)
    assert "a step is answered once" in found


def test_a_step_stays_with_its_stay() -> None:
    step = row_of("campaigns.TouchStep")
    for change in ("code = 'x'", "customer_id = 0", "enrolment_id = 0"):
        found = refusal(f"UPDATE campaigns_touchstep SET {change} WHERE id = %s", step.pk)
        assert "stays with its stay" in found


def marked() -> list[int]:
    found = list(TouchMark.objects.order_by("id").values_list("customer_id", flat=True))
    TouchMark.objects.all().delete()
    return found


def test_days_that_come_or_move_are_marked_and_nothing_else_is() -> None:
    card = CardFactory()
    assert set(marked()) == {card.customer_id}
    card.activated_date = DAY
    card.save()
    assert marked() == [card.customer_id]
    card.masked_number = "622588******0002"
    card.save()
    assert marked() == []
    filed = ApplicationFactory(state="filed", decided_date=None)
    assert marked() == [filed.customer_id]
    filed.state, filed.decided_date = "approved", DAY
    filed.save()
    assert marked() == [filed.customer_id]
    given: Any = row_of("campaigns.Grant")
    assert given.customer_id in marked()
    gone: Any = row_of("campaigns.GrantReversal")
    assert gone.grant.customer_id in marked()
