"""Calls are drawn once a day for each branch, read by who may, disputed and decided, each step by
another person."""

import datetime as dt
from typing import Any

import pytest

from journeys.models import QualityCase, QualityDispute, QualityDraw, QualityReview
from journeys.telemarketing import operations, queries
from portal.kit import clock
from portal.models import AuditEntry, Branch, Staff
from portal.staff.access import scope_of
from tests.factories.journeys import CustomerFactory, LeadFactory
from tests.factories.leads import caller, set_policy
from tests.factories.portal import BranchFactory, StaffFactory
from tests.factories.quality import MET, drawn, held, read, reader, set_rules
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
ON = dt.date(2026, 3, 2)
MORNING = clock.at_time(ON, dt.time(9))
NEXT = clock.at_time(ON + dt.timedelta(days=1), dt.time(5))
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def branch() -> Branch:
    set_policy()
    set_rules()
    return BranchFactory()


def called(person: Staff, place: int = 0, **values: Any) -> Any:
    """A call of somebody in the morning."""
    lead = values.pop("lead", None) or LeadFactory(branch=person.branch)
    return held(lead, person, MORNING + dt.timedelta(minutes=10 * place), **values)


def old_hand(branch: Branch) -> Staff:
    """Somebody who called long ago."""
    person = caller(branch)
    held(LeadFactory(branch=branch), person, MORNING - 60 * DAY)
    return person


def refused(work: Any) -> str:
    """The rule that refuses it; nothing was written."""
    tables = (QualityReview, QualityDispute, QualityCase)
    before = [model.objects.count() for model in tables]
    with pytest.raises(operations.LeadRefused) as refusal:
        work()
    assert [model.objects.count() for model in tables] == before
    assert str(refusal.value).endswith((".", "。"))
    return refusal.value.rule


def test_a_day_is_drawn_once_and_can_be_drawn_again(branch: Branch) -> None:
    person = old_hand(branch)
    holds = [called(person, place) for place in range(25)]
    called(person, 30, called=False)
    assert operations.draw_calls(at=NEXT - HOUR) == 0
    assert [operations.draw_calls(at=NEXT), operations.draw_calls(at=NEXT + HOUR)] == [3, 0]
    draw = QualityDraw.objects.get()
    assert (draw.branch, draw.called_date, draw.calls, draw.random, draw.by_risk) == (
        branch, ON, 25, 3, 0,
    )  # fmt: skip
    assert draw.holds == [one.pk for one in holds]
    cases = list(QualityCase.objects.order_by("pk"))
    assert {one.hold_id for one in cases} == queries.drawn_again(draw)
    assert [queries.lot_of(one) for one in cases] == [1, 2, 3]
    assert [one.wants for one in cases].count(2) == 1
    assert AuditEntry.objects.get(action="quality.drawn").changes == {
        "on": str(ON), "calls": 25, "random": 3, "by_risk": 0,
    }  # fmt: skip


def test_days_that_were_missed_are_drawn_for_a_week(branch: Branch) -> None:
    person = old_hand(branch)
    for days in (0, 6, 7):
        held(LeadFactory(branch=branch), person, MORNING - days * DAY)
    assert operations.draw_calls(at=NEXT) == 2
    days = QualityDraw.objects.order_by("called_date").values_list("called_date", flat=True)
    assert list(days) == [ON - 6 * DAY, ON]


def test_each_risk_is_named(branch: Branch) -> None:
    set_rules(on=dt.date(2002, 1, 1), random_percent=0, random_least=0, risk_most=20)
    person = old_hand(branch)
    plain = called(person, 0)
    short = called(person, 1, seconds=14)
    called(person, 2, seconds=15)
    won = LeadFactory(branch=branch, owner=person)
    called(person, 3, lead=won, seconds=119)
    quick = called(person, 4, lead=won, seconds=119)
    operations.end_lead(lead_id=won.pk, state="won", actor=person, at=MORNING + HOUR)
    phones = ["15430000001", "15430000002"]
    people = [CustomerFactory(phone=phone) for phone in phones]
    refusing, complaining = (
        called(person, 5 + place, lead=LeadFactory(branch=branch, phone=phone))
        for place, phone in enumerate(phones)
    )
    row_of("journeys.DoNotContact", customer=people[0], at=MORNING + 3 * HOUR)
    row_of("journeys.Complaint", customer=people[1], opened_date=ON)
    fresh = called(caller(branch), 9)
    operations.draw_calls(at=NEXT)
    found = dict(QualityCase.objects.values_list("hold", "reason"))
    assert found == {
        short.pk: "short", quick.pk: "quick_sale", refusing.pk: "refused",
        complaining.pk: "complained", fresh.pk: "new_caller",
    }  # fmt: skip
    assert plain.pk not in found


