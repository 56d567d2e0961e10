"""What templates of all apps share."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.template import Context, Template
from django.test import RequestFactory

from portal.kit.registry import MenuEntry, registry
from portal.kit.tables import Page
from portal.staff.enums import Permission, Role
from portal.templatetags import portal_tags
from tests.factories.portal import StaffFactory


def _render(source: str, **context: Any) -> str:
    return Template("{% load portal_tags %}" + source).render(Context(context))


@pytest.fixture
def menu_of_four() -> Iterator[None]:
    """Home, a list, a list below it, and one for administrators."""
    kept, registry.menu = registry.menu, []
    registry.add_menu(
        MenuEntry("Admin", "admin:index", Permission.ADMINISTER, "gear", 9),
        MenuEntry("Home", "home", Permission.VIEW_HOME, "bi-house", 0),
        MenuEntry("Health", "healthz", Permission.VIEW_HOME, "heart", 1),
        MenuEntry(
            "Password",
            "account_change_password",
            Permission.VIEW_HOME,
            "key",
            2,
            below="account_login",
        ),
    )
    yield
    registry.menu = kept


@pytest.mark.django_db
@pytest.mark.usefixtures("menu_of_four")
@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/", ["Home"]),
        ("/healthz", ["Health"]),
        ("/accounts/password/change/more/", ["Password"]),
        ("/accounts/login/more/", ["Password"]),
        ("/accounts/", []),
    ],
)
def test_the_menu_marks_where_one_is(path: str, current: list[str]) -> None:
    request = RequestFactory().get(path)
    request.user = StaffFactory(role=Role.ANALYST)
    sections = portal_tags.menu({"request": request})["sections"]  # type: ignore[arg-type]
    entries = [entry for _label, part in sections for entry in part]
    assert [(entry["label"], entry["icon"]) for entry in entries] == [
        ("Home", "house"),
        ("Health", "heart"),
        ("Password", "key"),
    ]
    assert [entry["label"] for entry in entries if entry["is_current"]] == current


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (Decimal("1234.5"), "¥1,234.50"),
        (1000, "¥1,000"),
        (Decimal("-0.01"), "-¥0.01"),
        (None, "–"),
        ("", "–"),
    ],
)
def test_money(amount: Any, shown: str) -> None:
    assert _render("{{ amount|money }}", amount=amount) == shown


def test_captured_output_is_escaped_once() -> None:
    source = "{% capture text %} {{ name }} {% endcapture %}[{{ text }}]"
    assert _render(source, name="<b>") == "[&lt;b&gt;]"


@pytest.mark.parametrize(
    ("page", "links"),
    [
        (Page([], 1, False, ""), []),
        (Page([], 1, True, "q=a"), ["?q=a&amp;page=2"]),
        (Page([], 2, True, ""), ["?page=1", "?page=3"]),
        (Page([], 3, False, "q=a&s=b"), ["?q=a&amp;s=b&amp;page=2"]),
    ],
)
def test_the_pager(page: Page, links: list[str]) -> None:
    shown = _render('{% include "_parts/pager.html" %}', page=page)
    assert [part.split('"')[0] for part in shown.split('href="')[1:]] == links
