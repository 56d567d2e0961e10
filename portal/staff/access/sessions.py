"""Limits of a session: it ends after a while without work, and after a day's work in any case."""

import datetime as dt
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from portal.kit import clock, requests

_STARTED, _SEEN = "session_started_at", "session_seen_at"
# The last sign of life is written at most once in this time, not at every request.
_GRAIN = dt.timedelta(seconds=30)


def start(request: HttpRequest) -> None:
    """This will start both clocks of the session."""
    request.session[_STARTED] = request.session[_SEEN] = clock.now().isoformat()


def why_ended(started: dt.datetime, seen: dt.datetime, at: dt.datetime) -> str:
    """This will return "absolute" or "idle" where the session is over at `at`, or ""."""
    if at - started >= dt.timedelta(hours=settings.SESSION_ABSOLUTE_HOURS):
        return "absolute"
    if at - seen >= dt.timedelta(minutes=settings.SESSION_IDLE_MINUTES):
        return "idle"
    return ""


def _limit(request: HttpRequest) -> str:
    """Check the clocks, move the idle one; both start where a session has none yet."""
    if _STARTED not in request.session or _SEEN not in request.session:
        start(request)
        return ""
    at = clock.now()
    seen = dt.datetime.fromisoformat(request.session[_SEEN])
    ended = why_ended(dt.datetime.fromisoformat(request.session[_STARTED]), seen, at)
    # A page that refreshes itself is not a person at work.
    if not ended and at - seen >= _GRAIN and "X-Poll" not in request.headers:
        request.session[_SEEN] = at.isoformat()
    return ended


def _page_of(request: HttpRequest) -> str:
    """The page on which the person was, to come back to it after signing in; "" if unknown."""
    if request.headers.get("HX-Request") == "true":
        page = request.headers.get("HX-Current-URL", "")
    elif request.method in ("GET", "HEAD"):
        return request.get_full_path()
    else:
        page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}):
        return ""
    parts = urlsplit(page)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def go_to(request: HttpRequest, url: str) -> HttpResponse:
    """This will send the whole page to `url`, also where htmx asked for a part of it."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponseClientRedirect(url)
    return HttpResponseRedirect(url)


def _login_url(request: HttpRequest, ended: str) -> str:
    words = {"ended": ended, "next": _page_of(request)}
    query = urlencode({name: value for name, value in words.items() if value})
    return resolve_url(settings.LOGIN_URL) + (f"?{query}" if query else "")


class SessionLimits:
    """Middleware that ends sessions in time and keeps signed-in pages out of shared caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info in requests.PROBES:
            return self.get_response(request)
        if request.user.is_authenticated and (ended := _limit(request)):
            url = _login_url(request, ended)
            # Read by the receiver that writes the audit trail.
            request.session_ended = ended  # type: ignore[attr-defined]
            auth.logout(request)
            return go_to(request, url)
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store, private"
        return self._whole_page(request, response)

    def _whole_page(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """A guard's redirect to the login page must not be swapped into a part of a page."""
        target = response.headers.get("Location", "")
        is_part = request.headers.get("HX-Request") == "true"
        if is_part and urlsplit(target).path == resolve_url(settings.LOGIN_URL):
            return HttpResponseClientRedirect(_login_url(request, ""))
        return response
