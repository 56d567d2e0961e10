"""Reading what mobile bank shows, and what comes back from people and gateways."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from journeys.contact import queries as gate
from journeys.contact.enums import Channel, GateAnswer
from journeys.outreach import rules
from journeys.outreach.enums import AnswerFinding, MessageState, ReceiptKind
from journeys.outreach.models import (
    Answer,
    BadCall,
    Message,
    Receipt,
)
from portal.kit.registry import registry
from portal.staff.access import Scope


@dataclass(frozen=True)
class OnSite:
    """A message as mobile bank shows it."""

    key: str
    title: str
    text: str
    sent_at: dt.datetime
    is_read: bool


# How long mobile bank shows a message, and how many at most.
_SHOWN_FOR = dt.timedelta(days=30)
_MOST_SHOWN = 20
# What was said since the sending hides what is marketing, unread or not.
_HIDES = {
    GateAnswer.DO_NOT_CONTACT, GateAnswer.NO_CONSENT, GateAnswer.COMPLAINT_OPEN,
    GateAnswer.CASE_OPEN, GateAnswer.PEACE, GateAnswer.CONTROL_GROUP,
}  # fmt: skip


def on_site_messages(*, customer_number: str, at: dt.datetime) -> list[OnSite]:
    """This will return the messages that a customer is shown in mobile bank at `at`, the latest
    first. One is shown no more once its text was withdrawn, what caused it was called off, or the
    person may not be sent it any more: a withdrawal binds what is shown as it binds what is sent.
    """
    rows = Message.objects.filter(
        customer__number=customer_number,
        channel=Channel.ON_SITE,
        state=MessageState.SENT,
        sent_at__gt=at - _SHOWN_FOR,
        template__withdrawal=None,
    )
    found = rows.select_related("template").prefetch_related("receipts")
    shown = _still_shown(list(found.order_by("-sent_at", "-id")[:_MOST_SHOWN]), at)
    return [_on_site(message) for message in shown]


def _still_shown(rows: list[Message], at: dt.datetime) -> list[Message]:
    if not rows:
        return []
    origins = sorted({row.origin for row in rows})
    stopped = {origin for found_by in registry.calls_off for origin in found_by(origins)}
    answers = gate.ask_again(
        customer_ids=[row.customer_id for row in rows],
        purposes=[row.purpose for row in rows],
        channels=[row.channel for row in rows],
        dedup_keys=[row.dedup_key for row in rows],
        at=at,
    )
    return [
        row
        for row in rows
        if row.origin not in stopped
        and answers[row.customer_id, row.dedup_key].answer not in _HIDES
    ]


def _on_site(message: Message) -> OnSite:
    kinds = {receipt.kind for receipt in message.receipts.all()}
    title, text = rendered(message)
    return OnSite(
        key=rules.message_key(message.pk, message.dedup_key),
        title=title,
        text=text,
        sent_at=message.sent_at or message.queued_at,
        is_read=ReceiptKind.READ in kinds,
    )


def sent_on_site(*, words: str = "") -> QuerySet[Message]:
    """This will list the messages that mobile bank may fetch, those sent last first, narrowed to
    `words` in their text."""
    rows = Message.objects.filter(channel=Channel.ON_SITE, state=MessageState.SENT)
    if words:
        rows = rows.filter(template__body__icontains=words)
    return rows.select_related("customer", "template").order_by("-sent_at", "-id")


def rendered(message: Message) -> tuple[str, str]:
    """This will return headline and text of a message as its person reads them."""
    subject = " ".join(rules.render(message.template.subject, message.context).split())
    return subject, rules.render(message.template.body, message.context)


def list_answers(*, scope: Scope, is_open: bool = True) -> QuerySet[Answer]:
    """This will list what people wrote back, the latest first: what a person must still look at, or
    all of it. Who wrote from a number that nobody is on file with belongs to no branch, and is seen
    by those who see the whole bank."""
    rows = Answer.objects.filter(scope.branches("customer__branch"))
    if is_open:
        rows = rows.filter(settled_at=None).exclude(finding=AnswerFinding.REFUSED)
    return rows.select_related("customer", "settled_by").order_by("-id")


def answers_of(customer_id: int) -> QuerySet[Answer]:
    """This will list what a customer wrote back."""
    return Answer.objects.filter(customer_id=customer_id)


def answer_in(*, scope: Scope, answer_id: int) -> Answer | None:
    """This will return one answer of a scope; None outside it."""
    rows = Answer.objects.filter(scope.branches("customer__branch"), pk=answer_id)
    return rows.select_related("customer").first()


def bad_calls(*, at: dt.datetime) -> list[BadCall]:
    """This will return the calls of gateways that were refused within a day, the latest first."""
    rows = BadCall.objects.filter(minute__gt=at - dt.timedelta(days=1))
    return list(rows.order_by("-minute", "-id")[:_MOST_SHOWN])


def receipts_of(message: Message) -> list[Receipt]:
    """This will return what became of a message after it was sent, in order."""
    return list(message.receipts.order_by("at", "id"))
