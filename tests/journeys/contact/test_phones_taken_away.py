"""What becomes of a refusal when the phone of the one who refused is taken away."""

import datetime as dt
from pathlib import Path

import pytest

from campaigns.models import FactChange
from journeys.contact.models import ErasedRefusal
from journeys.customers import queries as customers
from tests.factories.intake import AT, counts_of, take
from tests.factories.journeys import (
    CustomerFactory,
)
from tests.factories.portal import BranchFactory
from tests.journeys.contact.test_callees import (
    HEAD,
    OTHER,
    PHONE,
    answers,
    correct,
    erase,
    put_phone,
    refuse,
    with_phone,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_first_key")]


@pytest.mark.parametrize("way", ["file", "correction", "row"])
def test_a_phone_that_is_taken_away_stays_barred(tmp_path: Path, way: str) -> None:
    """Nothing was told of a new phone: the old one is as if its owner had been erased."""
    branch = BranchFactory(code="B001")
    person = CustomerFactory(phone=PHONE, number="C1", name="王小明", branch=branch)
    other, stranger = with_phone(branch=branch), with_phone(OTHER, branch=branch)
    refuse(person)
    refuse(person, at=AT - dt.timedelta(days=9))
    FactChange.objects.all().delete()
    if way == "file":
        line = "C1,王小明,,B001,2026-03-02,contract\n"
        assert counts_of(take(tmp_path, "customers", HEAD + line)) == (0, 1, 0, 0)
    elif way == "correction":
        correct(person, "")
    else:
        put_phone(person, None)
    kept = ErasedRefusal.objects.get()
    assert (kept.kind, bytes(kept.value_hash), kept.refused_date) == (
        "phone", customers.callee_of(PHONE), dt.date(2026, 5, 23),
    )  # fmt: skip
    assert set(FactChange.objects.values_list("customer_id", flat=True)) == {person.pk, other.pk}
    assert answers(person, other, stranger, with_phone()) == [
        "do_not_contact", "do_not_contact", "open", "do_not_contact",
    ]  # fmt: skip
    erase(person)
    assert answers(other, stranger) == ["do_not_contact", "open"]
    assert ErasedRefusal.objects.get(kind="phone") == kept


def test_a_phone_that_is_taken_away_from_who_did_not_refuse_is_free() -> None:
    person, other = with_phone(), with_phone()
    put_phone(person, None)
    refuse(person)
    assert (ErasedRefusal.objects.count(), answers(other)) == (0, ["open"])


def test_who_did_not_refuse_leaves_nothing_behind() -> None:
    person, other = CustomerFactory(phone=PHONE), with_phone()
    erase(person)
    assert ErasedRefusal.objects.count() == 0
    assert answers(other) == ["open"]


def test_a_phone_that_was_given_up_is_free_before_and_after_the_erasure() -> None:
    person, other = CustomerFactory(phone=PHONE), with_phone()
    refuse(person)
    assert answers(other) == ["do_not_contact"]
    put_phone(person, OTHER)
    assert answers(other) == ["open"]
    erase(person)
    assert answers(other, with_phone(OTHER)) == ["open", "do_not_contact"]


def test_who_refused_without_phone_id_number_and_email_leaves_nothing_behind() -> None:
    nothing = {
        f"{field}_{end}": None for field in ("phone", "email") for end in ("sealed", "index")
    }
    person = CustomerFactory(**nothing)
    refuse(person)
    erase(person)
    assert ErasedRefusal.objects.count() == 0


@pytest.mark.parametrize("is_first_erased_first", [True, False])
def test_two_who_refused_with_one_phone_are_kept_once(is_first_erased_first: bool) -> None:
    """With the day of the earlier word, whoever is erased first."""
    pair = [CustomerFactory(phone=PHONE, name=name) for name in ("甲乙丙", "丁戊己")]
    for place, person in enumerate(pair):
        refuse(person, at=AT - dt.timedelta(days=(9, 8)[place]))
    for person in pair if is_first_erased_first else pair[::-1]:
        erase(person)
    assert ErasedRefusal.objects.get(kind="phone").refused_date == dt.date(2026, 5, 23)
