"""Tasks of journeys: safe to run twice, and at the same time."""

from celery import shared_task

from journeys.outreach import operations as outreach
from journeys.points import operations as points
from portal.kit import clock

# Well below the soft time limit; the next tick goes on.
_DRAIN_SECONDS = 25


@shared_task(name="journeys.send_due_messages")
def send_due_messages() -> None:
    """This will send the outbox's due messages."""
    outreach.send_due_messages(clock=clock.now, seconds=_DRAIN_SECONDS)


@shared_task(name="journeys.expire_points")
def expire_points() -> None:
    """This will let expire the points whose day has come."""
    points.expire_points(on=clock.today(), at=clock.now())
