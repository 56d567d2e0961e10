"""A refusal holds for whoever shares phone, ID number or e-mail address with the one who said it:
a single step far, on all channels, after an erasure and after the value was taken away."""

import contextlib
import datetime as dt
import importlib
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.models import FactChange
from journeys.contact import operations as contact
from journeys.contact import queries
from journeys.contact.models import ErasedRefusal
from journeys.customers import queries as customers
from journeys.customers.enums import Trait
from journeys.customers.rules import HASH_OF
from journeys.models import Customer
from portal.kit import masking, sealed
from portal.staff.access import Scope
from tests.factories.intake import AT, counts_of, take
from tests.factories.journeys import ConsentFactory, ConsentTextFactory, CustomerFactory
from tests.factories.portal import BranchFactory
from tests.journeys.contact.test_callees import (
    Undone,
    answers,
    correct,
    erase,
    locks,
    refuse,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_first_key")]

VALUES = {
    Trait.PHONE: ("15400000001", "15400000002", "15400000003"),
    Trait.ID_NUMBER: ("11010519491231002X", "440305199003070049", "110105199003078895"),
    Trait.EMAIL: ("wang@mail.example.cn", "li@mail.example.cn", "zhao@mail.example.cn"),
}
PHONES = VALUES[Trait.PHONE]
REFUSED, OPEN = "do_not_contact", "open"
HEAD = "number,name,phone,id_number,email,branch,registered_date,lawful_basis\n"
TRAITS = pytest.mark.parametrize("trait", list(Trait))


def person(trait: Trait, value: str, **values: Any) -> Customer:
    """A customer with a phone of the own, but for what is given, who agreed to marketing."""
    return agreed(CustomerFactory(**{trait.value: value}, **values))


def agreed(customer: Customer) -> Customer:
    for channel in ("sms", "email"):
        ConsentFactory(customer=customer, channel=channel)
    return customer


def put(customer: Customer, trait: Trait, value: str | None) -> None:
    """The value with all that follows from it, as every way of writing puts it."""
    name, mask = trait.value, getattr(masking, f"mask_{trait.value}")
    Customer.objects.filter(pk=customer.pk).update(
        **{
            f"{name}_sealed": sealed.seal(value, f"customer.{name}") if value else None,
            f"{name}_index": sealed.blind_index(value, name) if value else None,
            f"{name}_masked": mask(value) if value else "",
            HASH_OF[trait]: customers.hash_of(trait, value) if value else None,
        }
    )


@TRAITS
def test_who_shares_something_with_one_who_refused_is_barred(trait: Trait) -> None:
    one, two = person(trait, VALUES[trait][0]), person(trait, VALUES[trait][0])
    stranger = person(trait, VALUES[trait][1])
    assert answers(one, two, stranger) == [OPEN, OPEN, OPEN]
    refuse(one)
    assert answers(one, two, stranger) == [REFUSED, REFUSED, OPEN]
    for channel in ("sms", "email", "phone"):
        found = queries.ask_gate(
            customer_ids=[two.pk], purpose="marketing", channels=[channel], dedup_key="A", at=AT
        )
        assert found[0].answer == REFUSED
    service = queries.ask_gate(
        customer_ids=[two.pk], purpose="service", channels=["sms"], dedup_key="A", at=AT
    )
    assert service[0].answer == OPEN
    # Another value frees; what is taken from one who did not refuse is free.
    put(two, trait, VALUES[trait][1])
    assert answers(two) == [OPEN]
    assert ErasedRefusal.objects.count() == 0


def test_it_does_not_go_on_from_who_shares_to_who_shares_something_else() -> None:
    """A couple shares an e-mail address, one of them the phone with a third."""
    phone, email = VALUES[Trait.PHONE][0], VALUES[Trait.EMAIL][0]
    one = person(Trait.EMAIL, email)
    two = person(Trait.EMAIL, email, phone=phone)
    three = person(Trait.PHONE, phone)
    refuse(one)
    assert answers(one, two, three) == [REFUSED, REFUSED, OPEN]


def test_a_hash_of_one_kind_is_none_of_another() -> None:
    """The same text as phone and as e-mail address is not the same person."""
    hashes = {customers.hash_of(trait, "15400000001") for trait in Trait}
    assert len(hashes) == len(Trait)


@TRAITS
@pytest.mark.parametrize("way", ["file", "correction", "row", "erasure"])
def test_what_is_taken_away_stays_barred(tmp_path: Path, trait: Trait, way: str) -> None:
    branch, value = BranchFactory(code="B001"), VALUES[trait][0]
    nothing = {f"{one.value}_{end}": None for one in (Trait.PHONE, Trait.EMAIL) if one != trait
               for end in ("sealed", "index")}  # fmt: skip
    gone = CustomerFactory(
        **{trait.value: value}, **nothing, number="C1", name="王小明", branch=branch
    )
    other = person(trait, value, branch=branch)
    refuse(gone)
    refuse(gone, at=AT - dt.timedelta(days=9))
    FactChange.objects.all().delete()
    if way == "file":
        line = "C1,王小明,,,,B001,2026-03-02,contract\n"
        assert counts_of(take(tmp_path, "customers", HEAD + line)) == (0, 1, 0, 0)
    elif way == "correction":
        correct(gone, "", trait)
    elif way == "row":
        put(gone, trait, None)
    else:
        erase(gone)
    kept = ErasedRefusal.objects.get()
    assert (kept.kind, bytes(kept.value_hash), kept.refused_date) == (
        trait, customers.hash_of(trait, value), dt.date(2026, 5, 23),
    )  # fmt: skip
    assert other.pk in set(FactChange.objects.values_list("customer_id", flat=True))
    newcomer = agreed(CustomerFactory(branch=branch))
    assert answers(other, newcomer) == [REFUSED, OPEN]
    line = {one: VALUES[one][2] for one in Trait} | {trait: value}
    row = f"{newcomer.number},赵明,{','.join(line.values())},B001,2026-03-02,contract\n"
    assert counts_of(take(tmp_path, "customers", HEAD + row)) == (0, 1, 0, 0)
    assert answers(newcomer) == [REFUSED]
    correct(newcomer, VALUES[trait][1], trait)
    assert answers(newcomer) == [OPEN]


def test_all_three_are_kept_of_an_erased_person() -> None:
    values = {trait.value: VALUES[trait][0] for trait in Trait}
    one = CustomerFactory(**values)
    refuse(one)
    erase(one)
    assert set(ErasedRefusal.objects.values_list("kind", flat=True)) == set(Trait)
    for trait in Trait:
        assert answers(person(trait, VALUES[trait][0])) == [REFUSED]


@TRAITS
def test_whoever_refuses_locks_all_who_share_something(trait: Trait, tmp_path: Path) -> None:
    """By hand and by file."""
    one = person(trait, VALUES[trait][0], number="C1")
    two, _far = person(trait, VALUES[trait][0]), person(trait, VALUES[trait][1])
    row = (
        "reference,customer,said_date,said_time,source,words\nR1,C1,2026-05-20,10:00:00,call,别打\n"
    )
    for speak in (lambda: refuse(one), lambda: take(tmp_path, "do_not_contact", row)):
        with transaction.atomic():
            before = locks()
            speak()
            assert {pk for pk, _by in locks() - before} == {one.pk, two.pk}
            transaction.set_rollback(True)


@TRAITS
def test_the_page_tells_what_is_shared(trait: Trait) -> None:
    one, two = person(trait, VALUES[trait][0]), person(trait, VALUES[trait][0])
    refuse(one)
    found = queries.customer_and_refusals(scope=Scope(""), number=two.number)
    assert found is not None
    assert [(bar.number, bar.shared) for bar in found[1].others] == [(one.number, (trait,))]
    erase(one)
    found = queries.customer_and_refusals(scope=Scope(""), number=two.number)
    assert found is not None
    assert [(bar.is_erased, bar.shared) for bar in found[1].others] == [(True, (trait,))]


def test_the_page_names_all_that_is_shared_at_once() -> None:
    values = {trait.value: VALUES[trait][0] for trait in Trait}
    one, two = CustomerFactory(**values), CustomerFactory(**values)
    refuse(one)
    for _again in range(2):
        found = queries.customer_and_refusals(scope=Scope(""), number=two.number)
        assert found is not None
        (bar,) = found[1].others
        assert bar.shared == tuple(Trait)
        erase(Customer.objects.get(pk=one.pk)) if not bar.is_erased else None
    assert bar.is_erased


# --- in any order, against plain sets ------------------------------------------------------------
class Naive:
    """Who must not be contacted, from what was done."""

    def __init__(self, held: list[dict[Trait, str | None]]) -> None:
        self.held = dict(enumerate(held))
        self.refused: set[int] = set()
        self.listed: set[tuple[Trait, str]] = set()

    def put(self, who: int, trait: Trait, value: str | None) -> None:
        was = self.held[who][trait]
        if value is None and was is not None and who in self.refused:
            self.listed.add((trait, was))
        self.held[who][trait] = value

    def erase(self, who: int) -> None:
        for trait in Trait:
            self.put(who, trait, None)
        del self.held[who]

    def answer(self, who: int) -> str:
        own = self.held[who]
        spoken = {(trait, self.held[other][trait])
                  for other in self.refused if other in self.held for trait in Trait}  # fmt: skip
        if who in self.refused or {(trait, value) for trait, value in own.items() if value} & (
            spoken | self.listed
        ):
            return REFUSED
        return OPEN if own[Trait.PHONE] or own[Trait.EMAIL] else "no_address"


_WHO, _WHICH = st.integers(0, 3), st.integers(0, 2)
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), _WHO, st.sampled_from(Trait), st.none() | _WHICH),
        st.tuples(st.just("refuse"), _WHO),
        st.tuples(st.just("erase"), _WHO),
    ),
    min_size=1,
    max_size=9,
)
_HELD = st.fixed_dictionaries({trait: st.none() | _WHICH for trait in Trait})


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=_STEPS, held=st.lists(_HELD, min_size=4, max_size=4))
def test_values_refusals_and_erasures_in_any_order(
    steps: list[tuple[Any, ...]], held: list[dict[Trait, int | None]]
) -> None:
    with contextlib.suppress(Undone), transaction.atomic():
        walk(steps, [{trait: _value(trait, which) for trait, which in one.items()} for one in held])
        raise Undone


