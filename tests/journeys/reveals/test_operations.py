"""A value is shown after it is counted and recorded, and otherwise not at all."""

import datetime as dt
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation

from journeys.models import Customer, Reveal, RevealRule
from journeys.reveals import operations as reveals
from portal.models import AuditEntry, Staff
from tests.factories.journeys import INSTANT, CustomerFactory
from tests.factories.portal import StaffFactory
from tests.project.rows import DAY, row_of

pytestmark = pytest.mark.django_db

ID_NUMBER = "44030519880615003X"
ADDRESS = "浙江省杭州市西湖区文三路100号3幢201室"
WORDS = "客户来电核对账单地址"


@pytest.fixture
def person() -> Customer:
    return CustomerFactory(
        phone="13912345678",
        email="wang@mail.example.cn",
        address=ADDRESS,
        id_number=ID_NUMBER,
    )


@pytest.fixture
def officer() -> Staff:
    return StaffFactory(role="compliance")


def ask(customer: Customer, actor: Staff, field: str = "phone", **given: Any) -> reveals.Revealed:
    usual = {"kind": "complaint", "words": WORDS, "at": INSTANT}
    return reveals.reveal(customer=customer, field=field, actor=actor, **{**usual, **given})


def kept() -> tuple[int, int]:
    made = AuditEntry.objects.filter(action="reveal.made").count()
    return Reveal.objects.count(), made


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phone", "13912345678"),
        ("id_number", ID_NUMBER),
        ("email", "wang@mail.example.cn"),
        ("address", ADDRESS),
        ("name", "王小明"),
    ],
)
def test_a_value_is_shown_and_recorded_without_itself(
    person: Customer, officer: Staff, field: str, value: str
) -> None:
    row_of("journeys.RevealRule", per_day=20)
    revealed = ask(person, officer, field)
    assert revealed.value == value
    row = Reveal.objects.get()
    assert (row.customer, row.actor, row.branch) == (person, officer, officer.branch)
    assert (row.field, row.kind, row.words) == (field, "complaint", WORDS)
    assert (row.at, row.on_date, row.number_of_day, row.allowed) == (INSTANT, DAY, 1, 20)
    entry = AuditEntry.objects.get(action="reveal.made")
    assert (entry.actor, entry.target_label, entry.reason) == (officer, person.number, WORDS)
    assert entry.changes == {
        "field": field,
        "kind": "complaint",
        "number_of_day": 1,
        "allowed": 20,
    }
    assert value not in str(list(AuditEntry.objects.values())) + str(list(Reveal.objects.values()))


def test_numbers_in_the_reason_are_masked(person: Customer, officer: Staff) -> None:
    row_of("journeys.RevealRule")
    ask(person, officer, words="来电号码 13912345678 核对")
    assert Reveal.objects.get().words == "来电号码 139****5678 核对"
    assert AuditEntry.objects.get(action="reveal.made").reason == "来电号码 139****5678 核对"


def test_without_a_rule_nothing_is_shown(person: Customer, officer: Staff) -> None:
    row_of("journeys.RevealRule", effective_date=DAY + dt.timedelta(days=1))
    with pytest.raises(reveals.NoRule):
        ask(person, officer)
    assert kept() == (0, 0)


def test_the_limit_is_of_a_person_and_a_day(person: Customer, officer: Staff) -> None:
    row_of("journeys.RevealRule", per_day=2)
    numbers = [ask(person, officer).reveal.number_of_day for _time in range(2)]
    assert numbers == [1, 2]
    with pytest.raises(reveals.LimitReached):
        ask(person, officer, "email")
    assert kept() == (2, 2)
    assert ask(person, StaffFactory(role="compliance")).reveal.number_of_day == 1
    # The bank's day ends at midnight in Shanghai: 16:00 UTC.
    with pytest.raises(reveals.LimitReached):
        ask(person, officer, at=INSTANT.replace(hour=15, minute=59, second=59))
    assert ask(person, officer, at=INSTANT.replace(hour=16)).reveal.number_of_day == 1


def test_the_youngest_rule_in_force_counts(person: Customer, officer: Staff) -> None:
    row_of("journeys.RevealRule", effective_date=DAY - dt.timedelta(days=9), per_day=5)
    row_of("journeys.RevealRule", effective_date=DAY, per_day=0)
    with pytest.raises(reveals.LimitReached):
        ask(person, officer)
    before = INSTANT - dt.timedelta(days=1)
    assert ask(person, officer, at=before).reveal.allowed == 5


def test_a_short_reason_is_refused(person: Customer, officer: Staff) -> None:
    row_of("journeys.RevealRule", reason_length=8)
    said = []
    for words in ("看一下", "aaaaaaaa"):
        with translation.override("en"), pytest.raises(reveals.NoReason) as refused:
            ask(person, officer, words=words)
        said.append(str(refused.value))
    assert said == [
        "The reason is too short. Write at least 8 characters: what the value is needed for.",
        "The reason repeats the same characters. Say in words what the value is needed for, such "
        "as: the customer asks whether the number is right.",
    ]
    assert kept() == (0, 0)


def test_what_is_not_held_is_not_counted(officer: Staff) -> None:
    row_of("journeys.RevealRule")
    company = CustomerFactory(kind="company", name="杭州恒信商贸有限公司")
    for field in ("address", "id_number", "name"):
        with pytest.raises(reveals.NothingHeld):
            ask(company, officer, field)
    assert kept() == (0, 0)


def test_a_value_that_does_not_open_is_not_counted(person: Customer, officer: Staff) -> None:
    row_of("journeys.RevealRule")
    person.phone_sealed = b"\x09" + bytes(40)
    with pytest.raises(reveals.CannotBeOpened):
        ask(person, officer)
    assert kept() == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_inside_another_transaction_nothing_is_shown(person: Customer, officer: Staff) -> None:
    """It could be rolled back after the value is out."""
    row_of("journeys.RevealRule")
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        ask(person, officer)
    assert kept() == (0, 0)


def test_a_rule_is_set_once_a_day_and_recorded() -> None:
    rule = reveals.set_usual_rule(effective_date=DAY, at=INSTANT)
    assert (rule.per_day, rule.reason_length) == (20, 8)
    entry = AuditEntry.objects.get(action="reveal_rule.set")
    assert entry.changes == {
        "per_day": 20, "searches_per_day": 30, "dials_per_day": 300, "reason_length": 8,
    }  # fmt: skip
    with pytest.raises(reveals.RuleNotAllowed):
        reveals.set_usual_rule(effective_date=DAY, at=INSTANT)
    assert RevealRule.objects.count() == 1
