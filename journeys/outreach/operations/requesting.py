"""Asking the workers to send."""

import logging

from portal.celery import app as celery

logger = logging.getLogger(__name__)


def request_sending() -> None:
    """This will ask the workers to send what is due. Where the queue does not answer, nothing is
    lost: the next tick of the clock finds the rows."""
    try:
        celery.send_task("journeys.send_due_messages", retry=False)
    except Exception as error:
        logger.warning("The task queue did not answer; the next tick will send: %s", error)
