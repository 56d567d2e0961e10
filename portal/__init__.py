"""The portal: the house itself, and the Celery application that tasks bind to."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
