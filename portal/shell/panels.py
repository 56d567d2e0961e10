"""The home page's panels: each stands or falls alone."""

import logging
from dataclasses import dataclass

from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string

from portal.kit.registry import Panel, registry
from portal.staff.access import staff_of

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ShownPanel:
    """A panel as it stands on the page; `html` is empty where it could not be shown."""

    code: str
    html: str
    is_wide: bool
    has_failed: bool


def panels_for(request: HttpRequest) -> list[ShownPanel]:
    """This will build the panels that the signed-in person's role may see and that have
    something to say, in their order."""
    allowed = [panel for panel in registry.panels if staff_of(request).may(panel.permission)]
    return [shown for panel in allowed if (shown := _show(panel, request)) is not None]


def _show(panel: Panel, request: HttpRequest) -> ShownPanel | None:
    # Whatever goes wrong in one panel must not take the home page with it; the transaction
    # keeps a failed query of one panel from spoiling the connection for the next.
    try:
        with transaction.atomic():
            context = panel.build(request)
            if context is None:
                return None
            html = render_to_string(panel.template, context, request)
    except Exception:
        _log.exception("home panel %s failed", panel.code)
        return ShownPanel(panel.code, "", panel.wide, has_failed=True)
    return ShownPanel(panel.code, html, panel.wide, has_failed=False)
