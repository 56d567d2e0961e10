"""A refusal holds for whoever answers the phone: while keys change, after the one who said it was
erased, and for those who come later; and no longer than it should."""

import contextlib
import datetime as dt
import importlib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as keys
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journeys.contact import operations as contact
from journeys.contact import queries
from journeys.contact.models import DoNotContact, ErasedRefusal
from journeys.customers import queries as customers
from journeys.customers.enums import Trait
from journeys.customers.rules import HASH_OF
from journeys.models import Customer, Erasure
from journeys.rights import operations as rights
from portal.kit import masking, rotation, sealed
from portal.kit.fields import sealed_tables
from tests.factories.intake import AT, counts_of, take
from tests.factories.journeys import (
    ConsentFactory,
    ConsentTextFactory,
    CustomerFactory,
)
from tests.factories.portal import BranchFactory, StaffFactory
from tests.factories.rights import allowed, take_in
from tests.journeys.contact.conftest import FIRST_KEY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_first_key")]

PHONE, OTHER = "15400000001", "15400000002"
FIRST, SECOND = FIRST_KEY, b"2" * 32
HEAD = "number,name,phone,branch,registered_date,lawful_basis\n"
REFUSALS = "reference,customer,said_date,said_time,source,words\n"


def with_phone(phone: str = PHONE, **values: Any) -> Customer:
    """A customer who agreed to marketing."""
    return ConsentFactory(customer=CustomerFactory(phone=phone, **values)).customer


def refuse(customer: Customer, at: dt.datetime = AT) -> DoNotContact:
    return contact.record_do_not_contact(
        customer_id=customer.pk, words="别再联系", source="call", actor=None, at=at
    )


def answers(*asked: Customer) -> list[str]:
    """What the gate says of each; it says the same of all in one question as of each alone."""
    question: Any = {
        "purpose": "marketing", "channels": ["sms", "email"], "dedup_key": "A", "at": AT,
    }  # fmt: skip
    ids = [customer.pk for customer in asked]
    said = {
        each.customer_id: each.answer for each in queries.ask_gate(customer_ids=ids, **question)
    }
    for pk in ids:
        assert queries.ask_gate(customer_ids=[pk], **question)[0].answer == said[pk]
    return [said[pk] for pk in ids]


def erase(customer: Customer) -> Erasure:
    erasure = allowed(customer)
    return rights.carry_out(erasure_id=erasure.pk, at=AT)


class Stopped(Exception):
    """The change of keys is killed."""


def rotate(stop_after: int | None = None) -> None:
    """The change of keys of customers, one row at a time, killed after so many."""
    table = next(table for table in sealed_tables() if table.model is Customer)

    def told(_last: int, done: int) -> None:
        if done == stop_after:
            raise Stopped

    with contextlib.suppress(Stopped):
        rotation.rotate(table, progress=told, batch=1)


# --- the change of keys ------------------------------------------------------------------------
@pytest.mark.parametrize("refuses", ["before", "half-way", "after"])
@pytest.mark.parametrize("who", [0, 1])
def test_a_refusal_holds_while_keys_change(settings: Any, refuses: str, who: int) -> None:
    pair, stranger = [with_phone(), with_phone()], with_phone(OTHER)
    if refuses == "before":
        refuse(pair[who])
    settings.FIELD_KEYS = settings.BLIND_INDEX_KEYS = {1: FIRST, 2: SECOND}
    rotate(stop_after=1)
    indexes = [bytes(Customer.objects.get(pk=each.pk).phone_index) for each in pair]
    assert [len(index) for index in indexes] == [17, 16]
    if refuses == "half-way":
        refuse(pair[who])
    held = ["open"] * 2 if refuses == "after" else ["do_not_contact"] * 2
    assert answers(*pair, stranger) == [*held, "open"]
    rotate()
    if refuses == "after":
        refuse(pair[who])
    assert answers(*pair, stranger) == ["do_not_contact", "do_not_contact", "open"]
    newcomer = with_phone()
    assert answers(newcomer) == ["do_not_contact"]
    callees = Customer.objects.exclude(pk=stranger.pk).values_list("callee", flat=True)
    assert {bytes(callee) for callee in callees} == {customers.callee_of(PHONE)}


def test_without_the_first_key_no_phone_is_taken(settings: Any) -> None:
    settings.BLIND_INDEX_KEYS = {2: SECOND}
    with pytest.raises(sealed.SealBroken):
        with_phone()
    assert Customer.objects.count() == 0


