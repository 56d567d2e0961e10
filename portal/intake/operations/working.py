"""What a worker does with an upload: the dry run, and later the import, by the same path."""

import contextlib
import datetime as dt
import logging
import time
from dataclasses import asdict
from types import TracebackType

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from portal.audit import operations as audit
from portal.intake import queries
from portal.intake.enums import UploadState
from portal.intake.models import Upload
from portal.intake.operations import importing
from portal.intake.rules import FileRefused, ImportReport

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 3
SHOWN = 20
_PROGRESS_SECONDS = 0.5


def work_upload(*, upload_id: int, at: dt.datetime) -> None:
    """This will check or import an upload, whichever it waits for.

    Safe to repeat and to run twice at once: what is done, or in other hands, is left alone. After
    three attempts that ended without an answer the upload is given up.
    """
    if not _begin(upload_id, at):
        return
    try:
        _work(upload_id, at)
    except Exception:
        logger.exception("Upload %s failed", upload_id)


@transaction.atomic
def _begin(upload_id: int, at: dt.datetime) -> bool:
    """The attempt is counted in a transaction of its own, so that it is counted even where the
    worker dies of it."""
    if not queries.hold_upload(upload_id):
        return False
    upload = queries.unfinished_uploads().select_related("by").filter(pk=upload_id).first()
    if upload is None:
        return False
    if upload.attempts >= MOST_ATTEMPTS:
        with translation.override(upload.by.language):
            _refuse(upload, _("Three attempts to read this file failed; ask the operator."), at)
        return False
    if upload.state == UploadState.RECEIVED:
        upload.state = UploadState.CHECKING
    upload.attempts += 1
    upload.rows_done = 0
    upload.save(update_fields=["state", "attempts", "rows_done"])
    return True


@transaction.atomic
def _work(upload_id: int, at: dt.datetime) -> None:
    """The import and the upload's new state are committed together: a worker killed before that
    has done nothing, one killed after it is not asked again."""
    if not queries.hold_upload(upload_id):
        return
    upload = queries.unfinished_uploads().select_related("by").filter(pk=upload_id).first()
    if upload is None:
        return
    started = time.monotonic()
    with translation.override(upload.by.language), _ProgressLine(upload_id) as progress:
        try:
            report = importing.import_file(
                kind=upload.kind,
                path=queries.path_of(upload.stored_name),
                actor=upload.by,
                at=at,
                dry_run=not upload.is_importing,
                progress=progress,
                source_name=upload.label,
                errors_path=queries.workbook_of(upload),
                shown=SHOWN,
                as_of=upload.as_of,
                corrects=upload.corrects,
            )
        except FileRefused as refused:
            _refuse(upload, str(refused), at)
            return
    _keep(upload, report, at + dt.timedelta(seconds=time.monotonic() - started))


def _keep(upload: Upload, report: ImportReport, at: dt.datetime) -> None:
    if upload.is_importing:
        upload.state, upload.batch_id, upload.finished_at = UploadState.DONE, report.batch_id, at
        _forget_file(upload)
    else:
        upload.state, upload.trial_id = UploadState.CHECKED, report.batch_id
    upload.rows_done = upload.rows_total = report.rows_read
    upload.preview = {
        "names": report.names,
        "rows": report.first_rows,
        "findings": [asdict(finding) for finding in report.findings],
        "warnings": report.warnings,
    }
    upload.save()


def _refuse(upload: Upload, failure: str, at: dt.datetime) -> None:
    upload.state, upload.failure, upload.finished_at = UploadState.REFUSED, failure, at
    upload.save()
    audit.record(action="upload.refused", actor=None, at=at, target=upload)
    _forget_file(upload)


def _forget_file(upload: Upload) -> None:
    """The file itself is not needed any more; where this is missed, the sweeper makes it good."""
    path = queries.path_of(upload.stored_name)
    transaction.on_commit(lambda: path.unlink(missing_ok=True), robust=True)


class _ProgressLine:
    """Tells how far the reading is over a connection of its own, so that it is seen before the
    import commits. It is a comfort only: where it fails, the import goes on."""

    def __init__(self, upload_id: int) -> None:
        self._upload_id = upload_id
        self._connection = connections.create_connection(DEFAULT_DB_ALIAS)
        self._next = 0.0

    def __enter__(self) -> "_ProgressLine":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._connection.close()

    def __call__(self, read: int) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _PROGRESS_SECONDS
        with contextlib.suppress(DatabaseError), self._connection.cursor() as cursor:
            cursor.execute(
                "UPDATE portal_upload SET rows_done = %s WHERE id = %s", [read, self._upload_id]
            )
