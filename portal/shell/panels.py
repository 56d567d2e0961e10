"""The home page's panels and the parts of the page of figures: each stands or falls alone."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string

from portal.kit import clock
from portal.kit.registry import FiguresAsked, Panel, registry
from portal.kit.todo import Todo, by_urgency, counted, in_words
from portal.staff.access import staff_of

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ShownPanel:
    """A panel as it stands on the page; `html` is empty where it could not be shown, or has lines
    of what is to be done alone."""

    code: str
    html: str = ""
    is_wide: bool = False
    has_failed: bool = False
    is_figures: bool = False
    todo: Sequence[Todo] = ()
    label: Any = ""
    is_of_days: bool = False


@dataclass(frozen=True)
class HomePage:
    """What a person is shown first: what is to be done today, the most urgent first, in a sentence
    and as lines; then what goes along with it, and figures."""

    summary: str
    todo: Sequence[Todo]
    work: Sequence[ShownPanel]
    figures: Sequence[ShownPanel]


def home_of(request: HttpRequest) -> HomePage:
    """This will build the home page of the signed-in person's role."""
    shown = panels_for(request)
    lines = by_urgency((line for one in shown for line in one.todo), on=clock.today())
    seen = [one for one in shown if one.html or one.has_failed]
    work = [one for one in seen if not one.is_figures]
    return HomePage(
        summary=in_words(lines),
        todo=lines,
        # Each in its usual order: what has something to do, then what is quiet today.
        work=sorted(work, key=lambda one: not one.todo),
        figures=[one for one in seen if one.is_figures],
    )


def panels_for(request: HttpRequest) -> list[ShownPanel]:
    """This will build the panels that the signed-in person's role may see and that have
    something to say, in their order."""
    return _all_of(request, registry.panels)


def standing_figures(request: HttpRequest) -> list[ShownPanel]:
    """This will build the home panels that show figures, for the page that has all of them."""
    return _all_of(request, [panel for panel in registry.panels if panel.is_figures])


def figures_for(request: HttpRequest, asked: FiguresAsked) -> list[ShownPanel]:
    """This will build the parts of the page of figures that the person's role may see and that
    have something to say, in their order."""
    found = []
    for part in registry.figures:
        if staff_of(request).may(part.permission):
            shown = ShownPanel(part.code, label=part.label, is_of_days=part.is_of_days)
            found.append(_show(shown, part.template, partial(part.build, request, asked), request))
    return [one for one in found if one is not None]


def _all_of(request: HttpRequest, panels: Sequence[Panel]) -> list[ShownPanel]:
    found = []
    for panel in panels:
        if staff_of(request).may(panel.permission):
            shown = ShownPanel(panel.code, is_wide=panel.wide, is_figures=panel.is_figures)
            found.append(_show(shown, panel.template, partial(panel.build, request), request))
    return [one for one in found if one is not None]


def _show(
    shown: ShownPanel, template: str, build: Callable[[], dict[str, Any] | None],
    request: HttpRequest,
) -> ShownPanel | None:  # fmt: skip
    # Whatever goes wrong in one panel must not take the page with it; the transaction
    # keeps a failed query of one panel from spoiling the connection for the next.
    try:
        with transaction.atomic():
            context = build()
            if context is None:
                return None
            html = render_to_string(template, context, request) if template else ""
    except Exception:
        _log.exception("panel %s failed", shown.code)
        return replace(shown, has_failed=True)
    return replace(shown, html=html, todo=counted(context.get("todo", ())))
