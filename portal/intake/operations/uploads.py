"""Uploaded files: received, checked by a dry run, and imported once when the person says so."""

import datetime as dt
import logging
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as QueueDown

from portal.audit import operations as audit
from portal.celery import app as queue
from portal.intake import queries
from portal.intake.enums import UploadState
from portal.intake.models import Upload
from portal.kit import masking
from portal.staff.models import Staff

logger = logging.getLogger(__name__)

# A worker is asked again for what it was asked for so long ago and nobody works on.
_PATIENCE = dt.timedelta(seconds=30)


class UploadNotReady(Exception):
    """Raised where an upload cannot be imported as it stands; its text is for a person."""


def receive_file(
    *,
    kind: str,
    label: str,
    chunks: Iterable[bytes],
    by: Staff,
    at: dt.datetime,
    as_of: dt.datetime | None = None,
    corrects: bool = False,
) -> Upload:
    """This will store an uploaded file under a random name and have it checked.

    `label` is the name that the file had on the person's computer; `as_of` and `corrects` are what
    the person says of it, as in `import_file`.
    """
    ending = Path(label).suffix.lower()
    stored_name = secrets.token_hex(16) + ending
    try:
        lines = _store(queries.path_of(stored_name), chunks)
        with transaction.atomic():
            upload = Upload.objects.create(
                kind=kind,
                label=_plain(label),
                stored_name=stored_name,
                by=by,
                as_of=as_of,
                corrects=corrects,
                rows_total=None if ending == ".xlsx" else max(lines - 1, 1),
                received_at=at,
                asked_at=at,
            )
            audit.record(action="upload.received", actor=by, at=at, target=upload)
            transaction.on_commit(lambda: ask_worker(upload.pk))
    except BaseException:
        queries.path_of(stored_name).unlink(missing_ok=True)
        raise
    return upload


def _plain(label: str) -> str:
    """The name as people may see it: its last part, without a person's number in it."""
    name = label.replace("\\", "/").rpartition("/")[2]
    return masking.mask_text("".join(sign for sign in name if sign.isprintable()))[-200:]


def _store(path: Path, chunks: Iterable[bytes]) -> int:
    """Writes the file for its owner's eyes only and returns how many lines it has."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lines = 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
        for chunk in chunks:
            lines += chunk.count(b"\n")
            handle.write(chunk)
    return lines


@transaction.atomic
def start_import(*, upload_id: int, by: Staff, at: dt.datetime) -> Upload:
    """This will have a checked upload imported. Only its own person may, and once.

    Raises UploadNotReady, and Upload.DoesNotExist for an upload of somebody else.
    """
    upload = Upload.objects.select_for_update(of=("self",)).get(pk=upload_id, by=by)
    if upload.state != UploadState.CHECKED:
        raise UploadNotReady(_("This file is not waiting to be imported; see its state below."))
    upload.state, upload.asked_at = UploadState.IMPORTING, at
    upload.attempts = upload.rows_done = 0
    upload.save(update_fields=["state", "asked_at", "attempts", "rows_done"])
    audit.record(action="upload.import_asked", actor=by, at=at, target=upload)
    transaction.on_commit(lambda: ask_worker(upload.pk))
    return upload


def ask_worker(upload_id: int) -> None:
    """This will ask a worker for an upload. A missing queue loses nothing: the row stays, and
    the sweeper asks again."""
    limit = settings.UPLOAD_SECONDS
    try:
        queue.send_task(
            "portal.import_upload",
            args=[upload_id],
            retry=False,
            soft_time_limit=limit,
            time_limit=limit + 60,
        )
    except QueueDown as down:
        logger.warning("The queue does not answer (%s); the sweeper will ask again.", down)


def sweep_uploads(*, at: dt.datetime) -> None:
    """This will ask again for uploads that nobody works on, and remove the files of old ones."""
    for upload_id in _left_alone(at):
        ask_worker(upload_id)
    _remove_old(at)


@transaction.atomic
def _left_alone(at: dt.datetime) -> list[int]:
    waiting = queries.unfinished_uploads().filter(asked_at__lte=at - _PATIENCE)
    ids = [pk for pk in waiting.values_list("pk", flat=True) if queries.hold_upload(pk)]
    Upload.objects.filter(pk__in=ids).update(asked_at=at)
    return ids


def _remove_old(at: dt.datetime) -> None:
    """An upload that nobody imported in time is refused; the rows of all stay."""
    before = at - dt.timedelta(days=settings.UPLOAD_DAYS)
    for upload_id in queries.uploads_with_files(before=before):
        with transaction.atomic():
            upload = Upload.objects.select_for_update().get(pk=upload_id)
            if upload.is_working:
                continue
            if upload.is_checked:
                upload.state, upload.finished_at = UploadState.REFUSED, at
                with translation.override(upload.by.language):
                    upload.failure = _(
                        "The file was not imported in time and was removed; upload it again."
                    )
            upload.files_removed_at = at
            upload.save()
        for path in (queries.path_of(upload.stored_name), queries.workbook_of(upload)):
            path.unlink(missing_ok=True)
