"""The JSON API: rows from other systems, proved by a token; no session, no cookie."""

import datetime as dt
import hashlib
import re

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from portal.intake import access, operations, queries
from portal.intake.models import ApiToken
from portal.intake.rules import BadCell, cells, openapi, payload
from portal.kit import clock
from portal.kit.registry import registry

_KEY = re.compile(r"[!-~]{1,200}")


_DOOR = access.Door("api", "API_CALLS_PER_MINUTE", operations.record_access)


@access.guarded("POST", _DOOR)
def send_rows(request: HttpRequest, token: ApiToken, kind: str) -> HttpResponse:
    """This will take rows of one kind in and answer with what came of each."""
    if kind not in token.kinds:
        raise access.Problem(
            403, _("This token may not send rows of the kind “{kind}”.").format(kind=kind)
        )
    body = access.body_of(request)
    try:
        call = operations.receive_rows(
            token=token,
            kind=kind,
            rows=_rows(body),
            key=_key(request),
            # The same rows as of another instant, or on trial, are another call.
            body_hash=hashlib.sha256(body + _how(request)).hexdigest(),
            at=clock.now(),
            as_of=_as_of(request),
            is_trial=_is_trial(request),
        )
    except operations.Busy as busy:
        raise access.Problem(503, str(busy), Retry_After="60") from busy
    except operations.TokenRefused as refused:
        raise access.Problem(
            401, str(refused), WWW_Authenticate='Bearer error="invalid_token"'
        ) from refused
    except operations.KeyUsedOtherwise as refused:
        raise access.Problem(422, str(refused)) from refused
    if call.status != operations.TAKEN:
        raise access.Problem(call.status, call.answer["detail"])
    return JsonResponse(call.answer)


@access.guarded("GET", _DOOR)
def show_import(request: HttpRequest, token: ApiToken, batch_id: int) -> HttpResponse:
    """This will tell the counts of an import that the token made."""
    batch = queries.batch_of(token, batch_id)
    if batch is None:
        raise access.Problem(404, _("This token made no such import."))
    counts = (
        "kind",
        "rows_read",
        "rows_new",
        "rows_changed",
        "rows_same",
        "rows_bad",
        "rows_older",
    )
    told = {name: getattr(batch, name) for name in counts}
    return JsonResponse({"batch": batch.pk, "is_trial": batch.is_dry_run, **told})


@access.guarded("GET", _DOOR)
def openapi_document(request: HttpRequest, token: ApiToken) -> HttpResponse:
    """This will describe the API."""
    return JsonResponse(
        openapi.document(registry.import_kinds.values(), registry.api_doors.values())
    )


def _rows(body: bytes) -> payload.Rows:
    try:
        return payload.read_rows(body)
    except payload.TooManyRows as refused:
        raise access.Problem(413, str(refused)) from refused
    except payload.PayloadRefused as refused:
        raise access.Problem(422, str(refused)) from refused


def _as_of(request: HttpRequest) -> dt.datetime | None:
    text = request.GET.get("as_of", "")
    try:
        return clock.instant_of(cells.parse_instant(text)) if text else None
    except BadCell as bad:
        raise access.Problem(422, f"as_of: {bad.reason.text}") from bad


def _how(request: HttpRequest) -> bytes:
    """What the address says of the rows; without a trial as it always was."""
    trial = b"trial" if _is_trial(request) else b""
    return request.GET.get("as_of", "").encode() + trial


def _is_trial(request: HttpRequest) -> bool:
    text = request.GET.get("trial", "false")
    if text not in ("true", "false"):
        raise access.Problem(422, _("trial is true or false."))
    return text == "true"


def _key(request: HttpRequest) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if key and not _KEY.fullmatch(key):
        raise access.Problem(
            422, _("An Idempotency-Key has 1 to 200 plain characters, without blanks.")
        )
    return key
