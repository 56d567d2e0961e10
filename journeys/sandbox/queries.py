"""Reading what the practice gateways received."""

from django.conf import settings
from django.db.models import Q, QuerySet

from journeys.outreach import queries as outreach
from journeys.outreach.models import Message
from journeys.sandbox.models import ReceivedMessage


def is_received(*, message_key: str) -> bool:
    """This will tell whether a message was handed over under this key."""
    return ReceivedMessage.objects.filter(message_key=message_key).exists()


def received(*, channel: str, words: str = "") -> QuerySet[ReceivedMessage]:
    """This will list what a channel received, newest first, narrowed to `words` in the text."""
    rows = ReceivedMessage.objects.filter(channel=channel).order_by("-received_at", "-id")
    if words:
        rows = rows.filter(Q(subject__icontains=words) | Q(body__icontains=words))
    return rows


def as_received(message: Message) -> ReceivedMessage:
    """This will return a message of mobile bank as the page shows what gateways received. It is not
    kept."""
    subject, body = outreach.rendered(message)
    return ReceivedMessage(
        channel=message.channel,
        destination=message.customer.number,
        sender=settings.SMS_SENDER,
        subject=subject,
        body=body,
        received_at=message.sent_at or message.queued_at,
    )
