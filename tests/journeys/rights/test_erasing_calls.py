"""Of calls of the past an erasure takes the personal traits; the call itself is kept."""

import pytest

from journeys.models import PastCall
from journeys.rights import operations as rights
from tests.factories.rights import AT, allowed, fill_every_table, the_person

pytestmark = pytest.mark.django_db


def test_no_personal_trait_is_left_with_the_calls_of_the_past() -> None:
    person = the_person()
    fill_every_table(person)
    traits = {"age": 41, "job": "teacher", "marital": "married", "education": "tertiary"}
    call = PastCall.objects.get(customer=person)
    PastCall.objects.filter(pk=call.pk).update(**traits)
    rights.carry_out(erasure_id=allowed(person).pk, at=AT)
    assert PastCall.objects.filter(pk=call.pk).values(*traits).get() == {
        "age": None, "job": "", "marital": "", "education": "",
    }  # fmt: skip
    assert PastCall.objects.get(pk=call.pk).attempts == call.attempts
