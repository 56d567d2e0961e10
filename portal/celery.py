"""The Celery application: tasks carry ids, acknowledge late and may run twice."""

import os
from typing import Any

from celery import Celery
from celery.signals import task_prerun

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
