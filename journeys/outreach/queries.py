"""Reading the outbox."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, Min, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from journeys.contact.models import Contact
from journeys.outreach.enums import MessageState
from journeys.outreach.models import Message, MessageTemplate
from portal.kit import clock
from portal.staff.access import Scope

FALLBACK_LANGUAGE = "zh-hans"


def count_by_state(*, origin: str) -> dict[str, int]:
    """This will count the messages of an origin by state; states without messages are left out."""
    rows = Message.objects.filter(origin=origin).values_list("state").annotate(number=Count("pk"))
    return dict(rows.order_by("state"))


def next_due(*, origin: str) -> dt.datetime | None:
    """This will tell when the first waiting message of an origin may go; None where none waits."""
    waiting = Message.objects.filter(origin=origin, state=MessageState.QUEUED)
    return waiting.aggregate(first=Min("not_before"))["first"]


def templates_of(*, code: str, channels: Sequence[str]) -> list[MessageTemplate]:
    """This will return the latest version of a template for each channel and language."""
    return list(
        MessageTemplate.objects.filter(code=code, channel__in=channels)
        .order_by("channel", "language", "-version")
        .distinct("channel", "language")
    )


def channels_without_text(*, code: str, channels: Sequence[str]) -> list[str]:
    """This will return the channels for which a template lacks the text in the language that
    everybody can be sent."""
    found = templates_of(code=code, channels=channels)
    usual = {each.channel for each in found if each.language == FALLBACK_LANGUAGE}
    return [channel for channel in channels if channel not in usual]


def list_messages(
    *, scope: Scope, state: str = "", channel: str = "", origin: str = ""
) -> QuerySet[Message]:
    """This will list the messages to customers of a scope, the latest first."""
    rows = Message.objects.filter(scope.branches("customer__branch"))
    given = {"state": state, "channel": channel, "origin": origin}
    rows = rows.filter(**{name: value for name, value in given.items() if value})
    return rows.select_related("customer").order_by("-id")


def message_in(*, scope: Scope, message_id: int) -> Message | None:
    """This will return one message of a scope, with its text and customer; None outside it."""
    rows = Message.objects.filter(scope.branches("customer__branch"), pk=message_id)
    return rows.select_related("customer", "template").first()


def message_about(*, customer_id: int, dedup_key: str) -> Message | None:
    """This will find the one message that a customer was written for a cause."""
    return Message.objects.filter(customer_id=customer_id, dedup_key=dedup_key).first()


@dataclass(frozen=True)
class Figures:
    """How the outbox stands at an instant."""

    waiting: int
    sending: int
    sent_today: int
    in_doubt: int
    parked: int
    failed: int
    per_minute: int


def figures(*, scope: Scope, at: dt.datetime) -> Figures:
    """This will count the messages to customers of a scope. Asked every two seconds: each state is
    counted by its own small index, and of what was sent only the bank's day of `at`."""
    rows = Message.objects.filter(scope.branches("customer__branch"))

    def count(state: str) -> int:
        return rows.filter(state=state).count()

    sent = rows.filter(state=MessageState.SENT)
    minute = dt.timedelta(minutes=1)
    return Figures(
        waiting=count(MessageState.QUEUED),
        sending=count(MessageState.SENDING),
        sent_today=sent.filter(sent_at__gte=clock.start_of(clock.bank_day(at))).count(),
        in_doubt=count(MessageState.IN_DOUBT),
        parked=count(MessageState.PARKED),
        failed=count(MessageState.FAILED),
        per_minute=sent.filter(sent_at__gt=at - minute, sent_at__lte=at).count(),
    )


def messages_to(customer_id: int) -> QuerySet[Message]:
    """This will list a customer's messages; `stood_at` is when each was sent, or else queued. How
    many there are is limited by the caps of contacts."""
    rows = Message.objects.filter(customer_id=customer_id).select_related("customer")
    rows = rows.defer("context")
    return rows.annotate(stood_at=Coalesce("sent_at", "queued_at"))


def contacts_without_message(customer_id: int) -> QuerySet[Contact]:
    """This will list a customer's contacts for which no message was written: calls and others."""
    message = Message.objects.filter(
        customer_id=OuterRef("customer_id"), dedup_key=OuterRef("dedup_key")
    )
    return Contact.objects.filter(~Exists(message), customer_id=customer_id)
