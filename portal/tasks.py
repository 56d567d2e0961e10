"""Tasks of portal: ids in, one call, safe to run twice."""

from celery import shared_task
from django.conf import settings

from portal.intake import operations as intake
from portal.kit import clock


@shared_task(
    name="portal.import_upload",
    soft_time_limit=settings.UPLOAD_SECONDS,
    time_limit=settings.UPLOAD_SECONDS + 60,
)
def import_upload(upload_id: int) -> None:
    """This will check or import an uploaded file, whichever it waits for."""
    intake.work_upload(upload_id=upload_id, at=clock.now())


@shared_task(name="portal.sweep_uploads")
def sweep_uploads() -> None:
    """This will ask again for uploads that nobody works on, and remove old files."""
    intake.sweep_uploads(at=clock.now())
