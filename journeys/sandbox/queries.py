"""Reading what the practice gateways received."""

from django.db.models import Q, QuerySet

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
