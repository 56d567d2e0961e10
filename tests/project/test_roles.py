"""Every address against every role: nothing is open by accident, nothing is closed by mistake.

Addresses are found by asking Django; each must stand in the table of doors. Rows are real, so
that pages really render, and an unknown variable in a template fails here too.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from portal.models import Staff
from portal.staff.access import scope_of
from portal.staff.enums import Role
from tests.factories.portal import BranchFactory, StaffFactory
from tests.project import doors

# Addresses without a name, which only lead back to a named one or to nothing.
NAMELESS = {"admin:(?P<url>.*)$", "admin:<path:object_id>/"}


def _found(patterns: Any, space: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _found(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name or pattern.pattern}"


NAMES = sorted(set(_found(get_resolver().url_patterns)) - NAMELESS)
OWN = [name for name in NAMES if name in doors.DOORS]
ADMIN = [name for name in NAMES if name.startswith("admin:")]
SCOPED = [name for name in OWN if doors.DOORS[name].scoped]


def address(name: str, staff: Staff) -> str:
    """The address of a page, with the rows it needs made for `staff`."""
    make = doors.ARGUMENTS.get(name)
    return reverse(name, kwargs=make(staff) if make else None)


def ask(client: Client, url: str, door: doors.Door, *, may: bool) -> int:
    """The status of a visit. An address that takes POST only is asked by POST by those who may
    not, since it must refuse them, and by GET by those who may, so that nothing is done."""
    if door.answer == 405 and not may:
        return client.post(url).status_code
    return client.get(url, door.data or {}).status_code


def test_every_address_stands_in_the_table() -> None:
    missing = [name for name in NAMES if name not in doors.DOORS and not name.startswith("admin:")]
    assert missing == [], "add a line for each to tests/project/doors.py"


def test_the_table_names_no_address_that_is_gone() -> None:
    assert sorted(set(doors.DOORS) - set(NAMES)) == []
    assert sorted(set(doors.ARGUMENTS) - set(doors.DOORS)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", OWN)
def test_a_stranger(name: str) -> None:
    door = doors.DOORS[name]
    url = address(name, StaffFactory(role=Role.CAMPAIGN_MANAGER))
    is_public = door.who == doors.PUBLIC
    status = ask(Client(), url, door, may=is_public)
    assert status == (door.answer if is_public else 302)


@pytest.mark.django_db
@pytest.mark.parametrize("name", OWN)
def test_every_role(name: str, client_of: Any) -> None:
    door = doors.DOORS[name]
    answers, expected = {}, {}
    for role in Role.values:
        staff = StaffFactory(role=role)
        may = door.lets_in(role)
        answers[role] = ask(client_of(staff), address(name, staff), door, may=may)
        expected[role] = (door.signed_in or door.answer) if may else 403
    assert answers == expected


@pytest.mark.django_db
@pytest.mark.parametrize("name", SCOPED or [pytest.param("", marks=pytest.mark.skip("none yet"))])
def test_a_person_of_another_branch(name: str, client_of: Any) -> None:
    """Rows of one branch do not exist for a person of another one."""
    door = doors.DOORS[name]
    here, elsewhere = BranchFactory(), BranchFactory()
    answers = {}
    for role in Role.values:
        insider = StaffFactory(role=role, branch=here)
        if door.lets_in(role) and scope_of(insider).branch_path:
            url = address(name, insider)
            stranger = client_of(StaffFactory(role=role, branch=elsewhere))
            visit = stranger.post(url) if door.answer == 405 else stranger.get(url, door.data or {})
            inside = ask(client_of(insider), url, door, may=True)
            answers[role] = (inside, visit.status_code)
    assert answers == {role: (door.answer, 404) for role in answers}


# --- Django's admin ------------------------------------------------------------------------
def _admin_url(name: str) -> str:
    models = {
        f"{model._meta.app_label}_{model._meta.model_name}": model for model in admin.site._registry
    }
    key = name.removeprefix("admin:").rpartition("_")[0]
    return reverse(name, kwargs=doors.admin_arguments(name, models.get(key)))


@pytest.mark.django_db
@pytest.mark.parametrize("name", ADMIN)
def test_the_admin_is_for_administrators(name: str, client_of: Any) -> None:
    url = _admin_url(name)
    assert Client().get(url).status_code in (302, *([200] if name == "admin:login" else []))
    for role in set(Role.values) - {Role.ADMINISTRATOR.value}:
        client = client_of(role)
        answer = client.get(url)
        if answer.status_code == 302:
            answer = client.get(answer.headers["Location"])
        assert answer.status_code == 403, role


@pytest.mark.django_db
@pytest.mark.parametrize("name", ADMIN)
def test_administrators_get_what_the_rules_say(name: str, client_of: Any) -> None:
    url = _admin_url(name)
    assert client_of(Role.ADMINISTRATOR).get(url).status_code == doors.admin_answer(name)


def test_every_model_in_the_admin_is_named_in_the_rules() -> None:
    from portal.staff.rules import ADMIN_MODELS

    registered = {model._meta.label_lower for model in admin.site._registry}
    assert sorted(registered - set(ADMIN_MODELS)) == []
    assert sorted(label for label in ADMIN_MODELS if not apps.get_model(label)) == []