def test_whoever_refuses_locks_all_with_the_phone_half_way(settings: Any, tmp_path: Path) -> None:
    """By hand and by file: those of the newer key, and of the older one."""
    old, _far = with_phone(number="C1"), with_phone(OTHER)
    settings.BLIND_INDEX_KEYS = {1: FIRST, 2: SECOND}
    new = with_phone(number="C2")
    for speaker in (old, new):
        for speak in (
            lambda speaker: refuse(speaker),
            lambda speaker: take(
                tmp_path, "do_not_contact",
                f"{REFUSALS}R{speaker.pk},{speaker.number},2026-05-20,10:00:00,call,别打了\n",
            ),
        ):  # fmt: skip
            with transaction.atomic():
                before = locks()
                speak(speaker)
                assert {pk for pk, _by in locks() - before} == {old.pk, new.pk}
                transaction.set_rollback(True)


def locks() -> set[tuple[int, str]]:
    """The customers, each with the transaction that locked its row last."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, xmax::text FROM journeys_customer")
        return set(cursor.fetchall())


# --- erasure -----------------------------------------------------------------------------------
def test_an_erased_persons_refusal_holds_for_those_there_and_those_to_come(tmp_path: Path) -> None:
    branch = BranchFactory(code="B001")
    person = CustomerFactory(phone=PHONE, branch=branch)
    other, stranger = with_phone(branch=branch), with_phone(OTHER, branch=branch)
    refuse(person, at=AT - dt.timedelta(days=9))
    refuse(person)
    erase(person)
    assert answers(other, stranger) == ["do_not_contact", "open"]
    kept = ErasedRefusal.objects.get(kind="phone")
    assert (bytes(kept.value_hash), kept.refused_date) == (
        customers.callee_of(PHONE), dt.date(2026, 5, 23),
    )  # fmt: skip
    line = f"N1,王小明,{PHONE},B001,2026-03-02,contract\n"
    assert counts_of(take(tmp_path, "customers", HEAD + line)) == (1, 0, 0, 0)
    newcomer = Customer.objects.get(number="N1")
    ConsentFactory(customer=newcomer)
    assert answers(newcomer) == ["do_not_contact"]
    # Another phone frees; the phone of the list binds whoever comes to it.
    line = f"N1,王小明,{OTHER},B001,2026-03-02,contract\n"
    assert counts_of(take(tmp_path, "customers", HEAD + line)) == (0, 1, 0, 0)
    assert answers(newcomer) == ["open"]
    correct(stranger, PHONE)
    assert answers(stranger) == ["do_not_contact"]
    correct(stranger, "")
    assert answers(stranger) == ["no_address"]


def correct(customer: Customer, value: str, trait: Trait = Trait.PHONE) -> None:
    asked = take_in(customer, kind="correct")
    rights.correct(
        request_id=asked.pk, field=trait.value, value=value, reason="证件",
        actor=StaffFactory(role="compliance"), at=AT,
    )  # fmt: skip
    held = getattr(Customer.objects.get(pk=customer.pk), HASH_OF[trait])
    assert (None if held is None else bytes(held)) == (
        customers.hash_of(trait, value) if value else None
    )


def test_the_keys_may_change_after_the_erasure(settings: Any) -> None:
    person, other = CustomerFactory(phone=PHONE), with_phone()
    refuse(person)
    erase(person)
    settings.FIELD_KEYS = settings.BLIND_INDEX_KEYS = {1: FIRST, 2: SECOND}
    newcomer = with_phone()
    rotate(stop_after=1)
    assert answers(other, newcomer) == ["do_not_contact"] * 2
    rotate()
    assert answers(other, newcomer) == ["do_not_contact"] * 2


def put_phone(customer: Customer, phone: str | None) -> None:
    if phone is None:
        Customer.objects.filter(pk=customer.pk).update(
            phone_sealed=None, phone_index=None, phone_masked="", callee=None
        )
        return
    Customer.objects.filter(pk=customer.pk).update(
        phone_sealed=sealed.seal(phone, "customer.phone"),
        phone_index=sealed.blind_index(phone, "phone"),
        phone_masked=masking.mask_phone(phone),
        callee=customers.callee_of(phone),
    )


class Undone(Exception):
    """Takes an example's rows away again."""


