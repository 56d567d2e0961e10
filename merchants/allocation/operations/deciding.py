"""A plan before its approvers, and what follows from their decision."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from merchants.allocation import queries
from merchants.allocation.enums import PlanState
from merchants.allocation.models import FundAccount, FundPlan
from merchants.allocation.operations.amending import carry_over, short_of
from merchants.allocation.operations.guards import FundsRefused, locked_draft, take_turn
from portal.approvals import operations as approvals
from portal.approvals import queries as approval_queries
from portal.approvals import rules as approval_rules
from portal.audit import operations as audit
from portal.kit import clock
from portal.staff.models import Staff

APPROVAL_KIND = "fund_plan"


@transaction.atomic
def submit_plan(*, plan_id: int, actor: Staff, at: dt.datetime) -> FundPlan:
    """This will put a plan with its split before other people. Raises FundsRefused."""
    plan = locked_draft(plan_id=plan_id, actor=actor)
    if plan.gap is None:
        raise FundsRefused(_("There is no split yet, or something changed since: split it first."))
    if not queries.split_holds(plan):
        raise FundsRefused(
            _("A partner is in another group by now, and the split breaks a share: split it again.")
        )
    take_turn()
    if against := short_of(plan) or queries.double_words(plan):
        raise FundsRefused(against)
    snapshot = queries.snapshot_of(plan)
    submission = approvals.submit(
        kind=APPROVAL_KIND, target_key=str(plan.pk), title=plan.name,
        summary=plan.amend_reason or plan.code, snapshot=snapshot, maker=actor, author=plan.owner,
        co_authors=queries.who_wrote(plan), at=at,
        approvals_needed=_approvals_needed(snapshot, clock.bank_day(at)),
    )  # fmt: skip
    plan.state, plan.submission = PlanState.WAITING, submission
    plan.save(update_fields=["state", "submission"])
    _record("funds.submitted", plan, actor, at)
    return plan


def _approvals_needed(snapshot: dict[str, Any], on: dt.date) -> int:
    try:
        return approval_queries.approvals_for(
            kind=APPROVAL_KIND, measured=measured_in(snapshot), on=on
        )
    except approval_queries.LevelsMissing as missing:
        raise FundsRefused(
            _("No levels of approval for promotion money are in force. An administrator sets them: "
              "how many people approve from which budget on.")
        ) from missing  # fmt: skip


def measured_in(snapshot: Mapping[str, Any]) -> dict[str, Decimal]:
    """This will return what levels of approval measure of a plan that was submitted; of an
    amendment too it is the whole budget."""
    return {"budget": Decimal(snapshot["plan"]["budget"])}


def not_ready(target_key: str, _snapshot: dict[str, Any], _at: dt.datetime) -> str:
    """This will say why a plan cannot be approved yet; "" where nothing stands against it."""
    plan = FundPlan.objects.get(pk=target_key)
    return short_of(plan) or queries.double_words(plan)


@transaction.atomic
def withdraw_plan(*, plan_id: int, actor: Staff, at: dt.datetime) -> None:
    """This will take back a plan that waits, by who submitted it. Raises approvals.NotPending,
    approvals.NotAllowed."""
    plan = FundPlan.objects.get(pk=plan_id)
    if plan.submission_id is None:
        raise approvals.NotPending(plan.name)
    approvals.withdraw(submission_id=plan.submission_id, maker=actor, at=at)


def current_hash(target_key: str) -> str:
    """This will return the hash of a plan as it stands."""
    plan = FundPlan.objects.select_related("branch").get(pk=target_key)
    return approval_rules.snapshot_hash(queries.snapshot_of(plan))


def carry_plan(target_key: str, checker: Staff, at: dt.datetime) -> None:
    """This will open the accounts of an approved plan, one for each partner that gets money; those
    of a plan that it amends go over to it. Raises approvals.NotReady."""
    plan = _locked(target_key)
    take_turn()
    if twice := queries.double_words(plan):
        raise approvals.NotReady(twice)
    if plan.amends_id is None:
        plan.state = PlanState.APPROVED
        plan.save(update_fields=["state"])
    else:
        carry_over(plan)
    for line in plan.lines.filter(chosen__gt=0, account__isnull=True).order_by("id"):
        FundAccount.objects.create(line=line, allocated=line.chosen or Decimal(0))
    _record("funds.approved", plan, checker, at)


def leave_plan(target_key: str, actor: Staff | None, at: dt.datetime) -> None:
    """This will give a plan back into its maker's hands: returned, withdrawn or void."""
    plan = _locked(target_key)
    if plan.state == PlanState.WAITING:
        plan.state = PlanState.DRAFT
        plan.save(update_fields=["state"])
        _record("funds.returned", plan, actor, at)


def _locked(target_key: str) -> FundPlan:
    rows = FundPlan.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("branch", "owner").get(pk=target_key)


def _record(action: str, plan: FundPlan, actor: Staff | None, at: dt.datetime) -> None:
    audit.record(
        action=action, actor=actor, at=at, target=plan, changes={"budget": str(plan.budget)}
    )
