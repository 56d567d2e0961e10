"""Files that name a person who is erased: taken away, whatever they were for."""

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from portal.audit import operations as audit
from portal.intake import queries
from portal.intake.models import Upload


def is_being_read(name: str) -> bool:
    """This will tell whether a worker has an upload's file ("uploads/..."), or will."""
    stored = name.rpartition("/")[2].removesuffix(".errors.xlsx")
    return queries.unfinished_uploads().filter(stored_name=stored).exists()


def remove_files(*, names: Sequence[str], at: dt.datetime) -> None:
    """This will remove files below the portal's own folder ("uploads/...", "imports/..."). An
    upload that waited to be imported is refused with the reason; its person uploads it again
    without those rows."""
    for name in names:
        _close_upload(name.rpartition("/")[2].removesuffix(".errors.xlsx"), at)
        (settings.VAR_DIR / name).unlink(missing_ok=True)
    if names:
        audit.record(
            action="import.files_removed", actor=None, at=at, changes={"files": len(names)}
        )


@transaction.atomic
def _close_upload(stored_name: str, at: dt.datetime) -> None:
    upload = Upload.objects.select_for_update(of=("self",)).filter(stored_name=stored_name).first()
    if upload is None:
        return
    if upload.is_checked:
        upload.state, upload.finished_at = "refused", at
        with translation.override(upload.by.language):
            upload.failure = _(
                "The file named a person whose data was erased, and was removed. Upload it again "
                "without that person."
            )
    upload.files_removed_at = at
    upload.save()
    for path in (queries.path_of(upload.stored_name), queries.workbook_of(upload)):
        path.unlink(missing_ok=True)
