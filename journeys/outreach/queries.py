"""Reading the outbox."""

from collections.abc import Sequence

from django.db.models import Count

from journeys.outreach.models import Message, MessageTemplate

FALLBACK_LANGUAGE = "zh-hans"


def count_by_state(*, origin: str) -> dict[str, int]:
    """This will count the messages of an origin by state; states without messages are left out."""
    rows = Message.objects.filter(origin=origin).values_list("state").annotate(number=Count("pk"))
    return dict(rows.order_by("state"))


def templates_of(*, code: str, channels: Sequence[str]) -> list[MessageTemplate]:
    """This will return the latest version of a template for each channel and language."""
    return list(
        MessageTemplate.objects.filter(code=code, channel__in=channels)
        .order_by("channel", "language", "-version")
        .distinct("channel", "language")
    )
