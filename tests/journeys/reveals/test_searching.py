"""Who looks for the holder of a full value is counted and recorded first; beyond the limit nobody
is looked for."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from journeys.models import Customer, ExactSearch
from journeys.reveals import operations as reveals
from journeys.reveals import queries
from journeys.reveals.enums import RevealField, SearchDoor
from portal.kit import clock, sealed
from portal.models import AuditEntry, Staff
from portal.staff.access import Scope
from tests.factories.journeys import INSTANT, CustomerFactory, LeadFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.project.rows import DAY, row_of

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]

PHONE, ID_NUMBER, EMAIL = "15400002469", "44030519880615003X", "wang@mail.example.cn"
ADDRESS = "浙江省杭州市西湖区文三路100号3幢201室"


@pytest.fixture
def person() -> Customer:
    return CustomerFactory(
        number="C7",
        phone=PHONE,
        email=EMAIL,
        address=ADDRESS,
        id_number=ID_NUMBER,
    )


@pytest.fixture
def officer() -> Staff:
    return StaffFactory(role="compliance", language="en")


def search(actor: Staff, value: str = PHONE, at: dt.datetime = INSTANT, found: int = 1) -> int:
    return len(
        reveals.search_exactly(
            field=RevealField.PHONE,
            value=value,
            door=SearchDoor.CUSTOMERS,
            find=lambda: range(found),
            actor=actor,
            at=at,
        )
    )


def kept() -> list[tuple[int | None, int | None]]:
    rows = ExactSearch.objects.order_by("id").values_list("number_of_day", "found")
    entries = AuditEntry.objects.filter(action__startswith="search.").order_by("id")
    told = [(entry.changes["number_of_day"], entry.changes["found"]) for entry in entries]
    assert told == list(rows)
    return told


def test_a_search_is_recorded_without_what_was_asked(officer: Staff) -> None:
    row_of("journeys.RevealRule")
    assert search(officer) == 1
    row = ExactSearch.objects.get()
    assert (row.actor, row.branch, row.at, row.on_date) == (officer, officer.branch, INSTANT, DAY)
    assert (row.field, row.door, row.found) == ("phone", "customers", 1)
    assert (row.number_of_day, row.allowed) == (1, 30)
    assert bytes(row.asked_hash) == reveals.asked_hash(RevealField.PHONE, PHONE)
    # Beside no customer's index: it leads to nobody.
    assert bytes(row.asked_hash) not in sealed.blind_indexes(PHONE, "phone")
    entry = AuditEntry.objects.get(action="search.made")
    assert (entry.actor, entry.target_kind) == (officer, "")
    assert entry.changes == {
        "field": "phone", "door": "customers", "found": 1, "number_of_day": 1, "allowed": 30,
    }  # fmt: skip
    assert PHONE not in str([*ExactSearch.objects.values(), *AuditEntry.objects.values()])


def test_one_more_than_the_limit_is_refused_and_recorded(officer: Staff) -> None:
    row_of("journeys.RevealRule", searches_per_day=3)
    assert [search(officer, found=number) for number in (1, 0, 2)] == [1, 0, 2]
    for _time in range(2):
        with pytest.raises(reveals.SearchLimitReached):
            search(officer)
    assert kept() == [(1, 1), (2, 0), (3, 2), (None, None), (None, None)]
    assert AuditEntry.objects.filter(action="search.refused").count() == 2
    # The limit is of a person and of a day of the bank, which ends at 16:00 UTC.
    assert search(StaffFactory(role="compliance")) == 1
    with pytest.raises(reveals.SearchLimitReached):
        search(officer, at=INSTANT.replace(hour=15, minute=59, second=59))
    assert search(officer, at=INSTANT.replace(hour=16)) == 1


def test_beyond_the_limit_nobody_is_looked_for(officer: Staff) -> None:
    row_of("journeys.RevealRule", searches_per_day=0)
    asked = []
    with pytest.raises(reveals.SearchLimitReached):
        reveals.search_exactly(
            field=RevealField.EMAIL,
            value=EMAIL,
            door=SearchDoor.RIGHTS,
            find=lambda: asked.append("asked") or [],
            actor=officer,
            at=INSTANT,
        )
    assert asked == []
    assert kept() == [(None, None)]


def test_without_a_rule_nobody_is_looked_for(officer: Staff) -> None:
    row_of("journeys.RevealRule", effective_date=DAY + dt.timedelta(days=1))
    with pytest.raises(reveals.NoSearchRule):
        search(officer)
    assert kept() == [(None, None)]
    assert ExactSearch.objects.get().allowed == 0


def test_the_same_value_has_the_same_mark_and_another_another(officer: Staff) -> None:
    row_of("journeys.RevealRule")
    for value in (PHONE, "15400002468", PHONE):
        search(officer, value)
    first, other, again = [row.mark for row in ExactSearch.objects.order_by("id")]
    assert (first == again, first == other) == (True, False)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (PHONE, "phone"),
        ("+86 154-0000-2469", "phone"),
        (ID_NUMBER.lower(), "id_number"),
        (EMAIL.upper(), "email"),
        ("C7", None),
        ("C", None),
        ("2469", None),
        ("154****2469", None),
        ("王小", None),
        ("", None),
    ],
)
def test_on_the_list_of_customers_searches_by_full_values_are_counted(
    person: Customer, client_of: ClientOf, officer: Staff, typed: str, field: str | None
) -> None:
    row_of("journeys.RevealRule")
    answer = client_of(officer).post(reverse("customer_search"), {"text": typed})
    rows = list(ExactSearch.objects.values_list("field", "door", "found"))
    assert rows == ([(field, "customers", 1)] if field else [])
    page = reverse("customer_page", args=[person.number])
    assert answer.status_code == 302
    assert (answer.headers["Location"] == page) == (field is not None or typed == "C7")


def test_who_is_over_the_limit_learns_nothing_and_loses_nothing(
    person: Customer, client_of: ClientOf, officer: Staff
) -> None:
    """The next try is answered alike, whether somebody has the number or not."""
    row_of("journeys.RevealRule", searches_per_day=2)
    client, url = client_of(officer), reverse("customer_search")
    assert client.post(url, {"text": "15400002468"}).status_code == 200
    assert client.post(url, {"text": PHONE}).status_code == 302
    texts = []
    for typed in (PHONE, "15400002468"):
        answer = client.post(url, {"text": typed})
        text = answer.content.decode()
        assert (answer.status_code, "no-store" in answer.headers["Cache-Control"]) == (429, True)
        assert f'value="{typed}"' in text
        texts.append(answer.context["form"].errors["text"])
        page = reverse("customer_page", args=[person.number])
        assert (page in text, "No customer found" in text) == (False, False)
    assert texts[0] == texts[1] == [
        "You have searched by a full phone, ID number or e-mail as often as a day allows "
        "(2 times), so nothing was looked up this time. Search by customer number instead, or go "
        "on tomorrow; if it cannot wait, ask a colleague or the compliance officer."
    ]  # fmt: skip
    assert kept() == [(1, 0), (2, 1), (None, None), (None, None)]
    named = client.post(url, {"text": "C7"})
    assert named.headers["Location"] == reverse("customer_page", args=["C7"])


def test_the_address_of_the_list_answers_no_full_value(
    person: Customer, client_of: ClientOf, officer: Staff
) -> None:
    client, url = client_of(officer), reverse("customer_list")
    found = {
        typed: client.get(url, {"text": typed}).headers.get("Location")
        for typed in (PHONE, "15400002468", ID_NUMBER, EMAIL)
    }
    assert set(found.values()) == {url}
    assert client.get(reverse("customer_search")).headers["Location"] == url
    assert ExactSearch.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (PHONE, "phone"),
        (ID_NUMBER.lower(), "id_number"),
        ("91330100MA27XYZ126", None),
        ("91110000600037341L", "id_number"),
        (EMAIL, "email"),
        (ADDRESS, "address"),
        ("C7", None),
        ("L-0001", None),
    ],
)
def test_the_look_up_for_rights_has_the_same_limit(
    person: Customer, client_of: ClientOf, officer: Staff, typed: str, field: str | None
) -> None:
    row_of("journeys.RevealRule", searches_per_day=1)
    LeadFactory(number="L-0001")
    client, url = client_of(officer), reverse("rights_find")
    first = client.post(url, {"text": typed})
    assert first.status_code == 200
    rows = list(ExactSearch.objects.values_list("field", "door"))
    assert rows == ([(field, "rights")] if field else [])
    again = client.post(url, {"text": typed})
    if field:
        assert (again.status_code, again.context["found"]) == (429, None)
        assert "as often as a day allows" in again.content.decode()
        assert AuditEntry.objects.filter(action="rights.searched").count() == 1
    else:
        assert again.status_code == 200


def test_the_doors_share_one_limit(person: Customer, client_of: ClientOf, officer: Staff) -> None:
    row_of("journeys.RevealRule", searches_per_day=1)
    client = client_of(officer)
    assert client.post(reverse("rights_find"), {"text": PHONE}).status_code == 200
    assert client.post(reverse("customer_search"), {"text": EMAIL}).status_code == 429


def test_a_number_finds_no_sealed_value_in_the_look_up_for_rights(
    client_of: ClientOf, officer: Staff
) -> None:
    """What is not counted asks for numbers alone."""
    row_of("journeys.RevealRule")
    CustomerFactory(email="K-1")
    answer = client_of(officer).post(reverse("rights_find"), {"text": "K-1"})
    assert (answer.context["found"], ExactSearch.objects.count()) == ([], 0)


def test_compliance_sees_who_searched_how_and_what_was_refused(client_of: ClientOf) -> None:
    row_of("journeys.RevealRule")
    today, here = clock.today(), BranchFactory()
    anna = StaffFactory(branch=here, name="安娜", username="anna", role="branch_manager")
    at = clock.start_of(today)
    rows = [
        row_of("journeys.ExactSearch", actor=anna, on_date=today, at=at, **values)
        for values in (
            {"number_of_day": 1, "found": 0},
            {"number_of_day": 2, "found": 1, "field": "email"},
            {"number_of_day": None, "found": None},
        )
    ]
    client, url = client_of("compliance"), reverse("search_list")

    def found(**asked: str) -> list[int]:
        return [rows.index(row) for row in client.get(url, asked).context["page"].rows]

    assert found() == [2, 1, 0]
    assert [found(outcome=one) for one in ("found", "nobody", "refused")] == [[1], [0], [2]]
    assert (found(field="email"), found(field="name")) == ([1], [2, 1, 0])
    assert (found(person="ANNA"), found(person="bert")) == ([2, 1, 0], [])
    assert found(last=str(today - dt.timedelta(days=1))) == []
    assert found(outcome="x", branch="nowhere") == [2, 1, 0]
    for page in (url, reverse("reveal_list")):
        days = client.get(page).context["searches"]
        assert [(day.actor, day.number, day.missed, day.refused) for day in days] == [
            (anna, 2, 1, 1)
        ]
    within, beside = Scope(here.path), Scope(BranchFactory().path)
    assert list(queries.list_searches(scope=within)) == rows[::-1]
    assert list(queries.list_searches(scope=beside)) == []
    assert queries.unusual_searches(scope=beside, first=today, last=today) == []


@pytest.mark.parametrize(
    ("number", "missed", "refused", "before", "stands_out"),
    [
        (4, 4, 0, [], False),
        (5, 0, 0, [], True),
        (5, 0, 0, [2], False),
        (9, 4, 0, [5], False),
        (10, 5, 0, [9], True),
        (11, 5, 0, [9], False),
        (23, 0, 0, [20], False),
        (24, 0, 0, [20], True),
        (1, 0, 1, [1], True),
    ],
)
def test_days_of_searches_that_stand_out(
    client_of: ClientOf,
    number: int,
    missed: int,
    refused: int,
    before: list[int],
    stands_out: bool,
) -> None:
    row_of("journeys.RevealRule", searches_per_day=30)
    today, actor = clock.today(), StaffFactory(role="branch_manager")

    def play(day: dt.date, count: int, missed: int, refused: int) -> None:
        values: dict[str, Any] = {"actor": actor, "on_date": day, "at": clock.start_of(day)}
        for place in range(1, count + 1):
            found = 0 if place <= missed else 1
            row_of("journeys.ExactSearch", **values, number_of_day=place, found=found)
        for _time in range(refused):
            row_of("journeys.ExactSearch", **values, number_of_day=None, found=None)

    play(today, number, missed, refused)
    for days, count in enumerate(before, start=1):
        play(today - dt.timedelta(days=days), count, 0, 0)
    answer = client_of("compliance").get(reverse("search_list"), {"first": str(today)})
    days = [(day.on_date, day.number) for day in answer.context["searches"]]
    assert days == ([(today, number)] if stands_out else [])