def test_what_was_said_before_the_call_or_after_the_draw_is_no_risk(branch: Branch) -> None:
    set_rules(on=dt.date(2002, 1, 1), random_percent=0, random_least=0, risk_most=20)
    person, customer = old_hand(branch), CustomerFactory(phone="15430000003")
    called(person, 5, lead=LeadFactory(branch=branch, phone="15430000003"))
    row_of("journeys.DoNotContact", customer=customer, at=MORNING)
    row_of("journeys.DoNotContact", customer=customer, at=NEXT + HOUR)
    row_of("journeys.Complaint", customer=customer, opened_date=ON - DAY)
    assert operations.draw_calls(at=NEXT) == 0
    assert QualityDraw.objects.get().calls == 1


def test_without_a_policy_nothing_is_drawn(branch: Branch) -> None:
    person = caller(branch)
    before = clock.at_time(dt.date(1999, 12, 1), dt.time(9))
    held(LeadFactory(branch=branch), person, before)
    assert operations.draw_calls(at=before + DAY) == 0
    assert not QualityDraw.objects.exists()


def manager(branch: Branch) -> Staff:
    return StaffFactory(role="branch_manager", branch=branch)


@pytest.mark.parametrize(
    ("marks", "score", "grave"),
    [
        ({}, 100, False), ({"manner": "missed"}, 60, False), ({"identity": "missed"}, 40, True),
        ({"manner": "none"}, 100, False), ({"identity": "none", "manner": "missed"}, 0, False),
        ({"identity": "none", "manner": "none"}, None, False),
    ],
)  # fmt: skip
def test_the_score_weighs_what_applies(
    branch: Branch, marks: dict[str, str], score: int | None, grave: bool
) -> None:
    case = drawn(called(caller(branch)))
    row = read(case, manager(branch), **marks)
    assert (row.number, row.caller, row.score, row.missed_grave) == (1, case.caller, score, grave)
    case.refresh_from_db()
    assert (case.readings, case.closed_at) == (1, row.at)


def test_who_may_not_read_is_told(branch: Branch) -> None:
    person = caller(branch)
    case = drawn(called(person))
    assert refused(lambda: read(case, person)) == ""
    for stranger in (manager(BranchFactory()), manager(BranchFactory(parent=branch))):
        assert refused(lambda who=stranger: read(case, who)) == "quality_reader_may_not"
    Staff.objects.filter(pk=person.pk).update(role="branch_manager")
    person.refresh_from_db()
    assert refused(lambda: read(case, person)) == "quality_reader_is_not_caller"
    for marks in ({"identity": "met"}, {**MET, "more": "met"}, {**MET, "manner": "moon"}):
        assert (
            refused(
                lambda marks=marks: operations.read_call(
                    case_id=case.pk, reader=manager(branch), marks=marks, words="", at=NEXT
                )
            )
            == "quality_review_marks_the_form"
        )
    first = manager(branch)
    read(case, first)
    assert refused(lambda: read(case)) == "quality_case_is_read"


def test_the_second_reader_is_somebody_else_and_not_their_manager(branch: Branch) -> None:
    case, first = drawn(called(caller(branch)), wants=2), reader()
    read(case, first)
    assert refused(lambda: read(case, first)) == "quality_review_by_two"
    assert refused(lambda: read(case, manager(branch))) == "quality_second_is_not_their_manager"
    above = manager(Branch.objects.get(code="HO"))
    row = read(case, above, manner="missed")
    case.refresh_from_db()
    assert (row.number, row.score, case.closed_at) == (2, 60, row.at)


def test_the_second_does_not_see_the_first_before(branch: Branch) -> None:
    case, first, second = drawn(called(caller(branch)), wants=2), manager(branch), reader()
    one = read(case, first)

    def seen(who: Staff) -> list[QualityReview]:
        case.refresh_from_db()
        return queries.seen_reviews(case, by=who)

    assert (seen(first), seen(second), seen(case.caller)) == ([one], [], [])
    assert list(queries.cases(scope=scope_of(case.caller))) == []
    two = read(case, second)
    assert [seen(who) for who in (first, second, case.caller)] == [[one, two]] * 3
    assert list(queries.cases(scope=scope_of(case.caller))) == [case]


