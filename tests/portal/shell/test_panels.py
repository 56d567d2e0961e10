"""What is to be done today stands first, then what goes along with it, then figures."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client
from django.utils import translation

from portal.kit.registry import Figures, FiguresAsked, Panel, registry
from portal.kit.todo import Todo
from portal.staff.enums import Permission, Role
from tests.factories.portal import BranchFactory, StaffFactory

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]
BADGE = "_parts/badge.html"


@pytest.fixture(autouse=True)
def _own_house() -> Iterator[None]:
    """A house without panels and figures, so that a test sees its own alone."""
    kept = registry.panels, registry.figures
    registry.panels, registry.figures = [], []
    yield
    registry.panels, registry.figures = kept


def line(brief: str, count: int = 1, **more: Any) -> Todo:
    return Todo(label=f"Do {brief}", brief=f"{{count}} {brief}", count=count, url="/there/", **more)


def panel(code: str, *lines: Todo, template: str = BADGE, is_figures: bool = False) -> Panel:
    def build(_request: HttpRequest) -> dict[str, Any]:
        return {"label": code, "todo": lines}

    return Panel(code, template, build, Permission.VIEW_HOME, 1, is_figures=is_figures)


def figures(code: str, build: Any, permission: str = Permission.VIEW_HOME) -> Figures:
    return Figures(code, code.title(), BADGE, build, permission, 1)


def test_lines_of_all_panels_stand_above_them_by_urgency(client_of: ClientOf) -> None:
    registry.add_panels(
        panel("still", line("nothing", 0)),
        panel("shown", line("quiet"), line("nothing", 0)),
        panel("lines", line("late", 3, due=dt.date(2026, 1, 2), is_late=True), template=""),
        panel("sums", line("of figures", due=dt.date(2099, 1, 1)), is_figures=True),
    )
    response = client_of(StaffFactory(language="en")).get("/")
    page = response.context["page"]
    assert page.summary == "Today: 3 late, 1 quiet, 1 of figures."
    assert [one.label for one in page.todo] == ["Do late", "Do quiet", "Do of figures"]
    assert [one.code for one in page.work] == ["shown", "still"]
    assert [one.code for one in page.figures] == ["sums"]
    text = response.content.decode()
    places = [text.index(words) for words in (
        "To be done today", "Do late", "since 2026-01-02", "Do quiet", "until 2099-01-01",
        "Along with it", 'id="panel-shown"', 'id="home-figures"', 'id="panel-sums"',
    )]  # fmt: skip
    assert places == sorted(places)
    assert 'id="panel-lines"' not in text


@pytest.mark.parametrize("role", Role.values)
def test_whom_nothing_awaits_is_told_what_there_is_besides(client_of: ClientOf, role: str) -> None:
    response = client_of(StaffFactory(role=role, language="en")).get("/")
    with translation.override("en"):
        assert (
            f"Nothing is waiting for you. {response.context['idle']}" in response.content.decode()
        )
    assert response.context["page"].todo == []


def test_figures_are_those_of_the_role_and_one_that_fails_leaves_the_others(
    client_of: ClientOf,
) -> None:
    def fail(_request: HttpRequest, _asked: FiguresAsked) -> dict[str, Any]:
        raise LookupError

    registry.add_panels(panel("standing", is_figures=True), panel("work"))
    registry.add_figures(
        figures("whole", lambda _request, asked: {"label": f"from {asked.first}"}),
        figures("broken", fail),
        figures("silent", lambda _request, _asked: None),
        figures("closed", lambda _request, _asked: {}, Permission.VIEW_AUDIT),
    )
    response = client_of(StaffFactory(role=Role.ANALYST, language="en")).get("/figures/")
    shown = [(part.code, part.has_failed) for part in response.context["parts"]]
    assert shown == [("whole", False), ("broken", True)]
    assert [one.code for one in response.context["standing"]] == ["standing"]
    assert f"from {response.context['asked'].first}" in response.content.decode()
    assert "This panel could not be shown." in response.content.decode()


def test_filters_of_figures_are_read_from_the_address(client_of: ClientOf) -> None:
    asked: list[FiguresAsked] = []

    def build(_request: HttpRequest, wanted: FiguresAsked) -> dict[str, Any]:
        asked.append(wanted)
        return {"label": ""}

    registry.add_figures(figures("one", build))
    own = BranchFactory()
    below, other = BranchFactory(parent=own), BranchFactory()
    client = client_of(StaffFactory(role=Role.BRANCH_MANAGER, branch=own))
    for query in ("", f"?branch={below.code}&period=month", f"?branch={other.code}&period=age"):
        page = client.get(f"/figures/{query}").content.decode()
        assert (other.label in page, below.label in page) == (False, True)
    days = [(one.end - one.first).days for one in asked]
    assert [(one.branch_path, one.branch_code, one.filters) for one in asked] == [
        (own.path, "", ""), (below.path, below.code, f"?branch={below.code}"), (own.path, "", ""),
    ]  # fmt: skip
    assert days == [91, 30, 91]


def test_a_role_without_figures_is_told_so(client_of: ClientOf) -> None:
    page = client_of(StaffFactory(language="en")).get("/figures/").content.decode()
    assert "There are no figures for your role yet" in page
