"""Points that expire twice a year."""

import datetime as dt
from typing import Any

import pytest

from campaigns.models import TouchStep
from journeys.models import Message
from tests.campaigns.touches.test_operations import earned, holder
from tests.factories.journeys import DAY
from tests.factories.touches import plan_of, stay_of, step, sweep, touched

pytestmark = pytest.mark.django_db
DAYS = dt.timedelta(days=1)
FIRST, SECOND = 40, 160


def told_over_half_a_year(**changes: Any) -> list[tuple[int, str]]:
    """On which days somebody is told of how many points, a week ahead; both batches are there from
    the beginning."""
    points = step("points", anchor="points_expiring", offset_days=-7, template="points")
    touched(plan=plan_of(points, **changes), bodies={"points": "{points} {expires}"})
    card = holder()
    for number, days in enumerate((FIRST, SECOND)):
        earned(card.customer_id, 300 + number, DAY + days * DAYS)
    told: list[tuple[int, str]] = []
    for number in range(SECOND + 30):
        sweep(DAY + number * DAYS)
        for message in Message.objects.order_by("id")[len(told) :]:
            told.append((number, message.context["points"]))
    return told


def test_whoever_enters_again_is_told_of_each() -> None:
    """A stay tells each of its steps once; the next one tells of what expires next, once more."""
    entry = {"by": "schedule", "first_date": DAY, "every_days": 30}
    told = told_over_half_a_year(entry=entry, reentry={"mode": "after_exit"})
    assert told == [(FIRST - 7, "300"), (SECOND - 7, "301")]
    states = TouchStep.objects.order_by("enrolment__rotation").values_list("state", flat=True)
    assert list(states)[:2] == ["sent", "sent"]
    assert Message.objects.count() == 2


def test_whoever_enters_once_is_told_of_the_first_alone() -> None:
    told = told_over_half_a_year()
    assert told == [(FIRST - 7, "300")]
    customer = Message.objects.get().customer_id
    assert stay_of(customer) == (1, "left", "finished")
