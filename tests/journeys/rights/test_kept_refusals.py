"""What an erasure keeps of a refusal is one hash: the proof finds it, and tells of it."""

import pytest
from django.utils import translation

from journeys.customers import queries as customers
from journeys.models import ErasedRefusal, ErasureProof, RightsRequest
from journeys.rights import operations as rights
from journeys.rights.enums import IDENTITY_ERASED, IDENTITY_ERASED_BUT_REFUSAL, REFUSAL_KEPT
from tests.factories.journeys import CustomerFactory
from tests.factories.rights import AT, PHONE, allowed, the_person
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db


def test_what_is_kept_of_a_refusal_is_told_in_the_proof_and_to_the_person() -> None:
    person, bystander = the_person(), CustomerFactory(phone="13700000001")
    row_of("journeys.DoNotContact", customer=person)
    row_of("journeys.DoNotContact", customer=bystander)
    erasure = allowed(person)
    rights.carry_out(erasure_id=erasure.pk, at=AT)
    rows = ErasureProof.objects.get(scope="rows")
    proof = rights.prove_everywhere(erasure_id=erasure.pk, at=AT)
    assert proof is not None
    assert (rows.findings, rows.kept) == (0, 0)  # the list is nobody's row
    assert (proof.findings, proof.shared, proof.kept) == (0, 0, 3)
    request = RightsRequest.objects.get(pk=erasure.request_id)
    told = request.events.get(kind="proven")
    with translation.override("en"):
        assert (request.state, request.told_outcome) == ("done", IDENTITY_ERASED_BUT_REFUSAL)
        assert told.told_words == REFUSAL_KEPT


def test_without_a_refusal_nothing_is_kept_and_the_proof_says_so() -> None:
    erasure = allowed(the_person())
    rights.carry_out(erasure_id=erasure.pk, at=AT)
    proof = rights.prove_everywhere(erasure_id=erasure.pk, at=AT)
    assert proof is not None
    assert (proof.findings, proof.kept, ErasedRefusal.objects.count()) == (0, 0, 0)
    request = RightsRequest.objects.get(pk=erasure.request_id)
    assert (request.outcome, request.events.get(kind="proven").words) == (IDENTITY_ERASED, "")


def test_a_hash_that_stands_anywhere_else_is_a_finding() -> None:
    """Only the list of refused phones may keep it: anywhere else it is left over."""
    person = the_person()
    erasure = allowed(person)
    rights.carry_out(erasure_id=erasure.pk, at=AT)
    row_of("journeys.ExactSearch", asked_hash=customers.callee_of(PHONE))
    proof = rights.prove_everywhere(erasure_id=erasure.pk, at=AT)
    assert proof is not None
    assert [place["table"] for place in proof.places] == ["journeys_exactsearch"]
    assert (proof.findings, proof.kept) == (1, 0)
