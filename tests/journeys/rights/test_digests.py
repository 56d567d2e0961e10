"""An erasure as the second person reads it."""

import datetime as dt

import pytest
from django.utils import translation

from journeys.rights import operations as rights
from journeys.rights.queries import holdings
from journeys.rights.queries.digests import digest_of
from tests.factories.journeys import CardFactory
from tests.factories.rights import AT, allow, take_in, the_person

pytestmark = pytest.mark.django_db


def test_what_is_allowed_says_how_many_rows_were_held_when_it_was_asked() -> None:
    person = the_person()
    CardFactory(customer=person, closed_date=dt.date(2026, 5, 2), application__customer=person)
    request = take_in(person)
    rows = sum(held.rows for held in holdings.held_about(holdings.persons_of(request)))
    erasure = allow(request)
    submission = erasure.submission
    assert submission is not None
    assert submission.snapshot["rows"] == rows > 4
    rights.carry_out(erasure_id=erasure.pk, at=AT)
    with translation.override("en"):
        digest = digest_of(submission.snapshot)
        assert digest is not None
        assert digest.facts[-1] == ("Rows held when the erasure was asked for", str(rows))
        before = {name: value for name, value in submission.snapshot.items() if name != "rows"}
        kept = digest_of(before)
        assert kept is not None
        assert [label for label, _value in kept.facts][-1] == "Received on"
