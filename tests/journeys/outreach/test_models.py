"""What the database itself refuses."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from journeys.outreach.models import Message, MessageTemplate
from tests.factories.journeys import INSTANT
from tests.factories.outreach import MessageFactory, TemplateFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"state": "sent"}, "message_sent_has_time"),
        ({"sent_at": INSTANT}, "message_sent_has_time"),
        ({"state": "sending"}, "message_sending_has_lease"),
        ({"lease_until": INSTANT}, "message_sending_has_lease"),
        ({"state": "lost"}, "message_state_known"),
        ({"state": "failed"}, "message_end_has_reason"),
        ({"state": "cancelled"}, "message_end_has_reason"),
        ({"state": "parked"}, "message_end_has_reason"),
    ],
)
def test_a_message_says_what_its_state_needs(fields: dict[str, Any], constraint: str) -> None:
    message = MessageFactory()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(**fields)
    assert Message.objects.get().state == "queued"


def test_a_person_has_one_message_for_a_cause() -> None:
    message = MessageFactory()
    with pytest.raises(IntegrityError, match="message_once"), transaction.atomic():
        Message.objects.create(
            customer=message.customer, channel="email", purpose="marketing",
            template=message.template, dedup_key=message.dedup_key, origin="other",
            queued_at=INSTANT, not_before=INSTANT,
        )  # fmt: skip
    assert Message.objects.count() == 1


def test_a_mail_has_a_subject_and_a_version_is_written_once() -> None:
    TemplateFactory(channel="email")
    with pytest.raises(IntegrityError, match="template_mail_has_subject"), transaction.atomic():
        MessageTemplate.objects.create(
            code="greeting", channel="email", language="zh-hans", version=2, body="b"
        )
    with pytest.raises(IntegrityError, match="template_version_once"), transaction.atomic():
        MessageTemplate.objects.create(
            code="greeting", channel="email", language="zh-hans", version=1, subject="s", body="b"
        )
    assert MessageTemplate.objects.count() == 1


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        ("", ""),
        ("busy", "The gateway asked to try again later"),
        ("busy: 503 wait", "The gateway asked to try again later: 503 wait"),
        ("something else", "something else"),
    ],
)
def test_a_failure_is_put_into_words(failure: str, words: str) -> None:
    with translation.override("en"):
        assert Message(failure=failure).failure_words == words
