"""The Celery application: tasks carry ids, acknowledge late and may run twice."""

import logging.config
import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, task_postrun, task_prerun

from portal.kit import logs
from portal.schedule import BEAT_SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = BEAT_SCHEDULE
app.autodiscover_tasks()


@task_prerun.connect
def _drop_dead_connections(**_kwargs: Any) -> None:
    """Connections are kept between tasks; one that the server closed is replaced here."""
    from django.db import close_old_connections

    close_old_connections()


@setup_logging.connect
def _keep_our_logging(**_kwargs: Any) -> None:
    """Without this Celery would write its own lines, arguments of tasks unmasked."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)


@task_prerun.connect
def _name_the_task(task_id: str, **_kwargs: Any) -> None:
    logs.TASK_ID.set(task_id)


@task_postrun.connect
def _forget_the_task(**_kwargs: Any) -> None:
    logs.TASK_ID.set("")
