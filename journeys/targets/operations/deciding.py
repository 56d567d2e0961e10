"""A plan of targets or a scorecard before another person, and what follows from the decision."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from journeys.targets import queries
from journeys.targets.enums import CardState, PlanState
from journeys.targets.models import Scorecard, TargetPlan
from journeys.targets.operations.guards import TargetRefused, locked_card, locked_plan
from portal.approvals import operations as approvals
from portal.approvals import rules as approval_rules
from portal.audit import operations as audit
from portal.kit import clock
from portal.staff.models import Staff

PLAN_APPROVAL, CARD_APPROVAL = "target_plan", "scorecard"


@transaction.atomic
def submit_plan(*, plan_id: int, actor: Staff, at: dt.datetime) -> TargetPlan:
    """This will put a plan of targets before another person. Raises TargetRefused."""
    plan = locked_plan(plan_id=plan_id, actor=actor)
    if fault := _plan_fault(plan):
        raise TargetRefused(fault)
    plan.submission = approvals.submit(
        kind=PLAN_APPROVAL, target_key=str(plan.pk), title=plan.name,
        summary=plan.why or plan.basis, snapshot=queries.snapshot_of(plan), maker=actor,
        author=plan.owner, at=at,
    )  # fmt: skip
    plan.state = PlanState.WAITING
    plan.save(update_fields=["state", "submission"])
    _record("targets.submitted", plan, actor, at)
    return plan


def _plan_fault(plan: TargetPlan) -> str:
    if (rival := queries.rival_of(plan)) is not None:
        sentence = _(
            "Plan {code} of the same measure, branch and months is in force: begin its next "
            "version instead."
        )
        return sentence.format(code=rival.code)
    if plan.derives_from is not None and not plan.derives_from.plan.is_approved:
        return _("The plan that it derives from was replaced: split the new one further instead.")
    return ""


@transaction.atomic
def submit_scorecard(*, scorecard_id: int, actor: Staff, at: dt.datetime) -> Scorecard:
    """This will put a scorecard before another person. Raises TargetRefused."""
    card = locked_card(scorecard_id=scorecard_id, actor=actor)
    if fault := _card_fault(card, clock.bank_day(at)):
        raise TargetRefused(fault)
    card.submission = approvals.submit(
        kind=CARD_APPROVAL, target_key=str(card.pk), title=card.name, summary=card.reason,
        snapshot=queries.card_snapshot(card), maker=actor, author=card.owner, at=at,
    )  # fmt: skip
    card.state = CardState.WAITING
    card.save(update_fields=["state", "submission"])
    _record("scorecard.submitted", card, actor, at)
    return card


def _card_fault(card: Scorecard, on: dt.date) -> str:
    if card.first_date < on.replace(day=1):
        return _("Its month has passed: nobody is measured by what was not known before. Give it "
                 "a later month.")  # fmt: skip
    rows = Scorecard.objects.filter(
        branch=card.branch, first_date=card.first_date, state=CardState.APPROVED
    )
    if rows.exists():
        return _("Another scorecard of the branch is approved from this month on.")
    # A stricter rule may have come since it was written.
    return " ".join(queries.faults_of(queries.weights_of(card), on=card.first_date))


@transaction.atomic
def withdraw(*, row: TargetPlan | Scorecard, actor: Staff, at: dt.datetime) -> None:
    """This will take back what waits, by who submitted it. Raises approvals.NotPending,
    approvals.NotAllowed."""
    if row.submission_id is None:
        raise approvals.NotPending(row.name)
    approvals.withdraw(submission_id=row.submission_id, maker=actor, at=at)


def plan_hash(target_key: str) -> str:
    """This will return the hash of a plan as it stands."""
    plan = TargetPlan.objects.select_related("branch", "product").get(pk=target_key)
    return approval_rules.snapshot_hash(queries.snapshot_of(plan))


def plan_unready(target_key: str, _snapshot: dict[str, Any], _at: dt.datetime) -> str:
    """This will say why a plan cannot be approved yet; "" where nothing stands against it."""
    return _plan_fault(TargetPlan.objects.get(pk=target_key))


def card_hash(target_key: str) -> str:
    """This will return the hash of a scorecard as it stands."""
    card = Scorecard.objects.select_related("branch").get(pk=target_key)
    return approval_rules.snapshot_hash(queries.card_snapshot(card))


def card_unready(target_key: str, _snapshot: dict[str, Any], at: dt.datetime) -> str:
    """This will say why a scorecard cannot be approved any more; "" where nothing stands against
    it."""
    return _card_fault(Scorecard.objects.get(pk=target_key), clock.bank_day(at))


def carry_plan(target_key: str, checker: Staff, at: dt.datetime) -> None:
    """This will put an approved plan into force, in place of the version before it."""
    plan = TargetPlan.objects.select_for_update(of=("self",), no_key=True).get(pk=target_key)
    if plan.replaces_id is not None:
        TargetPlan.objects.filter(pk=plan.replaces_id, state=PlanState.APPROVED).update(
            state=PlanState.REPLACED
        )
    plan.state = PlanState.APPROVED
    plan.save(update_fields=["state"])
    _record("targets.approved", plan, checker, at)


def leave_plan(target_key: str, actor: Staff | None, at: dt.datetime) -> None:
    """This will give a plan back into its maker's hands: returned, withdrawn or void."""
    plan = TargetPlan.objects.select_for_update(of=("self",), no_key=True).get(pk=target_key)
    if plan.is_waiting:
        plan.state = PlanState.DRAFT
        plan.save(update_fields=["state"])
        _record("targets.returned", plan, actor, at)


def carry_scorecard(target_key: str, checker: Staff, at: dt.datetime) -> None:
    """This will let an approved scorecard hold from its month on."""
    card = Scorecard.objects.select_for_update(of=("self",), no_key=True).get(pk=target_key)
    card.state = CardState.APPROVED
    card.save(update_fields=["state"])
    _record("scorecard.approved", card, checker, at)


def leave_scorecard(target_key: str, actor: Staff | None, at: dt.datetime) -> None:
    """This will give a scorecard back into its maker's hands: returned, withdrawn or void."""
    card = Scorecard.objects.select_for_update(of=("self",), no_key=True).get(pk=target_key)
    if card.is_waiting:
        card.state = CardState.DRAFT
        card.save(update_fields=["state"])
        _record("scorecard.returned", card, actor, at)


def _record(action: str, row: TargetPlan | Scorecard, actor: Staff | None, at: dt.datetime) -> None:
    audit.record(action=action, actor=actor, at=at, target=row, changes={"code": row.code})
