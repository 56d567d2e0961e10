"""An approved plan changed by another one: what is committed and paid already binds it."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from merchants.allocation import queries
from merchants.allocation.access import may_plan
from merchants.allocation.enums import PlanState
from merchants.allocation.models import (
    FundAccount,
    FundLine,
    FundPlan,
    FundShare,
    ResponseLevel,
)
from merchants.allocation.operations.guards import FundsRefused, why_it_stays
from portal.approvals import operations as approvals
from portal.audit import operations as audit
from portal.kit import masking
from portal.staff.models import Staff

_OF_PLAN = (
    "name", "branch", "owner", "first_date", "last_date", "budget", "income_percent",
    "reach_percent", "inputs_source",
)  # fmt: skip
_OF_LINE = (
    "partnership", "step", "basis", "ceiling", "past_spent", "past_effect", "past_low",
    "past_high", "half", "source", "last_year", "margin_percent", "merchant_percent",
)  # fmt: skip
_OF_LEVEL = (
    "number", "amount", "effect", "effect_low", "effect_high", "source", "as_of", "heard_at", "by",
    "by_before",
)  # fmt: skip
_OF_SHARE = ("kind", "value", "least_percent", "most_percent")


@transaction.atomic
def amend_plan(*, plan_id: int, reason: str, actor: Staff, at: dt.datetime) -> FundPlan:
    """This will begin an amendment of an approved plan: a plan in the making with the same days,
    partners and shares, in which nobody gets less than what is committed. Raises FundsRefused."""
    rows = FundPlan.objects.select_for_update(of=("self",), no_key=True)
    plan = rows.select_related("branch", "owner").get(pk=plan_id)
    if not may_plan(actor, plan):
        sentence = _("This plan is made by {owner}; {name} may only read it.")
        raise FundsRefused(sentence.format(owner=plan.owner.label, name=actor.label))
    said = masking.mask_text(reason.strip())
    if not said:
        raise FundsRefused(_("Give a reason: its approvers read it."))
    if made := FundPlan.objects.filter(amends=plan).first():
        sentence = _("It is amended by {code} already: go on there.")
        raise FundsRefused(sentence.format(code=made.code))
    if not plan.is_approved:
        itself = _("Only an approved plan is amended; change the plan itself.")
        raise FundsRefused(itself if plan.is_draft else why_it_stays(plan))
    amendment = FundPlan.objects.create(
        amends=plan, amend_reason=said, made_at=at, **_values(plan, _OF_PLAN)
    )
    _take_over(plan, amendment)
    audit.record(
        action="funds.amended", actor=actor, at=at, target=amendment, reason=said,
        changes={"amends": plan.code},
    )  # fmt: skip
    return amendment


def _values(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _take_over(plan: FundPlan, amendment: FundPlan) -> None:
    committed = queries.committed_before(amendment)
    for old in queries.lines_of(plan):
        held = committed.get(old.partnership_id, Decimal(0))
        new = FundLine.objects.create(
            plan=amendment, least=max(old.least, held), most=max(old.most, held),
            **_values(old, _OF_LINE),
        )  # fmt: skip
        ResponseLevel.objects.bulk_create(
            ResponseLevel(line=new, plan_code=amendment.code, **_values(level, _OF_LEVEL))
            for level in old.levels.all()
        )
    for share in queries.shares_of(plan):
        FundShare.objects.create(plan=amendment, **_values(share, _OF_SHARE))


def raise_floors(plan: FundPlan) -> None:
    """This will lift the floors of an amendment to what is committed by now."""
    committed = queries.committed_before(plan)
    for line in plan.lines.filter(partnership__in=committed).order_by("id"):
        held = committed[line.partnership_id]
        if line.least < held:
            line.least, line.most, line.chosen = held, max(line.most, held), None
            line.save(update_fields=["least", "most", "chosen"])


def short_of(plan: FundPlan) -> str:
    """This will say who would get less than what is committed; "" where nobody would."""
    committed = queries.committed_before(plan)
    rows = plan.lines.filter(partnership__in=committed).select_related("partnership__merchant")
    short = [
        row.partnership.merchant.label
        for row in rows.order_by("id")
        if (row.chosen or Decimal(0)) < committed[row.partnership_id]
    ]
    if not short:
        return ""
    sentence = _("More is committed by now than the amendment gives to: {names}. Split it again.")
    return sentence.format(names=_(", ").join(short))


def carry_over(amendment: FundPlan) -> None:
    """This will lead the accounts of the amended plan over to its amendment, with their entries.
    Raises approvals.NotReady where more was committed meanwhile."""
    plans = FundPlan.objects.select_for_update(of=("self",), no_key=True)
    plan = plans.get(amendment=amendment)
    rows = FundAccount.objects.select_for_update(of=("self",), no_key=True)
    accounts = rows.filter(line__plan=plan).select_related("line").order_by("id")
    lines = {line.partnership_id: line for line in amendment.lines.all()}
    held = list(accounts)
    if short := short_of(amendment):
        raise approvals.NotReady(short)
    amendment.state = PlanState.APPROVED
    amendment.save(update_fields=["state"])
    for account in held:
        line = lines[account.line.partnership_id]
        account.line, account.allocated = line, line.chosen or Decimal(0)
        account.save(update_fields=["line", "allocated"])
    plan.state = PlanState.AMENDED
    plan.save(update_fields=["state"])
