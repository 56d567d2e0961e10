"""What belongs to nobody but names a person is counted in the overview, and told in the copy."""

import json
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from journeys.models import Customer
from journeys.rights import operations as rights
from journeys.rights.queries import holdings, links
from journeys.rights.queries.mentions import mentions_of
from portal.models import AuditEntry, Upload
from tests.factories.journeys import CustomerFactory
from tests.factories.portal import StaffFactory
from tests.factories.rights import (
    AT,
    NAME,
    NUMBER,
    PHONE,
    WORDS,
    allowed,
    fill_every_table,
    take_in,
    the_person,
)
from tests.project.rows import row_of

REFUSED = {"state": "refused", "finished_at": AT, "failure": "?", "preview": {}}
pytestmark = pytest.mark.django_db
TITLE = "Rows of nobody that name the person"


def counted(*persons: Customer) -> dict[str, int]:
    return {held.model._meta.label: held.rows for held in mentions_of(persons)}


def test_every_table_that_may_name_somebody_is_counted() -> None:
    person = the_person()
    fill_every_table(person)
    wanted = {
        model._meta.label for model, columns in links.cleaned_tables(holdings.ROOTS) if columns
    }
    assert len(wanted) >= 7
    assert set(counted(person)) == wanted


@pytest.mark.parametrize(
    ("words", "rows"),
    [
        (f"电话 {PHONE} 无人接听", 1),
        (f"{NAME}来电", 1),
        (f"客户 {NUMBER}", 1),
        (f"客户 {NUMBER}1", 0),  # another customer's number begins with it
        ("139****5678", 0),  # a mask says nothing of whom
        ("", 0),
    ],
)
def test_a_row_counts_once_where_it_names_the_person(words: str, rows: int) -> None:
    person = the_person()
    row_of("portal.AuditEntry", reason=words, target_label=words, changes={"words": words})
    assert counted(person).get("portal.AuditEntry", 0) == rows


def test_several_persons_are_counted_in_one_reading() -> None:
    one, other = the_person(), CustomerFactory(number="C-OTHER", name="李四四")
    for words in (WORDS, "C-OTHER", f"{NAME} C-OTHER", "王五五"):
        row_of("portal.Upload", label=words, **REFUSED)
    assert Upload.objects.count() == 4
    assert counted(one) == {"portal.Upload": 2}
    assert counted(one, other) == {"portal.Upload": 3}
    assert mentions_of([]) == []


def test_nothing_is_counted_after_an_erasure() -> None:
    person = the_person()
    fill_every_table(person)
    rights.carry_out(erasure_id=allowed(person).pk, at=AT)
    person.refresh_from_db()
    assert counted(person) == {}


@pytest.mark.parametrize("is_named", [True, False])
def test_a_copy_says_what_is_not_in_it(is_named: bool) -> None:
    person = the_person()
    if is_named:
        row_of("portal.AuditEntry", reason=f"{NAME} 来电 9999", target_label="", changes={})
    request = take_in(person, kind="access")
    named = counted(person)
    _copy, handle = rights.make_copy(
        request_id=request.pk, form="json", actor=StaffFactory(role="compliance"), at=AT
    )
    with handle:
        text = handle.read().decode()
    about = json.loads(text)["about"]
    assert named.get("portal.AuditEntry", 0) == int(is_named)
    assert about[4:] == ([f"{holdings.name_of(AuditEntry)}: 1"] if is_named else [])
    assert len(about) == (5 if is_named else 3)
    assert "来电 9999" not in text


def test_the_pages_show_them_to_those_who_handle_requests(
    client_of: Callable[..., Client],
) -> None:
    person = the_person()
    row_of("portal.Upload", label=WORDS, **REFUSED)
    officer = client_of(StaffFactory(role="compliance", language="en"))
    found = officer.post(reverse("rights_find"), {"text": NUMBER})
    assert [(each.model, each.rows) for each in found.context["named"]] == [(Upload, 1)]
    assert "Uploaded files: 1" in found.content.decode()
    page = reverse("rights_page", args=[take_in(person, kind="access").number])
    shown = officer.get(page)
    assert shown.context["named"] is None
    assert "?named=1" in shown.content.decode()
    assert "Uploaded files: 1" in officer.get(f"{page}?named=1").content.decode()
    manager = client_of(StaffFactory(role="branch_manager", branch=person.branch, language="en"))
    denied = manager.get(f"{page}?named=1")
    assert (denied.status_code, denied.context["named"]) == (200, None)
    assert TITLE not in denied.content.decode()
