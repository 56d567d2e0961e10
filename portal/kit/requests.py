"""What surrounds every request: its id, its line in the log, its language and its person."""

import logging
import re
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import translation
from django.utils.cache import patch_vary_headers
from prometheus_client import Counter, Histogram

from portal.kit import logs, masking

GetResponse = Callable[[HttpRequest], HttpResponse]

# Addresses that machines ask; they must answer while the database does not.
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})

REQUESTS = Counter("portal_requests_total", "Requests answered.", ["method", "status"])
SECONDS = Histogram("portal_request_seconds", "Time from request to answer.", ["method"])

_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
_GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_DOORS = "/api/"
_access = logging.getLogger("portal.access")


class RequestLogMiddleware:
    """Outermost: gives the request an id (or keeps the one from the proxy), writes the access
    log, counts. The query string is left out: people type names and numbers into it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        request_id = _request_id(request.headers.get("X-Request-ID", ""))
        with logs.request_context(request_id):
            response = self.get_response(request)
            response["X-Request-ID"] = request_id
            _note(request, response, time.perf_counter() - started)
        return response


def _request_id(given: str) -> str:
    """The id from the proxy where it is one and hides no number of a person; else a new one,
    short enough to be read out over the telephone."""
    good = _GIVEN_ID.fullmatch(given) and masking.mask_text(given) == given
    return given if good else secrets.token_hex(6)


def _note(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    # A made-up method must not make up a new series.
    method = request.method if request.method in _METHODS else "OTHER"
    REQUESTS.labels(method, str(response.status_code)).inc()
    SECONDS.labels(method).observe(seconds)
    facts = {
        "method": method,
        "path": request.path_info,
        "status": response.status_code,
        "ms": round(seconds * 1000, 1),
    }
    level = logging.DEBUG if request.path_info in PROBES else logging.INFO
    _access.log(level, "request", extra={"facts": facts})


class DoorMiddleware:
    """Behind what holds for every answer: a door of the JSON API (a view marked `is_door`) has no
    session, no cookie, no form and no page. Its calls, of which there may be thousands a second,
    pass by all that is there for these."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        door = _door(request)
        if door is None:
            return self.get_response(request)
        request.resolver_match = door
        response = door.func(request, *door.args, **door.kwargs)
        response.headers.setdefault("Content-Length", str(len(response.content)))
        response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
        return response


def _door(request: HttpRequest) -> ResolverMatch | None:
    if not request.path_info.startswith(_DOORS) or "\0" in request.path_info:
        return None
    try:
        found = resolve(request.path_info)
    except Resolver404:
        return None
    return found if getattr(found.func, "is_door", False) else None


class PersonMiddleware:
    """After authentication: the person's id for the log, and the language of the page.

    The language kept with the person wins, because branch computers are shared; then the cookie
    of the language switch; then Chinese, whatever the browser prefers.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = cookie_language(request)
        if request.path_info not in PROBES and request.user.is_authenticated:
            logs.STAFF_ID.set(str(request.user.pk))
            language = _known(request.user.language)
        request.page_language = language  # type: ignore[attr-defined]
        if "\0" in request.path_info:
            raise Http404  # the database holds no such sign, so nothing can be found under it
        with translation.override(language):
            response = self.get_response(request)
        patch_vary_headers(response, ("Cookie",))
        response.headers.setdefault("Content-Language", language)
        return response


def _known(language: str) -> str:
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def page_language(request: HttpRequest) -> str:
    """This will return the language of the page that was asked for, without asking the database:
    that of the person signed in; of the browser where nobody is, or where nobody was looked for
    yet."""
    return getattr(request, "page_language", "") or cookie_language(request)


def cookie_language(request: HttpRequest) -> str:
    """This will return the language last chosen in this browser, without asking the database."""
    return _known(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""))
