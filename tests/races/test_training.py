"""Training the model of calls takes one worker: others leave it to the one that has begun."""

import datetime as dt

import pytest
from django.db import connection, transaction

from journeys.scoring import operations
from journeys.scoring.models import CallModel
from tests.factories.past_calls import write_calls
from tests.factories.portal import BranchFactory, StaffFactory
from tests.races.threads import in_threads

pytestmark = pytest.mark.django_db(transaction=True)
AT = dt.datetime(2026, 6, 1, 2, 0, tzinfo=dt.UTC)
_TRAINS = "SELECT pg_advisory_xact_lock(hashtextextended('scoring:train', 0))"


def test_while_one_trains_no_other_worker_waits_for_it() -> None:
    write_calls(BranchFactory(), 100)
    asked_by = StaffFactory(role="analyst").pk

    def work(place: int) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '5s'")
        if place:
            return len(operations.train_if_due(at=AT))
        return len(operations.train_as_asked(asked_by=asked_by, at=AT))

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_TRAINS)
        assert in_threads(2, work) == [0, 0]
    assert not CallModel.objects.exists()
    assert in_threads(1, work) == [2]
