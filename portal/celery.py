"""The Celery application: tasks carry ids, acknowledge late and may run twice."""

import os
import signal
from typing import Any

from celery import Celery
from celery.signals import task_prerun, worker_process_init

from portal.kit import lifeline
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


@worker_process_init.connect
def _die_with_worker(**_kwargs: Any) -> None:
    """A worker killed with -9 leaves no process behind that goes on with half a task."""
    lifeline.die_with_parent(signal.SIGKILL, os.getppid())