_PHONES = [f"1540000001{number}" for number in range(3)]
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("phone"), st.integers(0, 3), st.integers(0, 2)),
        st.tuples(st.just("blank"), st.integers(0, 3)),
        st.tuples(st.just("refuse"), st.integers(0, 3)),
        st.tuples(st.just("erase"), st.integers(0, 3)),
        st.tuples(st.just("key"), st.integers(1, 2)),
        st.tuples(st.just("rotate"), st.integers(1, 3)),
    ),
    min_size=1,
    max_size=9,
)


class Naive:
    """Who must not be contacted, from what was done, in plain sets."""

    def __init__(self, phones: list[str]) -> None:
        self.phones: dict[int, str | None] = dict(enumerate(phones))
        self.refused: set[int] = set()
        self.listed: set[str | None] = set()

    def blank(self, who: int) -> None:
        if who in self.refused:
            self.listed.add(self.phones[who])
        self.phones[who] = None

    def erase(self, who: int) -> None:
        self.blank(who)
        del self.phones[who]

    def answer(self, who: int) -> str:
        of_living = {self.phones[each] for each in self.refused if each in self.phones}
        phone = self.phones[who]
        if who in self.refused or (phone and phone in of_living | self.listed):
            return "do_not_contact"
        return "open" if phone else "no_address"


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=_STEPS, phones=st.lists(st.sampled_from(_PHONES), min_size=4, max_size=4))
def test_phones_refusals_erasures_and_keys_in_any_order(
    steps: list[tuple[Any, ...]], phones: list[str]
) -> None:
    keys.FIELD_KEYS = keys.BLIND_INDEX_KEYS = {1: FIRST, 2: SECOND}
    with contextlib.suppress(Undone), transaction.atomic():
        walk(steps, phones)
        raise Undone


class Walk:
    """The steps, done to real rows and to the naive ones; the dead do nothing any more."""

    def __init__(self, phones: list[str]) -> None:
        text, branch = ConsentTextFactory(), BranchFactory()
        rows = [
            CustomerFactory(phone=phone, name=f"甲乙{place}号", branch=branch)
            for place, phone in enumerate(phones)
        ]
        self.people = [ConsentFactory(customer=row, text=text).customer for row in rows]
        self.naive = Naive(phones)

    def step(self, name: str, *values: int) -> None:
        if name == "key":
            keys.BLIND_INDEX_KEY_IN_USE = values[0]
        elif name == "rotate":
            rotate(*values)
        elif values[0] in self.naive.phones:
            getattr(self, name)(*values)

    def phone(self, who: int, phone: int) -> None:
        put_phone(self.people[who], _PHONES[phone])
        self.naive.phones[who] = _PHONES[phone]

    def blank(self, who: int) -> None:
        put_phone(self.people[who], None)
        self.naive.blank(who)

    def refuse(self, who: int) -> None:
        refuse(self.people[who])
        self.naive.refused.add(who)

    def erase(self, who: int) -> None:
        erase(self.people[who])
        self.naive.erase(who)


def walk(steps: list[tuple[Any, ...]], phones: list[str]) -> None:
    keys.BLIND_INDEX_KEY_IN_USE = 1
    done = Walk(phones)
    for step in steps:
        done.step(*step)
        alive = sorted(done.naive.phones)
        found = answers(*(done.people[who] for who in alive)) if alive else []
        assert found == [done.naive.answer(who) for who in alive], step


# --- what stood there before -------------------------------------------------------------------
def test_the_migration_fills_what_stands_there_and_names_what_does_not_open() -> None:
    filling = importlib.import_module("journeys.migrations.0062_callees_filled")
    pair = [with_phone(), with_phone()]
    nobody = CustomerFactory(phone_sealed=None, phone_index=None, phone_masked="")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE journeys_customer DROP CONSTRAINT customer_phone_with_callee")
    Customer.objects.update(callee=None)
    refuse(pair[0])
    assert answers(*pair) == ["do_not_contact", "open"]
    filling.fill(None, None)
    assert answers(*pair) == ["do_not_contact", "do_not_contact"]
    nobody.refresh_from_db()
    assert nobody.callee is None
    Customer.objects.update(callee=None)
    broken = with_phone(OTHER)
    Customer.objects.filter(pk=broken.pk).update(phone_sealed=b"\x09" + bytes(40), callee=None)
    with pytest.raises(filling.Unopened, match=rf"1 phones .* rows {broken.pk} of"):
        filling.fill(None, None)
    # The others are filled all the same.
    assert answers(*pair) == ["do_not_contact", "do_not_contact"]
