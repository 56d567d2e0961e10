"""The home page, the language switch, what machines ask, and the pages for what goes wrong."""

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.views import i18n
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_POST, require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from portal.kit import clock, logs, requests
from portal.shell import access, forms, operations, panels, queries, rules
from portal.shell.enums import Period
from portal.staff import queries as staff
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission


@never_cache
@require_safe
@requires(Permission.VIEW_HOME)
def home(request: HttpRequest) -> HttpResponse:
    """This will show what the person is to do today, and the panels of the role."""
    context = {
        "page": panels.home_of(request),
        "today": clock.today(),
        "idle": rules.idle_words(staff_of(request).role),
    }
    return render(request, "portal/shell/home.html", context)


@never_cache
@require_safe
@requires(Permission.VIEW_HOME)
def figures(request: HttpRequest) -> HttpResponse:
    """This will show the figures of the person's role; a filter that is wrong is left out."""
    person, on = staff_of(request), clock.today()
    asked = queries.figures_asked(person, request.GET, on=on)
    branches = staff.branches_below(scope_of(person).branch_path)
    chosen = {"branch": asked.branch_code, "period": Period.asked(request.GET.get("period", ""))}
    context = {
        "form": forms.FiguresFilter(initial=chosen, branches=branches),
        "asked": asked,
        "last": on,
        "parts": panels.figures_for(request, asked),
        "standing": panels.standing_figures(request),
    }
    return render(request, "portal/shell/figures.html", context)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """This will switch the language for this browser, and keep it for the person signed in."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        raise BadRequest
    response = i18n.set_language(request)
    if request.user.is_authenticated:
        operations.choose_language(staff=staff_of(request), language=language)
    return response


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """This will answer as long as the process can."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """This will tell whether everything is there that the portal needs; 503 where it is not.
    The worker is told beside it."""
    checks = queries.readiness()
    is_ready = all(checks.values())
    checks["worker"] = queries.worker_is_there()
    lines = {name: "ok" if holds else "failed" for name, holds in checks.items()}
    return JsonResponse(
        {"ready": is_ready, **lines},
        status=200 if is_ready else 503,
        json_dumps_params={"indent": 1},
    )


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """This will return the figures for monitoring."""
    if not access.may_read_metrics(request):
        return HttpResponseForbidden("not from here\n", content_type="text/plain")
    return HttpResponse(queries.metrics_text(), content_type=CONTENT_TYPE_LATEST)


def _error_page(request: HttpRequest, name: str, status: int) -> HttpResponse:
    """The page `name`; inside the portal's frame for those who are signed in."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    context = {
        "frame": "base.html" if signed_in else "base_public.html",
        "request_id": logs.REQUEST_ID.get(),
    }
    with translation.override(requests.page_language(request)):
        return render(request, f"{name}.html", context, status=status)


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """This will answer a request that cannot be understood; its host name may be a forged one."""
    context = {"frame": "base_public.html", "request_id": logs.REQUEST_ID.get()}
    with translation.override(requests.page_language(request)):
        return HttpResponse(render_to_string("400.html", context), status=400)


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """This will tell a person that the role does not reach here."""
    return _error_page(request, "403", 403)


@requires_csrf_token
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """This will answer for an address that leads nowhere, or outside the person's scope."""
    return _error_page(request, "404", 404)


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """This will tell a person whose page has grown too old to be sent."""
    return _error_page(request, "403_csrf", 403)


def server_error(request: HttpRequest) -> HttpResponse:
    """This will apologise, without database, session or context processors: any may be what
    failed. Where not even the page can be made, two plain sentences stand in for it."""
    request_id = logs.REQUEST_ID.get()
    try:
        with translation.override(requests.page_language(request)):
            page = render_to_string("500.html", {"request_id": request_id})
    except Exception:
        words = f"系统出错，报障编号 / Something went wrong, number for the help desk: {request_id}"
        return HttpResponse(words, status=500)
    return HttpResponse(page, status=500)
