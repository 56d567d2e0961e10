"""Calls of the JSON API: rows taken in once for each key, with the answer kept."""

import datetime as dt
import functools
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from portal.audit import operations as audit
from portal.intake.models import ApiCall, ApiToken
from portal.intake.operations import importing
from portal.intake.operations.tokens import TokenRefused
from portal.intake.rules import FileRefused, ImportReport

TAKEN, REFUSED = 200, 422
MOST_FINDINGS = 1_000
_WAIT = "20s"


class Busy(Exception):
    """Raised where another import of the same kind takes too long; nothing was taken in."""


class KeyUsedOtherwise(Exception):
    """Raised where a key comes again with other rows; its text is for a person."""


def receive_rows(
    *,
    token: ApiToken,
    kind: str,
    rows: Sequence[Mapping[str, str | None]],
    key: str,
    body_hash: str,
    at: dt.datetime,
    as_of: dt.datetime | None = None,
    is_trial: bool = False,
) -> ApiCall:
    """This will take rows in, which hold `as_of` an instant where they say none, and keep the
    answer; under a `key` that came before ("" is none) it returns the answer of then, and takes
    nothing in. A trial does everything and takes it back: the answer says what the rows would do.

    Raises Busy, KeyUsedOtherwise, and TokenRefused where the token was revoked while it waited.
    """
    try:
        with transaction.atomic():
            taking = functools.partial(
                importing.import_rows, kind=kind, rows=rows, as_of=as_of, dry_run=is_trial,
                digest=_digest_of(rows),
                # A key of its own says that the rows are said anew, though they are the same.
                is_anew=bool(key),
            )  # fmt: skip
            return _receive(token, kind, key, body_hash, at, taking)
    except OperationalError as busy:
        raise Busy(
            _("Another import is going on; nothing was taken in. Send the rows again later.")
        ) from busy


def _digest_of(rows: Sequence[Mapping[str, str | None]]) -> str:
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def _receive(
    token: ApiToken, kind: str, key: str, body_hash: str, at: dt.datetime,
    taking: Callable[..., ImportReport],
) -> ApiCall:  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{_WAIT}'")
        if key:
            # The same key twice at once: the second waits for the first one's answer.
            name = f"api:{token.pk}:{key}"
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
    if ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=False).exists():
        raise TokenRefused(_("This token was revoked; ask the administrator for a new one."))
    earlier = token.calls.filter(idempotency_key=key).first() if key else None
    if earlier is not None:
        if (earlier.kind, earlier.body_hash) != (kind, body_hash):
            raise KeyUsedOtherwise(
                _("This Idempotency-Key came with other rows before. Give each call its own.")
            )
        return earlier
    status, answer = _take_in(token, at, taking)
    return ApiCall.objects.create(
        token=token,
        kind=kind,
        idempotency_key=key,
        body_hash=body_hash,
        status=status,
        answer=answer,
        batch_id=answer.get("batch"),
        at=at,
    )


def _take_in(
    token: ApiToken, at: dt.datetime, taking: Callable[..., ImportReport]
) -> tuple[int, dict[str, Any]]:
    try:
        report = taking(actor=None, at=at, source_name=f"API: {token.name}", shown=MOST_FINDINGS)
    except FileRefused as refused:
        if isinstance(refused.__cause__, OperationalError):
            raise refused.__cause__ from refused
        return REFUSED, {"detail": str(refused)}
    return TAKEN, {
        "batch": report.batch_id,
        "kind": report.kind,
        "is_trial": report.is_dry_run,
        "rows_read": report.rows_read,
        "rows_new": report.rows_new,
        "rows_changed": report.rows_changed,
        "rows_same": report.rows_same,
        "rows_bad": report.rows_bad,
        "rows_older": report.rows_older,
        "warnings": list(report.warnings),
        "errors_total": sum(report.reasons.values()),
        "errors": [asdict(finding) for finding in report.findings],
    }


def record_access(
    *, token: ApiToken, method: str, path: str, status: int, address: str | None, at: dt.datetime
) -> None:
    """This will note a call and its outcome in the audit trail, and when the token was used."""
    ApiToken.objects.filter(Q(last_used_at=None) | Q(last_used_at__lt=at), pk=token.pk).update(
        last_used_at=at
    )
    changes = {"method": method, "path": path, "status": status}
    audit.record(
        action="api.called", actor=None, at=at, target=token, changes=changes, address=address
    )
