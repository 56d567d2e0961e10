"""Two workers at the same erasure, and somebody who writes while it is carried out."""

import threading

import pytest
from django.db import DatabaseError, transaction

from journeys.contact import operations as contact
from journeys.models import Consent, Customer, ErasureProof, RightsEvent
from journeys.rights import operations as rights
from portal.kit.personal import ERASED
from tests.factories.journeys import ConsentFactory, CustomerFactory
from tests.factories.rights import AT, NAME, allowed, the_person
from tests.races.threads import in_threads

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


def test_a_consent_written_meanwhile_waits_and_no_other_session_may_blank() -> None:
    """While the erasure is not committed, its customer is locked, and the ledgers are open to its
    transaction alone."""
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
                assert tried.wait(20)
            return "erased"
        assert inside.wait(20)
        said = _try_to_blank(other.pk)
        tried.set()
        contact.record_consent(
            customer_id=person.pk, text_id=mine.text_id, channel="email", evidence="later",
            actor=None, at=AT,
        )  # fmt: skip
        return said

    assert in_threads(2, work) == ["erased", "journeys_consent is only added to: UPDATE refused"]
    assert Customer.objects.get(pk=person.pk).name == ERASED
    evidence = dict(Consent.objects.values_list("pk", "evidence"))
    assert (evidence[mine.pk], evidence[other.pk]) == (ERASED, NAME)
    assert Consent.objects.filter(evidence="later").count() == 1


def _try_to_blank(consent_id: int) -> str:
    try:
        with transaction.atomic():
            Consent.objects.filter(pk=consent_id).update(evidence="")
    except DatabaseError as refused:
        return str(refused).partition("\n")[0]
    return "blanked"
