"""Two workers at the same erasure, and somebody who writes while it is carried out."""

import threading
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from journeys.contact import operations as contact
from journeys.models import Consent, Correction, Customer, ErasureProof, Lead, RightsEvent
from journeys.rights import operations as rights
from journeys.telemarketing import operations as telemarketing
from journeys.telemarketing.enums import LeadAnswer
from portal.kit.personal import ERASED
from tests.factories.intake import counts_of, make_bank, take
from tests.factories.journeys import ConsentFactory, ConsentTextFactory, CustomerFactory
from tests.factories.portal import StaffFactory
from tests.factories.rights import AT, NAME, NUMBER, PHONE, allowed, take_in, the_person
from tests.project.rows import row_of
from tests.races.threads import in_threads, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_workers_erase_and_prove_once() -> None:
    person = the_person()
    erasure = allowed(person)

    def work(_place: int) -> str:
        try:
            rights.carry_out(erasure_id=erasure.pk, at=AT)
        except rights.NotInState:
            return "late"
        return "done"

    assert sorted(in_threads(2, work)) == ["done", "late"]
    proofs = in_threads(2, lambda _place: rights.prove_everywhere(erasure_id=erasure.pk, at=AT))
    assert sum(proof is not None for proof in proofs) == 1
    assert ErasureProof.objects.count() == 2
    assert RightsEvent.objects.filter(kind="erased").count() == 1


def test_a_consent_written_meanwhile_is_refused_and_no_other_session_may_blank() -> None:
    """While the erasure is not committed, its customer is locked, and the ledgers are open to its
    transaction alone; once it is, nothing more is written."""
    person = the_person()
    mine, other = (
        ConsentFactory(customer=customer, evidence=NAME, effective_at=AT, recorded_at=AT)
        for customer in (person, CustomerFactory(branch=person.branch))
    )
    erasure = allowed(person)
    inside, tried = threading.Event(), threading.Event()

    def work(place: int) -> str:
        if place == 0:
            with transaction.atomic():
                rights.carry_out(erasure_id=erasure.pk, at=AT)
                inside.set()
                assert tried.wait(60)
            return "erased"
        assert inside.wait(60)
        said = _try_to_blank(other.pk)
        tried.set()
        with pytest.raises(contact.ErasedCustomer):
            contact.record_consent(
                customer_id=person.pk, text_id=mine.text_id, channel="email", evidence="later",
                actor=None, at=AT,
            )  # fmt: skip
        return said

    assert in_threads(2, work) == ["erased", "journeys_consent is only added to: UPDATE refused"]
    assert Customer.objects.get(pk=person.pk).name == ERASED
    evidence = dict(Consent.objects.values_list("pk", "evidence"))
    assert (evidence[mine.pk], evidence[other.pk]) == (ERASED, NAME)
    assert Consent.objects.filter(evidence="later").count() == 0


FILES = {
    "customers": "number,name,branch,registered_date,lawful_basis\n"
    f"{NUMBER},{NAME},B001,2026-03-02,contract\n",
    "consents": "reference,customer,purpose,channel,statement,text,evidence,recorded_date,"
    f"recorded_time\nS1,{NUMBER},marketing,sms,given,marketing/1,{NAME}口述,2026-05-20,10:30:00\n",
}


@pytest.mark.parametrize("kind", sorted(FILES))
def test_an_import_beside_an_erasure_does_not_bring_the_person_back(
    kind: str, tmp_path: Path
) -> None:
    make_bank()
    ConsentTextFactory()
    erasure = allowed(the_person())
    before = Customer.objects.count()
    inside = threading.Event()

    def work(place: int) -> tuple[int, int, int, int]:
        if place == 0:
            with transaction.atomic():
                rights.carry_out(erasure_id=erasure.pk, at=AT)
                inside.set()
                wait_for(1)
            return (0, 0, 0, 0)
        assert inside.wait(60)
        return counts_of(take(tmp_path, kind, FILES[kind]))

    assert in_threads(2, work) == [(0, 0, 0, 0), (0, 0, 0, 1)]
    assert Customer.objects.count() == before
    assert Customer.objects.filter(number=NUMBER).count() == 0
    assert Customer.objects.filter(name=NAME).count() == 0
    assert Consent.objects.count() == 0


def test_an_erasure_beside_an_import_takes_what_it_brought(tmp_path: Path) -> None:
    make_bank()
    ConsentTextFactory()
    erasure = allowed(the_person())
    inside = threading.Event()

    def work(place: int) -> tuple[int, int, int, int]:
        if place == 0:
            with transaction.atomic():
                counts = counts_of(take(tmp_path, "consents", FILES["consents"]))
                inside.set()
                wait_for(1)
            return counts
        assert inside.wait(60)
        rights.carry_out(erasure_id=erasure.pk, at=AT)
        return (0, 0, 0, 0)

    assert in_threads(2, work) == [(1, 0, 0, 0), (0, 0, 0, 0)]
    assert Consent.objects.get().evidence == ERASED


def test_a_correction_beside_an_import_is_not_undone(tmp_path: Path) -> None:
    """The file is read before the correction is committed, and written after it."""
    make_bank()
    request = take_in(the_person(), kind="correct")
    inside = threading.Event()

    def work(place: int) -> tuple[int, int, int, int]:
        if place == 0:
            with transaction.atomic():
                rights.correct(
                    request_id=request.pk, field="name", value="李小龙", reason="身份证",
                    actor=StaffFactory(role="compliance"), at=AT,
                )  # fmt: skip
                inside.set()
                wait_for(1)
            return (0, 0, 0, 0)
        assert inside.wait(60)
        return counts_of(take(tmp_path, "customers", FILES["customers"]))

    assert in_threads(2, work)[1] == (0, 0, 0, 1)
    assert Customer.objects.get(number=NUMBER).name == "李小龙"
    assert Correction.objects.get().source_differs_at is not None


def test_a_lead_beside_an_erasure_does_not_come_back() -> None:
    lead = row_of("journeys.Lead", number="L1", name=NAME, phone_masked="139****5678")
    erasure = allowed(lead)
    inside = threading.Event()
    record = telemarketing.LeadRecord(
        number="L1", kind="person", name=NAME, company="", phone=PHONE, source="referral",
        lawful_basis="consent", branch_id=lead.branch_id, team_id=None, owner_id=None,
        state="new", created_at=AT,
    )  # fmt: skip

    def work(place: int) -> int:
        if place == 0:
            with transaction.atomic():
                rights.carry_out(erasure_id=erasure.pk, at=AT)
                inside.set()
                wait_for(1)
            return 0
        assert inside.wait(60)
        return telemarketing.load_leads(records=[record], at=AT).count(LeadAnswer.TAKEN)

    assert in_threads(2, work) == [0, 0]
    assert Lead.objects.get().name == ERASED


def _try_to_blank(consent_id: int) -> str:
    try:
        with transaction.atomic():
            Consent.objects.filter(pk=consent_id).update(evidence="")
    except DatabaseError as refused:
        return str(refused).partition("\n")[0]
    return "blanked"
