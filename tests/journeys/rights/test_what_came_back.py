"""Erasures and copies of people from whose phones and mail boxes something came back."""

import datetime as dt
import hashlib

import pytest
from django.db import connection

from journeys.contact import operations as contact
from journeys.contact import queries as gate
from journeys.customers import queries as customers
from journeys.models import Answer, BadAddress, Customer, Lead, RightsRequest
from journeys.outreach import operations as outreach
from journeys.outreach.channels.protocol import AnswerRead
from journeys.rights import operations as rights
from journeys.rights.queries import copying, holdings, links
from portal.kit import sealed
from portal.kit.personal import ERASED
from portal.models import AuditEntry
from tests.factories.journeys import ContactRuleFactory, CustomerFactory, LeadFactory
from tests.factories.outreach import MessageFactory
from tests.factories.rights import AT, EMAIL, PHONE, allowed, take_in, the_person

pytestmark = pytest.mark.django_db

LATER = AT + dt.timedelta(minutes=5)


def hear(words: str = "请问年费多少", reference: str = "r1", at: dt.datetime = AT) -> Answer:
    return outreach.take_answer(channel="sms", answer=AnswerRead(PHONE, words, reference), at=at)


def comes_back(customer: Customer, cause: str = "5.1.1") -> BadAddress:
    assert contact.note_bad_address(customer_id=customer.pk, address=EMAIL, cause=cause, at=AT)
    return BadAddress.objects.get()


def erased(person: Customer | Lead) -> int:
    erasure = allowed(person)
    rights.carry_out(erasure_id=erasure.pk, at=AT)
    return int(erasure.pk)


def proven(erasure_id: int) -> tuple[str, int, list[str]]:
    proof = rights.prove_everywhere(erasure_id=erasure_id, at=LATER)
    assert proof is not None
    state = RightsRequest.objects.get(erasures=erasure_id).state
    return state, proof.shared, [f"{one['table']}.{one['column']}" for one in proof.places]


# --- keys of answers -------------------------------------------------------------------------
def test_no_key_of_an_answer_leads_to_the_phone_without_a_key() -> None:
    first, again = hear("TD?", ""), hear("TD?", "")
    assert first == again
    said = AT.replace(second=0, microsecond=0).isoformat()
    text = f"{PHONE}\0TD?\0{said}"
    assert first.reference == sealed.lasting_index(text, "answer").hex()
    assert hashlib.sha256(text.encode()).hexdigest()[:32] != first.reference
    assert hear("TD??", "") != first


@pytest.mark.parametrize("words", ["坏\0字", "\ud800"])
def test_words_that_the_database_cannot_hold_have_a_key_too(words: str) -> None:
    assert len(hear(words, "").reference) == 32


# --- what another customer has ---------------------------------------------------------------
def test_a_bad_address_of_a_partner_with_the_same_mail_box_is_the_partners() -> None:
    partner = CustomerFactory(email=EMAIL, name="李四")
    row = comes_back(partner)
    person = the_person()
    # The partner's own index and hash, and the index of the row.
    assert proven(erased(person)) == ("done", 3, [])
    row.refresh_from_db()
    assert (row.customer, row.address_index) == (partner, partner.email_index)


def test_an_answer_of_a_partner_with_the_same_phone_is_the_partners() -> None:
    partner = CustomerFactory(phone=PHONE, name="李四")
    row = hear()
    assert row.customer == partner
    assert proven(erased(the_person())) == ("done", 3, [])
    row.refresh_from_db()
    assert (bytes(row.callee), row.words) == (customers.callee_of(PHONE), "请问年费多少")


def test_what_is_left_beside_somebody_erased_is_a_finding() -> None:
    person = the_person()
    answer, address = hear(), comes_back(person)
    values = {"callee": answer.callee}, {"address_index": bytes(person.email_index)}
    erasure_id = erased(person)
    Answer.objects.update(**values[0])
    BadAddress.objects.filter(pk=address.pk).update(address_sealed=b"x", **values[1])
    assert proven(erasure_id) == (
        "approved", 0, ["journeys_answer.callee", "journeys_badaddress.address_index"],
    )  # fmt: skip


def test_who_writes_after_the_erasure_is_somebody_new() -> None:
    erasure_id = erased(the_person())
    hear(at=LATER)
    assert proven(erasure_id) == ("done", 1, [])


# --- answers of a phone that was not on file -------------------------------------------------
def test_an_answer_from_before_the_person_was_on_file_is_in_the_copy() -> None:
    early, person = hear(), the_person()
    assert early.customer is None
    other = AnswerRead("13900139000", "别人", "r2")
    outreach.take_answer(channel="sms", answer=other, at=AT)
    persons = holdings.persons_of(take_in(person, "access"))
    assert [one.rows for one in holdings.held_about(persons) if one.model is Answer] == [1]
    sheet = next(one for one in copying.sheets_of(persons) if one.name == holdings.name_of(Answer))
    assert ["请问年费多少" in row for row in sheet.rows] == [True]


