"""The counts of touch plans are those that a recount of every step and stay finds, whatever became
of them, and whether they were added up since or not."""

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.models import CampaignVersion, Enrolment, StayCount, StepCount, TouchStep
from campaigns.touches import operations as touches
from campaigns.touches import queries
from portal.kit import clock
from tests.campaigns.touches.test_operations import holder
from tests.factories.campaigns import approved
from tests.factories.journeys import DAY
from tests.factories.touches import plan_of, step, sweep, touched
from tests.project.rows import INSTANT, row_of

pytestmark = pytest.mark.django_db
DAYS = dt.timedelta(days=1)


def counted() -> tuple[Counter[Any], Counter[Any]]:
    steps, stays = Counter[Any](), Counter[Any]()
    for *key, number in StepCount.objects.values_list(
        "version", "code", "state", "answer", "channel", "day", "steps"
    ):
        steps[tuple(key)] += number
    for *key, number in StayCount.objects.values_list("version", "state", "left_because", "stays"):
        stays[tuple(key)] += number
    return steps, stays


def recounted() -> tuple[Counter[Any], Counter[Any]]:
    columns = ("version", "code", "state", "answer", "channel", "planned_at")
    return (
        Counter(
            (*key, None if planned is None else clock.bank_day(planned))
            for *key, planned in TouchStep.objects.values_list(*columns)
        ),
        Counter(Enrolment.objects.values_list("version", "state", "left_because")),
    )


def assert_right() -> None:
    assert counted() == recounted()


def test_the_counts_follow_the_whole_life_of_plans() -> None:
    version = touched(plan=plan_of(
        step("a"), step("b", offset_days=2, needs={"kind": "activated"}), step("c", offset_days=5),
        goal={"kind": "first_used"},
    ))  # fmt: skip
    cards = [holder(), holder(activated_date=DAY), holder(), holder()]
    sweep(DAY)
    assert_right()
    cards[3].activated_date = cards[3].first_used_date = DAY + DAYS
    cards[3].save()
    for days in range(1, 4):
        sweep(DAY + days * DAYS)
        assert_right()
    approved(
        code=version.campaign.code,
        touches=plan_of(step("b", offset_days=2), step("d", offset_days=9)),
    )
    for days in range(4, 12):
        sweep(DAY + days * DAYS)
        assert_right()
    states = {state for _v, _c, state, *_rest in recounted()[0]}
    assert states == {"sent", "skipped", "left"}
    assert len({version for version, *_rest in recounted()[0]}) == 2


def test_the_page_reads_the_counts_and_they_are_those_of_the_rows() -> None:
    version = touched(step("a"), step("b", offset_days=2))
    for _number in range(3):
        holder()
    sweep(DAY)
    for _again in range(2):
        first, second = queries.step_figures(version)
        assert (first.states, second.states) == ({"sent": 3}, {"waiting": 3})
        assert queries.people_of(version) == {"inside": 3}
        touches.add_up(most=0)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT sum(steps) FROM campaigns_stepcount WHERE version_id = %s", [version.pk]
        )
        assert "Index" in cursor.fetchone()[0] + str(cursor.fetchall())


def test_adding_up_leaves_a_row_for_each_way_to_stand_and_is_safe_to_repeat() -> None:
    version = touched(step("a"), step("b", offset_days=2))
    for _number in range(3):
        holder()
        sweep(DAY)
    before = counted()
    assert StepCount.objects.count() > 2
    touches.add_up()  # too few rows to be worth it
    assert StepCount.objects.count() > 2
    for _again in range(2):
        touches.add_up(most=0)
        assert (counted(), StepCount.objects.count(), StayCount.objects.count()) == (before, 2, 1)
    assert dict(StepCount.objects.values_list("code", "steps")) == {"a": 3, "b": 3}
    assert not StepCount.objects.exclude(is_sum=True).exists()
    assert StepCount.objects.filter(version=version).count() == 2


def test_a_day_is_read_from_its_counts_and_not_from_its_steps() -> None:
    version = touched(step("a"), step("b", offset_days=2))
    for _number in range(3):
        holder()
    sweep(DAY)
    for most in (200, 0):
        touches.add_up(most=most)
        with CaptureQueriesContext(connection) as asked:
            first, second = queries.step_figures(version, day=DAY + 2 * DAYS)
        assert (first.states, second.states) == ({}, {"waiting": 3})
        assert not [one for one in asked.captured_queries if "touchstep" in one["sql"]]
    assert queries.step_figures(version, day=DAY)[0].states == {"sent": 3}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT sum(steps) FROM campaigns_stepcount WHERE version_id = %s AND day = %s",
            [version.pk, DAY],
        )
        assert "step_count_day" in str(cursor.fetchall())


def test_sums_that_came_to_nothing_are_dropped() -> None:
    touched(step("a", offset_days=1))
    holder()
    sweep(DAY)
    touches.add_up(most=0)
    assert [row.steps for row in StepCount.objects.all()] == [1]
    sweep(DAY + DAYS)
    touches.add_up(most=0)
    (row,) = StepCount.objects.all()
    assert (row.state, row.steps, row.is_sum) == ("sent", 1, True)
    assert_right()


def test_what_is_rolled_back_is_not_counted() -> None:
    touched(step("a"))
    holder()
    with transaction.atomic():
        sweep(DAY)
        assert counted()[0].total() == 1
        transaction.set_rollback(True)
    assert counted() == recounted() == (Counter(), Counter())


def _version() -> CampaignVersion:
    return row_of("campaigns.CampaignVersion")  # type: ignore[no-any-return]


MOVES = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(["sent", "skip", "move", "due", "add"])),
    max_size=12,
)


@given(moves=MOVES)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_written_the_counts_are_right(moves: list[tuple[int, str]]) -> None:
    with transaction.atomic():
        versions = [_version(), _version()]
        steps = [row_of("campaigns.TouchStep", version=versions[0]) for _number in range(6)]
        for place, move in moves:
            rows = TouchStep.objects.filter(pk__gte=steps[place].pk)
            if move == "sent":
                rows.filter(state="waiting").update(
                    state="sent", answer="sent", channel="push", answered_at=INSTANT
                )
            elif move == "skip":
                rows.filter(state="waiting").update(
                    state="skipped", answer="needs", answered_at=INSTANT
                )
            elif move == "move":
                rows.filter(state="waiting").update(version=versions[1])
            elif move == "due":
                rows.filter(state="waiting").update(planned_at=INSTANT, due_at=INSTANT)
            else:
                touches.add_up(most=place)
        assert_right()
        transaction.set_rollback(True)
