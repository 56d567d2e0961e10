"""What the database refuses of calls that are read, whoever asks."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from journeys.models import QualityCase, QualityDecision, QualityDispute, QualityReview
from tests.factories.journeys import DAY, INSTANT, LeadFactory
from tests.factories.leads import caller
from tests.factories.portal import BranchFactory, StaffFactory
from tests.factories.quality import CRITERIA, MET, drawn, held, read, reader
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
LATER = INSTANT + dt.timedelta(days=1)


@pytest.fixture
def case() -> QualityCase:
    person = caller(BranchFactory())
    return drawn(held(LeadFactory(branch=person.branch), person, INSTANT))


def rule(work: Callable[[], Any]) -> str | None:
    """The rule that refuses it."""
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        work()
    cause = refused.value.__cause__
    assert isinstance(cause, psycopg.Error)
    return cause.diag.constraint_name


def sql(statement: str, *values: Any) -> Callable[[], Any]:
    return lambda: connection.cursor().execute(statement, values)


@pytest.mark.parametrize(
    "criteria",
    [
        {}, [], [1], [{**CRITERIA[0], "code": "Not so"}], [{**CRITERIA[0], "name": ""}],
        [{**CRITERIA[0], "name_en": None}], [{**CRITERIA[0], "weight": 0}],
        [{**CRITERIA[0], "weight": "60"}], [{**CRITERIA[0], "weight": 1.5}],
        [{**CRITERIA[0], "grave": "yes"}], [CRITERIA[0], CRITERIA[0]],
        [{**CRITERIA[0], "code": f"a{chr(97 + place)}"} for place in range(21)],
    ],
)  # fmt: skip
def test_a_form_has_criteria_that_can_be_marked(criteria: Any) -> None:
    assert rule(lambda: row_of("journeys.QualityForm", criteria=criteria)) == (
        "quality_form_criteria"
    )


@pytest.mark.parametrize(
    "change",
    ["readings = 1", "closed_at = now()", "readings = 1, closed_at = now()", "reason = 'short'",
     "wants = 2", "caller_id = caller_id + 1"],
)  # fmt: skip
def test_a_case_follows_its_reviews_alone(case: QualityCase, change: str) -> None:
    update = sql(f"UPDATE journeys_qualitycase SET {change}")
    assert rule(update) == "quality_case_follows"
    assert rule(sql("DELETE FROM journeys_qualitycase")) == "quality_case_follows"
    read(case)
    assert rule(update) == "quality_case_follows"


def test_a_case_is_of_a_call_of_its_draw(case: QualityCase) -> None:
    of = "quality_case_of_its_call"
    person = case.caller
    other = held(LeadFactory(branch=person.branch), person, INSTANT)
    silent = held(LeadFactory(branch=person.branch), person, INSTANT, called=False)
    late = held(LeadFactory(branch=person.branch), person, LATER)
    good = {
        "draw": case.draw, "branch": case.branch, "caller": person, "reason": "random",
        "hold": other, "called_at": other.called_at,
    }  # fmt: skip
    for change in (
        {"hold": silent, "called_at": other.called_at},
        {"hold": late, "called_at": late.called_at}, {"caller": StaffFactory()},
        {"branch": BranchFactory()}, {"called_at": LATER}, {"readings": 1},
        {"readings": 1, "closed_at": LATER},
    ):  # fmt: skip
        values = {**good, **change}
        assert rule(lambda values=values: QualityCase.objects.create(**values)) == of
    assert QualityCase.objects.create(**good).readings == 0


def test_the_guard_fills_in_what_a_review_counts_by(case: QualityCase) -> None:
    wrong = {"number": 7, "score": 1, "missed_grave": True, "caller": StaffFactory()}
    row = QualityReview.objects.create(case=case, reader=reader(), marks=MET, at=LATER, **wrong)
    row.refresh_from_db()
    assert (row.number, row.score, row.missed_grave, row.caller) == (1, 100, False, case.caller)


def review(case: QualityCase, **values: Any) -> QualityReview:
    usual = {"reader": reader(), "caller": case.caller, "marks": MET, "at": LATER}
    return QualityReview.objects.create(case=case, **{**usual, **values})


def test_who_reads_and_when(case: QualityCase) -> None:
    left = StaffFactory(role="compliance", is_active=False)
    seller = caller(case.branch)
    for change, refusal in (
        ({"reader": case.caller}, "quality_reader_is_not_caller"),
        ({"reader": left}, "quality_reader_may_not"),
        ({"reader": seller}, "quality_reader_may_not"),
        ({"marks": []}, "quality_review_marks_the_form"),
        ({"marks": {**MET, "manner": None}}, "quality_review_marks_the_form"),
        ({"at": case.called_at - dt.timedelta(seconds=1)}, "quality_review_after_the_call"),
    ):  # fmt: skip
        assert rule(lambda change=change: review(case, **change)) == refusal
    assert not QualityReview.objects.exists()


def test_disputes_and_decisions_go_their_way(case: QualityCase) -> None:
    done = review(case, at=LATER)

    def disputed(**values: Any) -> QualityDispute:
        usual = {"case": case, "by": case.caller, "words": "x", "at": LATER}
        return QualityDispute.objects.create(**{**usual, **values})

    early = LATER - dt.timedelta(seconds=1)
    assert rule(lambda: disputed(at=early)) == "quality_dispute_of_a_result"
    assert rule(lambda: disputed(by=done.reader)) == "quality_dispute_by_the_caller"
    row = disputed()
    assert rule(disputed) == "journeys_qualitydispute_case_id_key"

    def decided(**values: Any) -> QualityDecision:
        usual = {"dispute": row, "by": reader(), "verdict": "stands", "words": "x", "at": LATER}
        return QualityDecision.objects.create(**{**usual, **values})

    for change, refusal in (
        ({"by": case.caller}, "quality_decision_by_a_third"),
        ({"by": done.reader}, "quality_decision_by_a_third"),
        ({"by": StaffFactory(role="branch_manager")}, "quality_decision_by_compliance"),
        ({"at": early}, "quality_decision_after_the_dispute"),
    ):  # fmt: skip
        assert rule(lambda change=change: decided(**change)) == refusal
    decided()
    assert rule(decided) == "journeys_qualitydecision_dispute_id_key"


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("UPDATE journeys_qualitycase SET readings = 1", "quality_case_closes_with_the_last"),
        ("UPDATE journeys_qualitycase SET closed_at = now()", "quality_case_closes_with_the_last"),
        ("UPDATE journeys_qualityreview SET caller_id = reader_id", "quality_reader_is_not_caller"),
        ("UPDATE journeys_qualityreview SET score = 101", "quality_review_score_of_100"),
        ("UPDATE journeys_qualityreview SET number = 1", "quality_review_once"),
        (
            "UPDATE journeys_qualityreview SET reader_id = (SELECT min(reader_id)"
            " FROM journeys_qualityreview)",
            "quality_review_by_two",
        ),
    ],
)  # fmt: skip
def test_behind_the_triggers_stand_constraints(statement: str, refusal: str) -> None:
    person = caller(BranchFactory())
    both = drawn(held(LeadFactory(branch=person.branch), person, INSTANT), wants=2)
    read(both)
    if "review" in statement:
        read(both)

    def unguarded() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in ("qualitycase", "qualityreview"):
                cursor.execute(f"ALTER TABLE journeys_{table} DISABLE TRIGGER USER")
            if "readings = 1" in statement:
                cursor.execute("UPDATE journeys_qualitycase SET readings = 0, wants = 1")
            cursor.execute(statement)

    assert rule(unguarded) == refusal
    assert both.called_at.date() == DAY
