"""Asking the workers to send, and to follow what was halted."""

import logging

from portal.celery import app as celery

logger = logging.getLogger(__name__)


def request_sending() -> None:
    """This will ask the workers to send what is due. Where the queue does not answer, nothing is
    lost: the next tick of the clock finds the rows."""
    _ask("journeys.send_due_messages")


def request_following() -> None:
    """This will ask the workers to cancel what was stopped, and take up what was resumed."""
    _ask("journeys.follow_halts")


def _ask(task: str) -> None:
    try:
        celery.send_task(task, retry=False)
    except Exception as error:
        logger.warning("The task queue did not answer; the next tick will do it: %s", error)