def _value(trait: Trait, which: int | None) -> str | None:
    return None if which is None else VALUES[trait][which]


def walk(steps: list[tuple[Any, ...]], held: list[dict[Trait, str | None]]) -> None:
    text, branch, naive, people = ConsentTextFactory(), BranchFactory(), Naive(held), []
    for place in range(len(held)):
        row = CustomerFactory(name=f"甲乙{place}号", branch=branch)
        for trait, value in held[place].items():
            put(row, trait, value)
        for channel in ("sms", "email"):
            ConsentFactory(customer=row, channel=channel, text=text)
        people.append(row)
    for name, who, *about in steps:
        if who not in naive.held:
            continue  # the dead do nothing any more
        if name == "put":
            trait, value = about[0], _value(*about)
            put(people[who], trait, value)
            naive.put(who, trait, value)
        elif name == "refuse":
            refuse(people[who])
            naive.refused.add(who)
        else:
            erase(Customer.objects.get(pk=people[who].pk))
            naive.erase(who)
        alive = sorted(naive.held)
        found = answers(*(people[one] for one in alive)) if alive else []
        assert found == [naive.answer(one) for one in alive], (name, who, *about)


# --- what stood there before ---------------------------------------------------------------------
def test_the_migration_fills_what_stands_there_and_names_what_does_not_open() -> None:
    filling = importlib.import_module("journeys.migrations.0098_bearers_and_readers_filled")
    values = {trait.value: VALUES[trait][0] for trait in (Trait.ID_NUMBER, Trait.EMAIL)}
    full, nobody = CustomerFactory(**values), CustomerFactory(email_sealed=None, email_index=None)
    wanted = [bytes(full.bearer), bytes(full.reader)]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in ("customer_id_number_with_bearer", "customer_email_with_reader"):
            cursor.execute(f"ALTER TABLE journeys_customer DROP CONSTRAINT {name}")
    Customer.objects.update(bearer=None, reader=None)
    filling.fill(None, None)
    full.refresh_from_db()
    nobody.refresh_from_db()
    assert [bytes(full.bearer), bytes(full.reader)] == wanted
    assert (nobody.bearer, nobody.reader) == (None, None)
    Customer.objects.update(bearer=None, reader=None)
    broken = person(Trait.ID_NUMBER, VALUES[Trait.ID_NUMBER][1])
    Customer.objects.filter(pk=broken.pk).update(
        id_number_sealed=b"\x09" + bytes(40), bearer=None, reader=None
    )
    with pytest.raises(filling.Unopened, match=rf"1 values .* rows {broken.pk} \(id_number\) of"):
        filling.fill(None, None)
    # All else is filled all the same.
    for row in (full, broken):
        row.refresh_from_db()
    assert [bytes(full.bearer), bytes(full.reader)] == wanted
    assert (broken.bearer, broken.reader is None) == (None, False)


def test_a_second_word_binds_all_the_same() -> None:
    """Also one that is said after the first one's value went."""
    one, two = (person(Trait.EMAIL, VALUES[Trait.EMAIL][0]) for _place in range(2))
    refuse(one)
    put(one, Trait.EMAIL, None)
    contact.record_do_not_contact(
        customer_id=one.pk, words="再说一次", source="call", actor=None, at=AT
    )
    assert answers(one, two) == [REFUSED, REFUSED]


def test_a_word_by_sms_is_taken_for_the_word_of_each_who_may_have_said_it() -> None:
    """0127: nobody tells who of those with the phone wrote, so each stays barred with a new one,
    and whoever shares an e-mail address with one of them is barred as well."""
    one, two, three = (person(Trait.PHONE, PHONES[place]) for place in (0, 0, 1))
    for customer in (two, three):
        put(customer, Trait.EMAIL, VALUES[Trait.EMAIL][0])
    said = contact.refuse_by_phone(phone=PHONES[0], words="TD", source="sms", at=AT)
    assert said == [one.pk, two.pk]
    put(two, Trait.PHONE, PHONES[2])
    assert answers(one, two, three) == [REFUSED] * 3
