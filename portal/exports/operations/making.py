"""A file is made, fingerprinted and recorded; only then it goes to the person."""

import datetime as dt
import hashlib
import secrets
import tempfile
from dataclasses import dataclass
from typing import IO

from django.conf import settings
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from portal.audit import operations as audit
from portal.exports import queries
from portal.exports.models import CODE_LETTERS, Export
from portal.exports.operations import workbook
from portal.kit import clock, masking
from portal.kit.registry import Exportable
from portal.staff.models import Staff

_BLOCK = 1 << 20


class ExportRefused(Exception):
    """Raised where no file is made; the text is for a person."""


class TooManyRows(ExportRefused):
    """Raised where a file would have more rows than the setting allows."""


class NotAllowed(Exception):
    """Raised where a person may not take this kind out."""


@dataclass(frozen=True)
class Made:
    """An export with its file, open at its beginning; the file is gone when it is closed."""

    export: Export
    file: IO[bytes]


def make_export(
    *, kind: Exportable, asked: QueryDict, reason: str, staff: Staff, at: dt.datetime
) -> Made:
    """This will write what a list shows with the filters `asked` to a workbook, record it, and
    return both. Rows go to the file as they come, so that memory does not grow with them.

    Raises NotAllowed, TooManyRows, and what the kind's `read` raises; then nothing is recorded.
    """
    if not queries.may_take_out(staff, kind):
        raise NotAllowed(kind.code)
    cover = workbook.Cover(
        code="".join(secrets.choice(CODE_LETTERS) for _letter in range(8)),
        kind=kind,
        staff=staff,
        at=at,
        reason=masking.mask_text(reason),
    )
    # Named by nobody: it is gone with this process, whatever happens to it.
    file = tempfile.TemporaryFile(prefix="export-")  # noqa: SIM115 (the caller closes it)
    try:
        export = _write_and_record(cover, file, asked)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return Made(export, file)


def _write_and_record(cover: workbook.Cover, file: IO[bytes], asked: QueryDict) -> Export:
    """In one transaction, so that the rows come through an open cursor, block by block."""
    kind, staff = cover.kind, cover.staff
    with transaction.atomic():
        exported = kind.read(staff, asked, clock.bank_day(cover.at))
        try:
            rows = workbook.write(file, cover, exported, most=settings.EXPORT_MOST_ROWS)
        except workbook.Full as full:
            raise TooManyRows(
                _("More than {limit} rows: choose narrower filters and try again.").format(
                    limit=f"{settings.EXPORT_MOST_ROWS:,}"
                )
            ) from full
        sha256, size = _fingerprint(file)
        export = Export.objects.create(
            code=cover.code,
            kind=kind.code,
            by=staff,
            branch=staff.branch,
            made_at=cover.at,
            reason=cover.reason,
            filters=exported.filters,
            columns=queries.headings_of(kind),
            rows=rows,
            bytes=size,
            sha256=sha256,
        )
        audit.record(
            action="export.made",
            actor=staff,
            at=cover.at,
            target=export,
            reason=cover.reason,
            changes={
                "kind": kind.code,
                "rows": rows,
                "filters": exported.filters,
                "sha256": sha256,
            },
        )
    return export


def _fingerprint(file: IO[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while block := file.read(_BLOCK):
        digest.update(block)
        size += len(block)
    return digest.hexdigest(), size
