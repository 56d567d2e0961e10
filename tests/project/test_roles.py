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
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from portal.models import Staff
from portal.staff.access import scope_of
from portal.staff.enums import Role
from portal.staff.rules import ADMIN_MODELS
from tests.factories.portal import BranchFactory, StaffFactory
from tests.project import doors, house

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
WAY_OUT = "admin:logout"
ADMIN = [name for name in NAMES if name.startswith("admin:")]
SCOPED = [name for name in OWN if doors.DOORS[name].scoped]


@pytest.fixture(autouse=True)
def _practice_gateways(settings: Any) -> None:
    """Their page exists only where they run."""
    settings.SANDBOX_HTTP_PORT = 1


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
    house.assert_none(missing, "add a line for each to tests/project/doors.py:")


def test_the_table_names_no_address_that_is_gone() -> None:
    house.assert_none(sorted(set(doors.DOORS) - set(NAMES)))
    house.assert_none(sorted(set(doors.ARGUMENTS) - set(doors.DOORS)))


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


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(doors.ARGUMENTS))
def test_an_address_that_names_nothing_real_is_not_found(name: str, client_of: Any) -> None:
    """Signs and numbers that the database cannot hold are no fault of the server."""
    staff = StaffFactory(role=Role.COMPLIANCE)
    client = client_of(staff)
    for key, value in doors.ARGUMENTS[name](staff).items():
        strange: list[Any] = ["\0x", "x" * 5000] if isinstance(value, str) else [2**31, 10**30]
        for one in strange:
            try:
                url = reverse(name, kwargs={key: one})
            except NoReverseMatch:
                continue
            answers = (client.get(url).status_code, client.post(url).status_code)
            assert max(answers) < 500


# --- Django's admin ------------------------------------------------------------------------
def _model_of(name: str) -> Any:
    """The model of "admin:app_model_verb"; None for pages that belong to no model."""
    key = name.removeprefix("admin:").rpartition("_")[0]
    label = key.replace("_", ".", 1)
    return apps.get_model(label) if label in ADMIN_MODELS else None


def _is_kept(name: str) -> bool:
    return name in doors.ADMIN_PAGES or _model_of(name) is not None


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name in ADMIN if _is_kept(name) and name != WAY_OUT])
def test_the_admin_is_for_administrators(name: str, client_of: Any) -> None:
    url = reverse(name, kwargs=doors.admin_arguments(name, _model_of(name)))
    assert Client().get(url).status_code == 302
    answers = {role: _followed(client_of(role), url) for role in Role.values}
    refused = {role: 403 for role in Role.values}
    assert answers == {**refused, "administrator": doors.admin_answer(name)}


@pytest.mark.django_db
def test_the_way_out_of_the_admin_is_the_portals_own(client_of: Any) -> None:
    answer = client_of(Role.ADMINISTRATOR).get(reverse(WAY_OUT))
    assert answer.headers["Location"] == reverse("account_logout")


def _followed(client: Client, url: str) -> int:
    """The status of a visit; one step to the admin's own entrance is taken."""
    answer = client.get(url)
    if answer.status_code == 302 and answer.headers["Location"].startswith("/admin/login/"):
        answer = client.get(answer.headers["Location"])
    return answer.status_code


@pytest.mark.django_db
def test_models_that_the_rules_do_not_name_are_closed(client_of: Any) -> None:
    """Packages bring admin pages of their own; they stay shut unless the rules open them."""
    client = client_of(Role.ADMINISTRATOR)
    others = [name for name in ADMIN if name.endswith("_changelist") and not _is_kept(name)]
    assert {client.get(reverse(name)).status_code for name in others} <= {403}


def test_every_model_of_the_rules_is_in_the_admin() -> None:
    registered = {model._meta.label_lower for model in admin.site._registry}
    house.assert_none(sorted(set(ADMIN_MODELS) - registered))
