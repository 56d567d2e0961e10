"""Two readers at once of one call, and two beats at once that draw a day."""

import datetime as dt

import pytest

from journeys.models import QualityCase, QualityDraw, QualityReview
from journeys.telemarketing import operations
from portal.kit import clock
from tests.factories.journeys import LeadFactory
from tests.factories.leads import caller, set_policy
from tests.factories.portal import BranchFactory
from tests.factories.quality import MET, drawn, held, reader, set_rules
from tests.races.threads import in_threads

pytestmark = pytest.mark.django_db(transaction=True)
ON = dt.date(2026, 3, 2)
MORNING = clock.at_time(ON, dt.time(9))
NEXT = clock.at_time(ON + dt.timedelta(days=1), dt.time(6))


@pytest.mark.parametrize("wants", [1, 2])
def test_of_many_readers_at_once_as_many_count_as_the_call_needs(wants: int) -> None:
    set_policy()
    person = caller(BranchFactory())
    case = drawn(held(LeadFactory(branch=person.branch), person, MORNING), wants=wants)
    readers = [reader() for _place in range(6)]

    def read(place: int) -> str:
        try:
            operations.read_call(
                case_id=case.pk, reader=readers[place], marks=MET, words="", at=NEXT
            )
        except operations.LeadRefused as refused:
            return refused.rule
        return "read"

    answers = in_threads(6, read)
    assert sorted(answers) == ["quality_case_is_read"] * (6 - wants) + ["read"] * wants
    case.refresh_from_db()
    assert (case.readings, case.closed_at) == (wants, NEXT)
    numbers = QualityReview.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, wants + 1))


def test_one_reader_with_two_windows_reads_once() -> None:
    set_policy()
    person, me = caller(BranchFactory()), reader()
    case = drawn(held(LeadFactory(branch=person.branch), person, MORNING), wants=2)

    def read(_place: int) -> str:
        try:
            operations.read_call(case_id=case.pk, reader=me, marks=MET, words="", at=NEXT)
        except operations.LeadRefused as refused:
            return refused.rule
        return "read"

    assert sorted(in_threads(4, read)) == ["quality_review_by_two"] * 3 + ["read"]


def test_two_beats_at_once_draw_a_day_once() -> None:
    set_policy()
    set_rules(random_percent=50)
    person = caller(BranchFactory())
    for place in range(12):
        held(LeadFactory(branch=person.branch), person, MORNING + dt.timedelta(hours=place / 4))
    found = in_threads(4, lambda _place: operations.draw_calls(at=NEXT))
    draw = QualityDraw.objects.get()
    count = draw.random + draw.by_risk
    assert sorted(found) == [0, 0, 0, count]
    assert QualityCase.objects.count() == count == 9
