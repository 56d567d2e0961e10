"""Writing down what the practice gateways received."""

import datetime as dt

from journeys.sandbox.models import ReceivedMessage


def receive(
    *,
    channel: str,
    message_key: str,
    destination: str,
    sender: str,
    subject: str,
    body: str,
    at: dt.datetime,
) -> ReceivedMessage:
    """This will keep one hand-over, also where the same message was handed over before: that one
    shows twice is what the practice gateways are for."""
    return ReceivedMessage.objects.create(
        channel=channel,
        message_key=message_key[:120],
        destination=destination[:120],
        sender=sender[:120],
        subject=subject[:200],
        body=body,
        received_at=at,
    )
