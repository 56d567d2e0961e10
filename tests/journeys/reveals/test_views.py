"""The fragment that holds a value, and the list of who saw what."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from journeys.models import Customer, Reveal
from portal.kit import clock
from tests.factories.journeys import CustomerFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db

PHONE = "13912345678"
WORDS = "客户来电核对账单地址"


def address(customer: Customer, field: str = "phone") -> str:
    return reverse("reveal_field", args=[customer.number, field])


def given(field: str = "phone", **other: str) -> dict[str, str]:
    asked = {"kind": "complaint", "words": WORDS, **other}
    return {f"{field}-{name}": value for name, value in asked.items()}


def test_the_question_then_the_value_then_the_mask(client_of: Any) -> None:
    row_of("journeys.RevealRule", per_day=20)
    customer, client = CustomerFactory(phone=PHONE), client_of("compliance")
    asked = client.get(address(customer))
    assert PHONE not in asked.content.decode()
    assert (asked.context["used"], asked.context["allowed"]) == (0, 20)
    answer = client.post(address(customer), given())
    text = answer.content.decode()
    assert (answer.status_code, text.count(PHONE)) == (200, 1)
    assert (answer.context["used"], answer.context["allowed"]) == (1, 20)
    assert 'data-seconds="60" data-masked="139****5678"' in text
    assert "no-store" in answer.headers["Cache-Control"]
    closed = client.get(address(customer), {"closed": "1"}).content.decode()
    assert ("139****5678" in closed, PHONE in closed, "<form" in closed) == (True, False, False)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({}, 422),
        (given(kind=""), 422),
        (given(kind="mood"), 422),
        (given(words=""), 422),
        (given(words="看看"), 422),
        (given(words="x" * 501), 422),
        (given("email"), 422),
    ],
)
def test_bad_input_gets_a_sentence_and_no_value(
    client_of: Any, data: dict[str, str], status: int
) -> None:
    row_of("journeys.RevealRule")
    customer = CustomerFactory(phone=PHONE)
    answer = client_of("compliance").post(address(customer), data)
    text = answer.content.decode()
    assert (answer.status_code, PHONE in text, 'role="alert"' in text) == (status, False, True)
    assert Reveal.objects.count() == 0


def test_refusals_are_sentences_in_both_languages(client_of: Any) -> None:
    customer = CustomerFactory(phone=PHONE)
    officer = StaffFactory(role="compliance", language="en")
    client = client_of(officer)
    none = client.post(address(customer), given())
    assert (none.status_code, "No limit for revealing is in force" in none.content.decode()) == (
        409,
        True,
    )
    row_of("journeys.RevealRule", per_day=0)
    limit = client.post(address(customer), given())
    assert limit.status_code == 429
    assert "You have revealed 0 of 0 values today." in limit.content.decode()
    absent = client.post(address(customer, "address"), given("address"))
    assert (absent.status_code, "nothing to reveal" in absent.content.decode()) == (409, True)
    assert Reveal.objects.count() == 0


def test_who_may_see_the_button(client_of: Any) -> None:
    branch = BranchFactory()
    customer = CustomerFactory(branch=branch, phone=PHONE)
    page = reverse("customer_page", args=[customer.number])
    found = {}
    for role in ("compliance", "branch_manager", "campaign_manager"):
        client = client_of(StaffFactory(role=role, branch=branch))
        text = client.get(page).content.decode()
        found[role] = (address(customer) in text, "js/reveal.js" in text)
    assert found == {
        "compliance": (True, True),
        "branch_manager": (True, True),
        "campaign_manager": (False, False),
    }


def test_a_field_that_is_none_is_not_found(client_of: Any) -> None:
    row_of("journeys.RevealRule")
    client, customer = client_of("compliance"), CustomerFactory()
    for field in ("phone_sealed", "password", "card"):
        assert client.get(address(customer, field)).status_code == 404
        assert client.post(address(customer, field), given(field)).status_code == 404


def test_the_list_by_person_branch_day_and_field(client_of: Any) -> None:
    row_of("journeys.RevealRule", per_day=20)
    today = clock.today()
    here, there = BranchFactory(), BranchFactory()
    anna = StaffFactory(branch=here, name="安娜", username="anna", role="branch_manager")
    bert = StaffFactory(branch=there, name="伯特", role="branch_manager")
    old = today - dt.timedelta(days=3)
    rows = [
        row_of("journeys.Reveal", actor=anna, on_date=old, at=clock.start_of(old)),
        row_of("journeys.Reveal", actor=anna, on_date=today, at=clock.start_of(today)),
        row_of(
            "journeys.Reveal", actor=bert, on_date=today, at=clock.start_of(today), field="email"
        ),
    ]
    client, url = client_of("compliance"), reverse("reveal_list")

    def found(**asked: str) -> list[int]:
        return [rows.index(row) for row in client.get(url, asked).context["page"].rows]

    assert found() == [2, 1, 0]
    assert found(person="安") == found(person="ANNA") == found(branch=here.code) == [1, 0]
    assert found(first=str(today)) == [2, 1]
    assert found(last=str(today - dt.timedelta(days=1))) == [0]
    assert found(field="email") == [2]
    assert found(first="x", field="what", branch="nowhere") == [2, 1, 0]


@pytest.mark.parametrize(
    ("number", "before", "stands_out"),
    [
        (4, [], False),
        (5, [], True),
        (5, [2], False),
        (5, [1, 2], True),
        (6, [2], True),
        (15, [15], False),
        (16, [16], True),
    ],
)
def test_days_that_stand_out(
    client_of: Any, number: int, before: list[int], stands_out: bool
) -> None:
    row_of("journeys.RevealRule", per_day=20)
    today, actor = clock.today(), StaffFactory(role="branch_manager")
    counts = {today: number} | {
        today - dt.timedelta(days=days): count for days, count in enumerate(before, start=1)
    }
    customer = CustomerFactory()
    for day, count in counts.items():
        for place in range(1, count + 1):
            row_of(
                "journeys.Reveal", actor=actor, customer=customer, on_date=day,
                at=clock.start_of(day), number_of_day=place,
            )  # fmt: skip
    answer = client_of("compliance").get(reverse("reveal_list"), {"first": str(today)})
    days = [(day.on_date, day.number) for day in answer.context["unusual"]]
    assert days == ([(today, number)] if stands_out else [])
    assert {marked for _row, marked in answer.context["rows"]} == {stands_out}
