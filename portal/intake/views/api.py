"""The JSON API: rows from other systems, proved by a token; no session, no cookie."""

import functools
import hashlib
import http
import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from portal.intake import access, operations, queries
from portal.intake.enums import TokenState
from portal.intake.models import ApiToken
from portal.intake.rules import openapi, payload
from portal.kit import clock, valkey
from portal.kit.registry import registry
from portal.staff.access.address import address_of

_KEY = re.compile(r"[!-~]{1,200}")


class Problem(Exception):
    """Raised where a call is refused; its text is a sentence for a person."""

    def __init__(self, status: int, detail: str, **headers: str) -> None:
        super().__init__(detail)
        self.status = status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def answer(self) -> HttpResponse:
        body = {
            "type": "about:blank",
            "title": http.HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": str(self),
        }
        content_type = openapi.PROBLEM
        return JsonResponse(
            body, status=self.status, content_type=content_type, headers=self.headers
        )


Endpoint = Callable[..., HttpResponse]


def _guarded(method: str) -> Callable[[Endpoint], Endpoint]:
    """Guards an endpoint: a token in force, not too often, by `method`; every call is recorded."""

    def decorate(endpoint: Endpoint) -> Endpoint:
        @csrf_exempt
        @functools.wraps(endpoint)
        def answer(request: HttpRequest, **arguments: Any) -> HttpResponse:
            with translation.override(_language(request)):
                response = _answer(endpoint, method, request, arguments)
                response["Cache-Control"] = "no-store"
                response["Content-Language"] = translation.get_language() or ""
                return response

        return answer

    return decorate


def _language(request: HttpRequest) -> str:
    is_english = request.headers.get("Accept-Language", "").lower().startswith("en")
    return "en" if is_english else settings.LANGUAGE_CODE


def _answer(
    endpoint: Endpoint, method: str, request: HttpRequest, arguments: dict[str, Any]
) -> HttpResponse:
    token = access.token_of(request.headers.get("Authorization", ""))
    if token is None:
        words = _("Send a token in force: “Authorization: Bearer …”. The operator makes one.")
        return Problem(401, words, WWW_Authenticate="Bearer").answer()
    if not valkey.take(f"api:{token.pk}", settings.API_CALLS_PER_MINUTE):
        return Problem(429, _("Too many calls; wait a minute."), Retry_After="60").answer()
    try:
        _check_in_force(token)
        if request.method != method:
            raise Problem(405, _("This address takes {method} only.").format(method=method),
                          Allow=method)  # fmt: skip
        response = endpoint(request, token, **arguments)
    except Problem as problem:
        response = problem.answer()
    operations.record_access(
        token=token,
        method=request.method or "",
        path=request.path_info,
        status=response.status_code,
        address=address_of(request),
        at=clock.now(),
    )
    return response


def _check_in_force(token: ApiToken) -> None:
    """Only who proved the token hears what became of it."""
    state = token.state_at(clock.now())
    if state == TokenState.EXPIRED:
        words = _("This token expired on {day}; ask the administrator for a new one.").format(
            day=f"{timezone.localtime(token.expires_at):%Y-%m-%d %H:%M}"
        )
    elif state == TokenState.REVOKED:
        words = _("This token was revoked; ask the administrator for a new one.")
    else:
        return
    raise Problem(401, words, WWW_Authenticate='Bearer error="invalid_token"')


@_guarded("POST")
def send_rows(request: HttpRequest, token: ApiToken, kind: str) -> HttpResponse:
    """This will take rows of one kind in and answer with what came of each."""
    if kind not in token.kinds:
        raise Problem(
            403, _("This token may not send rows of the kind “{kind}”.").format(kind=kind)
        )
    body = _body(request)
    try:
        call = operations.receive_rows(
            token=token,
            kind=kind,
            rows=_rows(body),
            key=_key(request),
            body_hash=hashlib.sha256(body).hexdigest(),
            at=clock.now(),
        )
    except operations.Busy as busy:
        raise Problem(503, str(busy), Retry_After="60") from busy
    except operations.TokenRefused as refused:
        raise Problem(
            401, str(refused), WWW_Authenticate='Bearer error="invalid_token"'
        ) from refused
    except operations.KeyUsedOtherwise as refused:
        raise Problem(422, str(refused)) from refused
    if call.status != operations.TAKEN:
        raise Problem(call.status, call.answer["detail"])
    return JsonResponse(call.answer)


@_guarded("GET")
def show_import(request: HttpRequest, token: ApiToken, batch_id: int) -> HttpResponse:
    """This will tell the counts of an import that the token made."""
    batch = queries.batch_of(token, batch_id)
    if batch is None:
        raise Problem(404, _("This token made no such import."))
    counts = ("kind", "rows_read", "rows_new", "rows_changed", "rows_same", "rows_bad")
    return JsonResponse({"batch": batch.pk, **{name: getattr(batch, name) for name in counts}})


@_guarded("GET")
def openapi_document(request: HttpRequest, token: ApiToken) -> HttpResponse:
    """This will describe the API."""
    return JsonResponse(openapi.document(registry.import_kinds.values()))


def _body(request: HttpRequest) -> bytes:
    """The body, read past Django's limit for forms but not past our own."""
    most = settings.API_MOST_BYTES
    body = request.read(most + 1)
    if len(body) > most:
        megabytes = most // 2**20
        raise Problem(
            413, _("The body is larger than {n} MB; send fewer rows.").format(n=megabytes)
        )
    return body


def _rows(body: bytes) -> payload.Rows:
    try:
        return payload.read_rows(body)
    except payload.TooManyRows as refused:
        raise Problem(413, str(refused)) from refused
    except payload.PayloadRefused as refused:
        raise Problem(422, str(refused)) from refused


def _key(request: HttpRequest) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if key and not _KEY.fullmatch(key):
        raise Problem(422, _("An Idempotency-Key has 1 to 200 plain characters, without blanks."))
    return key
