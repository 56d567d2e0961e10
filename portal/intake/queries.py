"""Reading what was imported, and what waits for it."""

import datetime as dt
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet

from portal.intake.enums import UploadState
from portal.intake.models import ApiToken, ImportBatch, Upload
from portal.intake.rules import ImportKind
from portal.kit.registry import registry
from portal.staff.access import Scope
from portal.staff.enums import Permission
from portal.staff.models import Staff

_UNFINISHED = [UploadState.RECEIVED, UploadState.CHECKING, UploadState.IMPORTING]


def list_batches(*, scope: Scope) -> QuerySet[ImportBatch]:
    """This will list the imports that `scope` may see, the newest first.

    Those of the command line belong to nobody, and are seen by those who see the whole bank.
    """
    return (
        ImportBatch.objects.filter(scope.branches("by__branch"))
        .select_related("by")
        .order_by("-started_at", "-id")
    )


def uploads_for(staff: Staff) -> QuerySet[Upload]:
    """This will list the uploads that a person may see, the newest first: the own ones, or those
    of everybody with the permission."""
    seen = Q() if staff.may(Permission.VIEW_UPLOADS) else Q(by=staff)
    return (
        Upload.objects.filter(seen)
        .select_related("by", "trial", "batch")
        .order_by("-received_at", "-id")
    )


def kinds_open_to(staff: Staff) -> list[ImportKind]:
    """This will list the kinds of file that a person may upload: all of them with the permission
    of it, else those that are open to another one of the role's."""
    is_all = staff.may(Permission.IMPORT_FILES)
    return [
        kind
        for kind in registry.import_kinds.values()
        if is_all or (kind.permission and staff.may(kind.permission))
    ]


def unfinished_uploads() -> QuerySet[Upload]:
    """This will find the uploads that wait for a worker, or that one works on."""
    return Upload.objects.filter(state__in=_UNFINISHED).order_by("asked_at", "id")


def uploads_with_files(*, before: dt.datetime) -> list[int]:
    """This will return the ids of uploads received before an instant that still have files."""
    old = Upload.objects.filter(files_removed_at=None, received_at__lt=before)
    return list(old.order_by("id").values_list("pk", flat=True)[:500])


def hold_upload(upload_id: int) -> bool:
    """This will take an upload into one's hands until the transaction ends, or tell that somebody
    else has it. The hold of a worker that died is gone with its connection."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"upload:{upload_id}"]
        )
        return cursor.fetchone()[0]


def path_of(stored_name: str) -> Path:
    """This will return where an uploaded file lies."""
    return settings.VAR_DIR / "uploads" / stored_name


def workbook_of(upload: Upload) -> Path:
    """This will return where the workbook of an upload's bad rows lies."""
    return path_of(f"{upload.stored_name}.errors.xlsx")


def batch_of(token: ApiToken, batch_id: int) -> ImportBatch | None:
    """This will find an import among those that a token's calls made."""
    call = token.calls.select_related("batch").filter(batch_id=batch_id).first()
    return call.batch if call else None


def list_tokens() -> QuerySet[ApiToken]:
    """This will list all tokens, the newest first."""
    return ApiToken.objects.select_related("created_by", "revoked_by").order_by(
        "-created_at", "-id"
    )


def is_in_use(*, kind: str, at: dt.datetime) -> bool:
    """This will tell whether a token for a kind of use is in force."""
    return ApiToken.objects.filter(
        kinds__contains=[kind], revoked_at=None, expires_at__gt=at
    ).exists()


def one_token(token_id: int) -> ApiToken | None:
    """This will find a token, with the people concerned."""
    return list_tokens().filter(pk=token_id).first()