def test_who_finds_what_to_read(branch: Branch) -> None:
    """Each sees the cases of the own branches that the database lets the person read."""
    me, other = caller(branch), caller(BranchFactory())
    one, two = drawn(called(me)), drawn(called(me, 1), wants=2)
    foreign = drawn(called(other))
    first = reader()
    read(two, first)

    def to_read(who: Staff) -> list[QualityCase]:
        return list(queries.cases_to_read(scope=scope_of(who), reader=who).order_by("pk"))

    assert to_read(manager(branch)) == [one]
    assert to_read(manager(Branch.objects.get(code="HO"))) == [one, two, foreign]
    assert to_read(first) == [one, foreign]
    assert to_read(reader()) == [one, two, foreign]
    assert to_read(manager(BranchFactory())) == []


def dispute(case: QualityCase, at: dt.datetime, by: Staff | None = None) -> QualityDispute:
    words = "录音 13912345678 为证"
    return operations.dispute_call(case_id=case.pk, by=by or case.caller, words=words, at=at)


def test_a_result_is_disputed_once_and_in_time_by_its_caller(branch: Branch) -> None:
    case = drawn(called(caller(branch)))
    assert refused(lambda: dispute(case, NEXT + DAY)) == "quality_dispute_of_a_result"
    done = read(case).at
    assert refused(lambda: dispute(case, done, caller(branch))) == "quality_dispute_by_the_caller"
    late = done + 10 * DAY + dt.timedelta(seconds=1)
    assert refused(lambda: dispute(case, late)) == "quality_dispute_in_time"
    row = dispute(case, done + 10 * DAY)
    assert row.words == "录音 139****5678 为证"
    again = "journeys_qualitydispute_case_id_key"
    assert refused(lambda: dispute(case, done + DAY)) == again


def test_a_third_person_of_compliance_decides_once(branch: Branch) -> None:
    case, first = drawn(called(caller(branch))), reader()
    done = read(case, first).at
    row = dispute(case, done)

    def decide(who: Staff, **changes: Any) -> Any:
        values = {"verdict": "set_aside", "words": "证据充分", "at": done + DAY, **changes}
        return operations.decide_dispute(dispute_id=row.pk, by=who, **values)

    assert refused(lambda: decide(manager(branch))) == ""
    assert refused(lambda: decide(first)) == "quality_decision_by_a_third"
    assert refused(lambda: decide(reader(), words=" ")) == ""
    third = reader()
    assert list(queries.open_disputes(reader=third)) == [row]
    assert list(queries.open_disputes(reader=first)) == []
    decide(third)
    again = "journeys_qualitydecision_dispute_id_key"
    assert refused(lambda: decide(reader(), verdict="stands")) == again
    assert list(queries.open_disputes(reader=third)) == []


def test_results_count_the_second_reader_and_nothing_set_aside(branch: Branch) -> None:
    me = caller(branch)
    once = drawn(called(me))
    read(once, manager(branch), manner="missed")
    twice = drawn(called(me, 1), wants=2, reason="short")
    read(twice, manager(branch), identity="missed")
    read(twice)
    aside = drawn(called(me, 2))
    done = read(aside, identity="missed").at
    operations.decide_dispute(
        dispute_id=dispute(aside, done).pk, by=reader(), verdict="set_aside", words="误判了",
        at=done,
    )  # fmt: skip
    drawn(called(me, 3))

    def told(who: Staff, **asked: Any) -> Any:
        return queries.results(scope=scope_of(who), since=MORNING, at=NEXT + DAY, **asked)

    found = told(manager(branch))
    (line,) = found.lines
    assert (line.caller, line.read, line.grave, line.mean) == (me, 2, 0, 80.0)
    shares = [(one.of, one.whole) for one in line.shares(["identity", "manner"])]
    assert shares == [(2, 2), (1, 2)]
    assert [one.pairs for _label, one in found.agreements] == [1, 1]
    assert [one.same for _label, one in found.agreements] == [0, 1]
    (random,) = told(manager(branch), drawn="random").lines
    assert (random.read, random.mean) == (1, 60.0)
    assert told(manager(BranchFactory())).lines == []
