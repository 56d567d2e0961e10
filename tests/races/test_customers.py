"""A file of customers, and those who lock several of them, follow one another in whatever order
the file names them: no word is lost, and no file is refused."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import transaction

from journeys.contact import operations as contact
from journeys.contact.models import Contact, DoNotContact, ErasedRefusal
from journeys.customers import queries as customers
from journeys.customers.enums import Trait
from journeys.customers.models import Customer
from journeys.rights import operations as rights
from portal.kit import sealed
from tests.factories.intake import AT, counts_of, take
from tests.factories.journeys import (
    ConsentFactory,
    ContactRuleFactory,
    CustomerFactory,
    LeadFactory,
)
from tests.factories.portal import BranchFactory
from tests.factories.rights import take_in
from tests.races.threads import in_threads, wait_for

pytestmark = pytest.mark.django_db(transaction=True)

PHONE, OTHER = "15400000001", "15400000002"
SHARED = {Trait.ID_NUMBER: "11010519491231002X", Trait.EMAIL: "wang@mail.example.cn"}
HEAD = "number,name,phone,branch,registered_date,lawful_basis\n"


def refuse(ids: list[int]) -> None:
    contact.record_do_not_contact(
        customer_id=ids[0], words="别再联系", source="call", actor=None, at=AT
    )


def refuse_by_file(folder: Path) -> None:
    (folder / "words").mkdir()
    take(
        folder / "words", "do_not_contact",
        "reference,customer,said_date,said_time,source,words\n"
        "R1,C1,2026-05-20,10:00:00,call,别再联系\n",
    )  # fmt: skip


def reserve(ids: list[int]) -> None:
    contact.reserve_contacts(
        customer_ids=ids, purpose="service", channels=["sms"], origin="race", dedup_key="race",
        at=AT,
    )  # fmt: skip


@pytest.mark.parametrize("phone", [PHONE, OTHER, ""])
@pytest.mark.parametrize("who", ["refuses", "refuses by file", "reserves"])
def test_a_file_of_customers_in_another_order(tmp_path: Path, who: str, phone: str) -> None:
    """The customer in the middle is held until both have begun: the file names the last one first,
    keeps the phone of all, changes it, or takes it away."""
    ContactRuleFactory()
    branch = BranchFactory(code="B001")
    ids = [
        CustomerFactory(number=f"C{place}", phone=PHONE, branch=branch).pk for place in (1, 2, 3)
    ]
    lines = [f"C{place},李小明,{phone},B001,2026-03-02,contract\n" for place in (3, 2, 1)]
    is_held = threading.Event()
    writes: dict[str, Callable[[], None]] = {
        "refuses": lambda: refuse(ids),
        "refuses by file": lambda: refuse_by_file(tmp_path),
        "reserves": lambda: reserve(ids),
    }

    def work(place: int) -> tuple[int, ...]:
        if place == 0:
            with transaction.atomic():
                Customer.objects.select_for_update(no_key=True).get(pk=ids[1])
                is_held.set()
                wait_for(2)
            return ()
        assert is_held.wait(60)
        if place == 1:
            return counts_of(take(tmp_path, "customers", HEAD + "".join(lines)))
        writes[who]()
        return ()

    assert in_threads(3, work)[1] == (0, 3, 0, 0)
    assert DoNotContact.objects.count() == (who != "reserves")
    assert Contact.objects.count() == (3 if who == "reserves" else 0)


@pytest.mark.parametrize("trait", [Trait.ID_NUMBER, Trait.EMAIL])
@pytest.mark.parametrize("is_by_file", [False, True])
def test_those_who_share_something_else_are_locked_in_the_same_order(
    tmp_path: Path, trait: Trait, is_by_file: bool
) -> None:
    """A file that takes the shared value away from all, in another order, beside a refusal: one
    waits for the other, and whoever had the value is barred whichever comes first."""
    ContactRuleFactory()
    branch, shared = BranchFactory(code="B001"), {trait.value: SHARED[trait]}
    rows = [CustomerFactory(number=f"C{place}", branch=branch, **shared) for place in (1, 2, 3)]
    lines = [f"C{place},李小明,,B001,2026-03-02,contract\n" for place in (3, 2, 1)]
    head = f"number,name,{trait.value},branch,registered_date,lawful_basis\n"
    is_held = threading.Event()

    def work(place: int) -> tuple[int, ...]:
        if place == 0:
            with transaction.atomic():
                Customer.objects.select_for_update(no_key=True).get(pk=rows[1].pk)
                is_held.set()
                wait_for(2)
            return ()
        assert is_held.wait(60)
        if place == 1:
            return counts_of(take(tmp_path, "customers", head + "".join(lines)))
        refuse_by_file(tmp_path) if is_by_file else refuse([rows[0].pk])
        return ()

    assert in_threads(3, work)[1] == (0, 3, 0, 0)
    assert DoNotContact.objects.count() == 1
    # Where the word came first, it outlives the value; otherwise there was none to share any more.
    newcomer = CustomerFactory(branch=branch, **shared)
    verdicts = contact.reserve_contacts(
        customer_ids=[rows[0].pk, newcomer.pk], purpose="marketing", channels=["sms"],
        origin="race", dedup_key="race", at=AT,
    )  # fmt: skip
    kept = ErasedRefusal.objects.filter(kind=trait).count()
    assert [verdict.answer for verdict in verdicts] == [
        "do_not_contact", "do_not_contact" if kept else "no_consent",
    ]  # fmt: skip


def test_a_phone_that_comes_by_the_file_while_its_owner_refuses(tmp_path: Path) -> None:
    """Who refuses cannot see yet who comes to his phone, and locks himself alone; the gate looks
    the phone up anew, so the word holds from both commits on, whichever comes first."""
    ContactRuleFactory()
    branch = BranchFactory(code="B001")
    owner = CustomerFactory(phone=OTHER, branch=branch)
    customer = CustomerFactory(number="C1", phone=PHONE, branch=branch)
    line = f"C1,李小明,{OTHER},B001,2026-03-02,contract\n"
    is_held, in_file = threading.Event(), threading.Event()

    def work(place: int) -> None:
        if place == 0:
            with transaction.atomic():
                refuse([owner.pk])
                is_held.set()
                # Without a lock in common the file need not wait for the word.
                assert in_file.wait(60)
        else:
            assert is_held.wait(60)
            assert counts_of(take(tmp_path, "customers", HEAD + line)) == (0, 1, 0, 0)
            in_file.set()

    in_threads(2, work)
    customer.refresh_from_db()
    assert bytes(customer.callee) == customers.callee_of(OTHER)
    verdicts = contact.reserve_contacts(
        customer_ids=[owner.pk, customer.pk], purpose="marketing", channels=["sms"],
        origin="race", dedup_key="race", at=AT,
    )  # fmt: skip
    assert [verdict.answer for verdict in verdicts] == ["do_not_contact"] * 2


def test_a_refusal_by_phone_locks_all_whom_it_reaches_in_the_order_of_ids() -> None:
    """The first shares the e-mail address with the last, who has the phone of the middle one: who
    locks first and middle by id waits for the word, or it for him, and never each for the other."""
    ContactRuleFactory()
    email = SHARED[Trait.EMAIL]
    first, middle, last = (
        CustomerFactory(email=email), CustomerFactory(phone=PHONE),
        CustomerFactory(phone=PHONE, email=email),
    )  # fmt: skip
    is_held = threading.Event()

    def work(place: int) -> list[int]:
        if place == 0:
            with transaction.atomic():
                Customer.objects.select_for_update(no_key=True).get(pk=first.pk)
                is_held.set()
                wait_for(1)
                Customer.objects.select_for_update(no_key=True).get(pk=middle.pk)
            return []
        assert is_held.wait(60)
        return contact.refuse_by_phone(phone=PHONE, words="TD", source="sms", at=AT)

    assert in_threads(2, work) == [[], [middle.pk, last.pk]]
    said = DoNotContact.objects.order_by("customer").values_list("customer", flat=True)
    assert list(said) == [middle.pk, last.pk]


@pytest.mark.parametrize("is_shared", [False, True])
def test_a_refusal_by_phone_is_of_who_has_it_once_they_are_locked(is_shared: bool) -> None:
    """A customer gets another phone while the word waits: it is not his, and the phone stays
    barred, by whoever else has it or by its hash."""
    ContactRuleFactory()
    leaves = CustomerFactory(phone=PHONE)
    stays = [CustomerFactory(phone=PHONE).pk] if is_shared else []
    is_held = threading.Event()

    def work(place: int) -> list[int]:
        if place == 0:
            with transaction.atomic():
                row = Customer.objects.select_for_update(no_key=True).get(pk=leaves.pk)
                is_held.set()
                wait_for(1)
                row.phone_sealed = sealed.seal(OTHER, "customer.phone")
                row.phone_index = sealed.blind_index(OTHER, "phone")
                row.callee = customers.callee_of(OTHER)
                row.save()
            return []
        assert is_held.wait(60)
        return contact.refuse_by_phone(phone=PHONE, words="TD", source="sms", at=AT)

    assert in_threads(2, work) == [[], stays]
    assert list(DoNotContact.objects.values_list("customer", flat=True)) == stays
    assert ErasedRefusal.objects.count() == (0 if is_shared else 1)
    newcomer = CustomerFactory(phone=PHONE)
    verdicts = contact.reserve_contacts(
        customer_ids=[leaves.pk, newcomer.pk], purpose="marketing", channels=["sms"],
        origin="race", dedup_key="race", at=AT,
    )  # fmt: skip
    assert [verdict.answer for verdict in verdicts] == ["no_consent", "do_not_contact"]


def test_the_word_of_a_lead_locks_all_whom_it_reaches_in_the_order_of_ids() -> None:
    """The lead became the last customer, and its phone is that of the middle one; the first shares
    the e-mail address with the last. Who reserves for the first two waits, or is waited for."""
    ContactRuleFactory()
    email = SHARED[Trait.EMAIL]
    first, middle, last = (
        CustomerFactory(email=email), CustomerFactory(phone=PHONE), CustomerFactory(email=email),
    )  # fmt: skip
    request = take_in(LeadFactory(phone=PHONE, customer=last), "object")
    is_held = threading.Event()

    def work(place: int) -> str:
        if place == 0:
            with transaction.atomic():
                Customer.objects.select_for_update(no_key=True).get(pk=first.pk)
                is_held.set()
                wait_for(1)
                Customer.objects.select_for_update(no_key=True).get(pk=middle.pk)
            return ""
        assert is_held.wait(60)
        done = rights.stop_marketing(request_id=request.pk, words="已停止", actor=None, at=AT)
        return str(done.state)

    assert in_threads(2, work) == ["", "done"]
    assert list(DoNotContact.objects.values_list("customer", flat=True)) == [last.pk]
    verdicts = contact.reserve_contacts(
        customer_ids=[first.pk, middle.pk, last.pk], purpose="marketing", channels=["sms"],
        origin="race", dedup_key="race", at=AT,
    )  # fmt: skip
    assert [verdict.answer for verdict in verdicts] == ["do_not_contact"] * 3


def test_the_word_of_a_lead_binds_the_very_next_sending() -> None:
    """A reservation that waits for the word sees it."""
    ContactRuleFactory()
    customer = ConsentFactory(customer=CustomerFactory(phone=PHONE)).customer
    request = take_in(LeadFactory(phone=PHONE), "object")
    is_said = threading.Event()

    def work(place: int) -> str:
        if place == 0:
            with transaction.atomic():
                rights.stop_marketing(request_id=request.pk, words="已停止", actor=None, at=AT)
                is_said.set()
                wait_for(1)
            return ""
        assert is_said.wait(60)
        verdicts = contact.reserve_contacts(
            customer_ids=[customer.pk], purpose="marketing", channels=["sms"], origin="race",
            dedup_key="race", at=AT,
        )  # fmt: skip
        return str(verdicts[0].answer)

    assert in_threads(2, work) == ["", "do_not_contact"]
    assert Contact.objects.count() == 0
