"""The page of the practice gateways."""

import dataclasses
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from journeys.contact.enums import Channel
from journeys.outreach import queries as outreach
from journeys.sandbox import queries
from journeys.sandbox.forms import SandboxFilter
from portal.kit import parts, tables
from portal.staff.access import requires
from portal.staff.enums import Permission

_SHOWN = 20
_TABS = [
    (Channel.SMS.value, _("SMS"), "phone"),
    (Channel.EMAIL.value, _("Mailbox"), "envelope"),
    (Channel.PUSH.value, _("Push message"), "bell"),
    (Channel.ON_SITE.value, _("Message in mobile bank"), "bank"),
]


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
    words = form.cleaned_data.get("words", "")
    rows: Any = queries.received(channel=channel, words=words)
    if channel == Channel.ON_SITE:
        # These come to no gateway: mobile bank fetches them, and shows them as they stand here.
        rows = outreach.sent_on_site(words=words)
    page = tables.page_of(request, rows, _SHOWN)
    if channel == Channel.ON_SITE:
        page = dataclasses.replace(page, rows=[queries.as_received(row) for row in page.rows])
    # The page that is asked for again keeps its own number.
    query = f"{page.query}&page={page.number}" if page.query else f"page={page.number}"
    return {
        "form": form,
        "page": page,
        "again": query,
        "channel": channel,
        "tabs": _TABS,
        "is_mail": channel == Channel.EMAIL,
        "is_card": channel != Channel.SMS,
        "words": words,
    }
