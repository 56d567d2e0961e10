"""The page of the practice gateways."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from journeys.contact.enums import Channel
from journeys.sandbox import queries
from journeys.sandbox.forms import SandboxFilter
from portal.kit import parts, tables
from portal.staff.access import requires
from portal.staff.enums import Permission

_SHOWN = 20


@requires(Permission.VIEW_SANDBOX)
def sandbox_page(request: HttpRequest) -> HttpResponse:
    """This will show what the practice gateways received; where none run, say so."""
    if not settings.SANDBOX_HTTP_PORT:
        return render(request, "journeys/sandbox/not_running.html", status=404)
    return render(request, "journeys/sandbox/sandbox_page.html", _received(request))


@requires(Permission.VIEW_SANDBOX)
@parts.part_of("sandbox_page")
def sandbox_received(request: HttpRequest) -> HttpResponse:
    """This will give the list alone, for the page that asks for it again and again."""
    if not settings.SANDBOX_HTTP_PORT:
        return render(request, "journeys/sandbox/not_running.html", status=404)
    return render(request, "journeys/sandbox/_received.html", _received(request))


def _received(request: HttpRequest) -> dict[str, Any]:
    form = SandboxFilter(request.GET)
    form.is_valid()
    channel = form.cleaned_data.get("channel", Channel.SMS)
    rows = queries.received(channel=channel, words=form.cleaned_data.get("words", ""))
    page = tables.page_of(request, rows, _SHOWN)
    # The page that is asked for again keeps its own number.
    query = f"{page.query}&page={page.number}" if page.query else f"page={page.number}"
    return {
        "form": form,
        "page": page,
        "again": query,
        "is_mail": channel == Channel.EMAIL,
        "words": form.cleaned_data.get("words", ""),
    }
