"""Writing scorecards: what may be, who may, and who approves."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import translation

from journeys.targets import operations
from journeys.targets.models import Scorecard, ScorecardMeasure, ScorecardRule
from journeys.targets.rules import measures
from portal.approvals import operations as approvals
from tests.factories import targets as made
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db
AT = made.AT


@pytest.mark.parametrize(
    "weights",
    [
        {"cards_issued": "100"},
        {"cards_issued": "40", "complaints_upheld": "30", "used_in_time": "30"},
        {"complaints_upheld": "40", "used_in_time": "20", "cards_in_use": "40"},
        {"complaints_upheld": "50", "used_in_time": "49"},
        {"complaints_upheld": "50", "moon": "50"},
        {"complaints_upheld": "50", "complaints_opened": "50"},
        {},
    ],
)
def test_what_the_supervisor_forbids_is_refused_with_a_sentence(weights: dict[str, str]) -> None:
    with pytest.raises(operations.TargetRefused) as refused:
        made.scorecard(chosen=made.items(weights))
    assert all(refused.value.faults)
    assert Scorecard.objects.count() == 0


def test_without_a_rule_nothing_is_saved() -> None:
    with pytest.raises(operations.TargetRefused):
        made.scorecard(first_date=dt.date(2021, 1, 1))
    assert Scorecard.objects.count() == 0


def test_the_kind_is_that_of_the_measure() -> None:
    card = made.scorecard()
    kinds = dict(card.measures.values_list("measure", "kind"))
    assert kinds == {
        code: found.kind for code in kinds if (found := measures.find_measure(code)) is not None
    }
    assert len(kinds) == 5


def test_a_draft_is_written_anew_and_versions_are_counted() -> None:
    owner = made.manager()
    first = made.scorecard(owner)
    weights = {"complaints_upheld": "50", "used_in_time": "50"}
    made.scorecard(owner, made.items(weights), scorecard_id=first.pk, name="改名")
    assert (Scorecard.objects.get().name, ScorecardMeasure.objects.count()) == ("改名", 2)
    assert made.scorecard(owner).version == 2


def test_it_is_approved_by_another_person_and_never_changes_then() -> None:
    card = made.scorecard()
    operations.submit_scorecard(scorecard_id=card.pk, actor=card.owner, at=AT)
    card.refresh_from_db()
    assert card.submission_id is not None
    with pytest.raises(approvals.OwnWork):
        approvals.decide(
            submission_id=card.submission_id, checker=card.owner, verdict="approve", reason="",
            at=AT,
        )  # fmt: skip
    with pytest.raises(approvals.NotAllowed):
        approvals.decide(
            submission_id=card.submission_id, checker=made.manager(card.branch),
            verdict="approve", reason="", at=AT,
        )  # fmt: skip
    made.decided(card)
    with pytest.raises(operations.TargetRefused):
        made.scorecard(card.owner, scorecard_id=card.pk, name="y")
    card.refresh_from_db()
    assert (card.state, card.name) == ("approved", "电销考核")


def test_nobody_is_measured_by_what_was_not_known_before() -> None:
    card = made.scorecard(first_date=dt.date(2026, 2, 1))
    with pytest.raises(operations.TargetRefused):
        operations.submit_scorecard(scorecard_id=card.pk, actor=card.owner, at=AT)
    card.refresh_from_db()
    assert card.state == "draft"


def test_one_scorecard_of_a_branch_begins_in_a_month() -> None:
    card = made.in_force()
    second = made.scorecard(card.owner)
    with pytest.raises(operations.TargetRefused):
        operations.submit_scorecard(scorecard_id=second.pk, actor=card.owner, at=AT)


def test_who_makes_no_plans_writes_no_scorecards() -> None:
    for role in ("telemarketer", "analyst", "approver"):
        with pytest.raises(operations.TargetRefused):
            made.scorecard(StaffFactory(role=role))


def test_the_delivered_rule_has_its_source() -> None:
    rule = ScorecardRule.objects.get()
    assert (rule.margin, "银保监规〔2022〕13号" in rule.source) == (Decimal(5), True)


def test_refusals_read_in_chinese_too() -> None:
    with translation.override("zh-hans"), pytest.raises(operations.TargetRefused) as refused:
        made.scorecard(chosen=made.items({"cards_issued": "100"}))
    assert "发卡" in str(refused.value)
