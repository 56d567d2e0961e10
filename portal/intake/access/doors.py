"""What every door of the JSON API does before and after the call: no session, no cookie."""

import functools
import http
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from portal.intake.access.tokens import kept_token_of
from portal.intake.enums import TokenState
from portal.intake.models import ApiToken
from portal.intake.rules import openapi
from portal.kit import clock, valkey
from portal.staff.access.address import address_of

_FAILED = 500  # what a call is noted with that broke on the way
# For annotations beyond this app, which knows tokens only by this door.
Token = ApiToken


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


@dataclass(frozen=True)
class Door:
    """One door of the API: calls are counted under its `code` against the setting `rate` (calls a
    minute and token), and `record` notes each one with its outcome. A token that was proved counts
    for so many seconds (`trusts`) without being asked for again."""

    code: str
    rate: str
    record: Callable[..., None]
    trusts: float = 0.0


def guarded(method: str, door: Door) -> Callable[[Endpoint], Endpoint]:
    """This will guard an endpoint: a token in force, not too often, by `method`; the call is
    recorded as the door says."""

    def decorate(endpoint: Endpoint) -> Endpoint:
        @csrf_exempt
        @functools.wraps(endpoint)
        def answer(request: HttpRequest, **arguments: Any) -> HttpResponse:
            return spoken(request, lambda: _answer(endpoint, method, door, request, arguments))

        vars(answer)["is_door"] = True  # see portal.kit.requests.DoorMiddleware
        return answer

    return decorate


def spoken(request: HttpRequest, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """This will give an answer in the language that the caller reads, for nobody to keep."""
    with translation.override(_language(request)):
        response = answer()
        response["Cache-Control"] = "no-store"
        response["Content-Language"] = translation.get_language() or ""
        return response


@csrf_exempt
def unknown_address(request: HttpRequest) -> HttpResponse:
    """This will answer for the addresses of the API that there are not, as the others answer."""

    def answer() -> HttpResponse:
        words = _(
            "There is nothing at this address; /api/v1/openapi.json describes those there are."
        )
        if not request.path_info.endswith("/"):
            words = _("Addresses end with a stroke, “/”.") + " " + words
        return Problem(404, words).answer()

    return spoken(request, answer)


vars(unknown_address)["is_door"] = True


def _language(request: HttpRequest) -> str:
    is_english = request.headers.get("Accept-Language", "").lower().startswith("en")
    return "en" if is_english else settings.LANGUAGE_CODE


def _answer(
    endpoint: Endpoint, method: str, door: Door, request: HttpRequest, arguments: dict[str, Any]
) -> HttpResponse:
    token = kept_token_of(request.headers.get("Authorization", ""), door.trusts)
    if token is None:
        words = _("Send a token in force: “Authorization: Bearer …”. The operator makes one.")
        return Problem(401, words, WWW_Authenticate="Bearer").answer()
    if not valkey.take(f"{door.code}:{token.pk}", getattr(settings, door.rate)):
        return Problem(429, _("Too many calls; wait a minute."), Retry_After="60").answer()
    status = _FAILED
    try:
        response = _asked(endpoint, method, request, token, arguments)
        status = response.status_code
        return response
    finally:
        door.record(
            token=token,
            method=request.method or "",
            path=request.path_info,
            status=status,
            address=address_of(request),
            at=clock.now(),
        )


def _asked(
    endpoint: Endpoint,
    method: str,
    request: HttpRequest,
    token: ApiToken,
    arguments: dict[str, Any],
) -> HttpResponse:
    try:
        _check_in_force(token)
        if request.method != method:
            raise Problem(405, _("This address takes {method} only.").format(method=method),
                          Allow=method)  # fmt: skip
        return endpoint(request, token, **arguments)
    except Problem as problem:
        return problem.answer()


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


def body_of(request: HttpRequest) -> bytes:
    """This will return the body, read past Django's limit for forms but not past our own."""
    most = settings.API_MOST_BYTES
    body = request.read(most + 1)
    if len(body) > most:
        megabytes = most // 2**20
        raise Problem(
            413, _("The body is larger than {n} MB; send fewer rows.").format(n=megabytes)
        )
    return body