def test_an_erasure_takes_it_along() -> None:
    early, person = hear(), the_person()
    assert proven(erased(person)) == ("done", 0, [])
    early.refresh_from_db()
    assert (early.callee, early.sender_masked, early.words) == (None, "", ERASED)


def test_a_lead_alone_has_it_too() -> None:
    early = hear()
    lead = LeadFactory(customer=None, phone=PHONE)
    assert proven(erased(lead)) == ("done", 0, [])
    early.refresh_from_db()
    assert (early.callee, early.words) == (None, ERASED)


def test_nobodys_answers_are_not_those_of_who_has_no_phone() -> None:
    row = outreach.take_answer(channel="sms", answer=AnswerRead("bank", "x", "r1"), at=AT)
    assert row.callee is None
    person = CustomerFactory(phone_sealed=None, phone_index=None, phone_masked="", callee=None)
    persons = holdings.persons_of(take_in(person, "access"))
    assert [one for one in holdings.held_about(persons) if one.model is Answer] == []


# --- addresses that do not work --------------------------------------------------------------
def test_a_dead_address_is_dead_for_the_partner_after_an_erasure() -> None:
    ContactRuleFactory()
    person, partner = the_person(), CustomerFactory(email=EMAIL, name="李四")
    row = comes_back(person)

    def answer() -> str:
        return gate.verdicts_now(partner.pk, at=AT)["email", "service"].answer

    assert answer() == "no_address"
    assert proven(erased(person)) == ("done", 3, [])
    assert answer() == "no_address"
    row.refresh_from_db()
    assert row.customer == partner


def test_of_who_shares_it_with_nobody_it_is_gone() -> None:
    person = the_person()
    row = comes_back(person)
    CustomerFactory(email="other@mail.example.cn")
    assert proven(erased(person)) == ("done", 0, [])
    row.refresh_from_db()
    assert (row.customer, row.address_sealed, row.address_masked) == (person, None, "")


def test_the_trail_keeps_no_mask_of_an_erased_address() -> None:
    person = the_person()
    mask = comes_back(person).address_masked
    erased(person)
    assert AuditEntry.objects.filter(action="bad_address.noted").exists()
    assert not AuditEntry.objects.filter(target_label__contains=mask).exists()


# --- words of mail servers -------------------------------------------------------------------
SHOWN = "o***@mail.example.cn"


@pytest.mark.parametrize("is_message", [False, True])
def test_a_bounce_that_repeats_the_address_holds_no_erasure_up(is_message: bool) -> None:
    """What a mail server says is masked when it comes; in the person's rows the mask goes too."""
    person = the_person()
    said = f"5.1.1 <{EMAIL}>: Recipient address rejected: User unknown"
    message = MessageFactory(
        customer=person, channel="email", purpose="service", state="sent", sent_at=AT, attempts=1
    )
    if is_message:
        outreach.take_bounce(message_id=message.pk, is_hard=True, address=EMAIL, cause=said, at=AT)
    else:
        comes_back(person, said)
    row = BadAddress.objects.get()
    assert (SHOWN, person.email_masked) == (person.email_masked, SHOWN)
    assert SHOWN in row.cause
    assert proven(erased(person)) == ("done", 0, [])
    row.refresh_from_db()
    assert row.cause == f"5.1.1 <{ERASED}>: Recipient address rejected: User unknown"


def test_the_failure_of_a_message_loses_the_mask_and_keeps_its_reason() -> None:
    person = the_person()
    failure = f"refused: <{SHOWN}> is full, {person.phone_masked} too"
    message = MessageFactory(
        customer=person, state="failed", failure_kind="refused", failure=failure
    )
    bystander = MessageFactory(state="failed", failure_kind="refused", failure=failure)
    assert proven(erased(person)) == ("done", 0, [])
    message.refresh_from_db()
    bystander.refresh_from_db()
    assert message.failure == f"refused: <{ERASED}> is full, {ERASED} too"
    assert bystander.failure == failure  # in rows of others a mask says nothing


def test_answers_of_nobody_are_found_by_an_index() -> None:
    """Without it each request about data would read all answers that ever came."""
    person = the_person()
    link = next(one for one in links.links_to(Customer) if one.model is Answer)
    callee = Answer.objects.filter(**{link.by_hash: person.callee, "customer": None})
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = callee.explain()
    assert "answer_of_nobody" in plan, plan
