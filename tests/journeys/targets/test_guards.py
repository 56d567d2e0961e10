"""What the database holds of targets, scorecards and pay, whoever asks."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

from journeys.targets import operations
from journeys.targets.models import (
    PayCard,
    PayEntry,
    PayMonth,
    Scorecard,
    ScorecardMeasure,
    TargetCell,
    TargetNode,
    TargetPlan,
)
from tests.factories import targets as made
from tests.factories.portal import BranchFactory, StaffFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db


def refused_by(step: Callable[[], Any]) -> str | None:
    """The constraint that refuses a step, at once or when its transaction would end."""

    def to_its_end() -> None:
        with transaction.atomic():
            step()
            connection.check_constraints()

    with pytest.raises(IntegrityError) as refusal:
        to_its_end()
    cause = refusal.value.__cause__
    assert isinstance(cause, psycopg.Error)
    return cause.diag.constraint_name


def weighed(weights: dict[str, tuple[str, str]]) -> Callable[[], Any]:
    """Writing a scorecard past the operation, with measures as (kind, weight)."""

    def write() -> None:
        branch = BranchFactory()
        card = Scorecard.objects.create(
            name="x", branch=branch, owner=made.manager(branch), version=1, first_date=made.MONTH,
            point_value=1, reason="x", made_at=made.AT,
        )  # fmt: skip
        for code, (kind, weight) in weights.items():
            ScorecardMeasure.objects.create(
                scorecard=card, measure=code, kind=kind, weight=Decimal(weight), goal=1
            )

    return write


@pytest.mark.parametrize(
    ("weights", "name"),
    [
        ({}, "scorecard_weights_whole"),
        ({"a": ("compliance", "50"), "b": ("risk", "49.99")}, "scorecard_weights_whole"),
        ({"a": ("compliance", "50"), "b": ("risk", "50.01")}, "scorecard_weights_whole"),
        ({"a": ("volume", "100")}, "scorecard_volume_not_main"),
        ({"a": ("volume", "34"), "b": ("compliance", "33"), "c": ("risk", "33")},
         "scorecard_volume_not_main"),
        ({"a": ("volume", "20"), "b": ("compliance", "20"), "c": ("compliance", "20"),
          "d": ("risk", "20"), "e": ("risk", "20")}, "scorecard_volume_not_main"),
        ({"a": ("volume", "30.01"), "b": ("compliance", "35"), "c": ("risk", "34.99")},
         "scorecard_compliance_and_risk_lead"),
        ({"a": ("quality", "40"), "b": ("compliance", "40"), "c": ("risk", "20")},
         "scorecard_compliance_and_risk_lead"),
        ({"a": ("service", "30"), "b": ("compliance", "70")},
         "scorecard_compliance_and_risk_lead"),
    ],
)  # fmt: skip
def test_what_the_supervisor_forbids_is_not_saved(
    weights: dict[str, tuple[str, str]], name: str
) -> None:
    made.set_rule()
    assert refused_by(weighed(weights)) == name
    assert Scorecard.objects.count() == 0


def test_a_scorecard_within_the_law_is_saved_until_it_is_changed_past_it() -> None:
    made.set_rule()
    weighed({"a": ("volume", "30"), "b": ("compliance", "35"), "c": ("risk", "35")})()
    connection.check_constraints()
    rows = ScorecardMeasure.objects.all()
    assert refused_by(lambda: rows.filter(measure="a").delete()) == "scorecard_weights_whole"
    assert refused_by(lambda: rows.filter(measure="b").update(kind="quality")) == (
        "scorecard_compliance_and_risk_lead"
    )
    early = {"first_date": dt.date(2021, 1, 1)}
    assert refused_by(lambda: Scorecard.objects.update(**early)) == "scorecard_has_a_rule"


def test_the_margin_is_data_with_its_day() -> None:
    made.set_rule()
    made.set_rule(dt.date(2026, 4, 1), margin=Decimal("5.01"))
    weighed({"a": ("volume", "30"), "b": ("compliance", "35"), "c": ("risk", "35")})()
    connection.check_constraints()
    later = {"first_date": dt.date(2026, 4, 1)}
    assert refused_by(lambda: Scorecard.objects.update(**later)) == (
        "scorecard_compliance_and_risk_lead"
    )


def test_a_scorecard_begins_as_a_draft_and_never_changes_once_submitted() -> None:
    begun = {"state": "approved", "submission": row_of("portal.Submission")}
    assert refused_by(lambda: row_of("journeys.Scorecard", **begun)) == "scorecard_begins"
    card = made.scorecard()
    rows = Scorecard.objects.filter(pk=card.pk)
    assert refused_by(lambda: rows.update(state="approved")) == "scorecard_goes"
    assert refused_by(lambda: rows.update(state="waiting")) == "scorecard_approved"
    operations.submit_scorecard(scorecard_id=card.pk, actor=card.owner, at=made.AT)
    assert refused_by(lambda: rows.update(state="approved")) == "scorecard_approved"
    assert made.decided(card).state == "approved"
    assert refused_by(lambda: rows.update(point_value=99)) == "scorecard_stays"
    assert refused_by(lambda: rows.update(state="draft")) == "scorecard_goes"
    assert refused_by(lambda: card.measures.update(goal=99)) == "scorecard_stays"
    assert refused_by(lambda: card.measures.all().delete()) == "scorecard_stays"
    other = made.scorecard()
    assert refused_by(lambda: other.measures.update(scorecard=card)) == "scorecard_stays"
    assert refused_by(lambda: rows._raw_delete("default")) is None


def test_a_plan_goes_its_way_and_stays() -> None:
    begun = {"state": "approved", "submission": row_of("portal.Submission")}
    assert refused_by(lambda: row_of("journeys.TargetPlan", **begun)) == "target_plan_begins"
    plan = made.plan()
    rows = TargetPlan.objects.filter(pk=plan.pk)
    assert refused_by(lambda: rows.update(state="approved")) == "target_plan_goes"
    assert refused_by(lambda: rows.update(state="waiting")) == "target_plan_approved"
    made.approved(plan)
    assert refused_by(lambda: rows.update(name="y")) == "target_plan_stays"
    assert refused_by(lambda: TargetCell.objects.update(value=1)) == "target_plan_stays"
    assert refused_by(lambda: row_of("journeys.TargetNode", plan=plan)) == "target_plan_stays"
    assert refused_by(lambda: rows._raw_delete("default")) is None


def test_parts_never_come_to_more_than_their_whole() -> None:
    plan = made.plan(period="month", first_date=made.MONTH, total=Decimal(10))
    root = made.root(plan)
    part = TargetNode.objects.create(plan=plan, parent=root, branch=BranchFactory())
    cell = {"node": part, "month": made.MONTH}
    assert refused_by(lambda: TargetCell.objects.create(value=11, **cell)) == "target_parts_within"
    TargetCell.objects.create(value=10, **cell)
    connection.check_constraints()
    wholes = TargetCell.objects.filter(node=root)
    assert refused_by(lambda: wholes.update(value=9)) == "target_parts_within"
    assert refused_by(lambda: wholes.delete()) == "target_parts_within"
    other = made.plan()
    child = {"plan": other, "parent": root, "branch": BranchFactory()}
    assert refused_by(lambda: TargetNode.objects.create(**child)) == "target_part_of_its_plan"
    second = {"plan": plan, "branch": BranchFactory()}
    assert refused_by(lambda: TargetNode.objects.create(**second)) == "target_node_one_root"
    moved = TargetNode.objects.filter(pk=part.pk)
    assert refused_by(lambda: moved.update(branch=plan.branch)) == "target_part_stays"


def test_what_a_card_brought_is_taken_back_once_and_exactly() -> None:
    part = row_of("journeys.PayCard")
    entry = part.entry
    month = dt.date(2026, 4, 1)
    taken = {
        "staff": entry.staff, "kind": "taken_back", "measure": entry.measure, "pay_month": month,
        "takes_back": part, "because": "closed", "at": made.AT,
    }  # fmt: skip

    def take(**changes: Any) -> Any:
        return PayEntry.objects.create(**{"amount": Decimal(-10), **taken, **changes})

    brought = "pay_takes_back_what_it_brought"
    assert refused_by(lambda: take(amount=Decimal(-11))) == brought
    assert refused_by(lambda: take(amount=Decimal(-9))) == brought
    assert refused_by(lambda: take(staff=StaffFactory())) == brought
    assert refused_by(lambda: take(pay_month=dt.date(2026, 2, 1))) == brought
    take()
    assert "takes_back_id" in (refused_by(take) or "")
    assert refused_by(lambda: PayCard.objects.create(entry=entry, card=_card(), amount=1)) == (
        "pay_cards_whole"
    )
    assert refused_by(lambda: PayCard.objects.update(amount=1)) is None
    assert PayEntry.objects.count() == 2


def _card() -> Any:
    return row_of("journeys.Card")


def test_a_closed_month_is_what_its_entries_say_and_takes_no_more() -> None:
    entry = row_of("journeys.PayEntry")
    month = {"staff": entry.staff, "month": entry.pay_month}
    wrong = {**month, "earned": Decimal(9), "payable": Decimal(9)}
    assert refused_by(lambda: row_of("journeys.PayMonth", **wrong)) == "pay_month_is_its_entries"
    row_of("journeys.PayMonth", **month, earned=Decimal(10), payable=Decimal(10))
    again = {"staff": entry.staff, "measure": entry.measure}
    assert refused_by(lambda: row_of("journeys.PayEntry", **again)) == "pay_month_is_closed"
    before = {"staff": entry.staff, "month": dt.date(2026, 2, 1)}
    assert refused_by(lambda: row_of("journeys.PayMonth", **before)) == "pay_month_in_turn"
    assert refused_by(lambda: PayMonth.objects.update(payable=1)) is None
