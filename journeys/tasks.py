"""Tasks of journeys: safe to run twice, and at the same time."""

from celery import shared_task

from journeys.notices import operations as notices
from journeys.outreach import operations as outreach
from portal.kit import clock

# Well below the soft time limit; the next tick goes on.
_DRAIN_SECONDS = 25


@shared_task(name="journeys.send_due_messages")
def send_due_messages() -> None:
    """This will send the outbox's due messages."""
    outreach.send_due_messages(clock=clock.now, seconds=_DRAIN_SECONDS)


@shared_task(name="journeys.count_sent")
def count_sent() -> None:
    """This will count what was sent, up to today."""
    outreach.count_sent(at=clock.now(), seconds=_DRAIN_SECONDS)


@shared_task(name="journeys.tell_results")
def tell_results() -> None:
    """This will tell customers the results of their applications that are due."""
    notices.tell_results(clock=clock.now, seconds=_DRAIN_SECONDS)
