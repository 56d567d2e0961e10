"""Making plans: the budget, the partners with their bounds and responses, shares of groups."""

import datetime as dt
from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from merchants.allocation import queries
from merchants.allocation.enums import Basis
from merchants.allocation.models import FundLine, FundPlan, FundShare
from merchants.allocation.operations.guards import FundsRefused, locked_draft
from portal.audit import operations as audit
from portal.kit import money
from portal.staff.enums import Permission
from portal.staff.models import Staff

_STEP, _CAP, _ROUND = Decimal("0.02"), Decimal("0.20"), Decimal(100)
# What a partner takes over from the plan before, where it was in one.
_TAKEN_OVER = (
    "basis", "ceiling", "past_spent", "past_effect", "past_low", "past_high", "half", "source",
    "margin_percent", "merchant_percent",
)  # fmt: skip


@transaction.atomic
def make_plan(
    *,
    name: str,
    first_date: dt.date,
    last_date: dt.date,
    budget: Decimal,
    actor: Staff,
    at: dt.datetime,
    income_percent: Decimal | None = None,
    reach_percent: Decimal | None = None,
    inputs_source: str = "",
) -> FundPlan:
    """This will begin a plan of the person's branch, without partners yet. Raises FundsRefused."""
    if not actor.may(Permission.EDIT_PARTNERSHIPS):
        raise FundsRefused(_("Plans are made by those who lead partnerships."))
    plan = FundPlan.objects.create(
        name=name, branch=actor.branch, owner=actor, first_date=first_date, last_date=last_date,
        budget=budget, income_percent=income_percent, reach_percent=reach_percent,
        inputs_source=inputs_source, made_at=at,
    )  # fmt: skip
    _record("funds.planned", plan, actor, at, {"budget": str(budget)})
    return plan


@transaction.atomic
def change_plan(*, plan_id: int, values: dict[str, Any], actor: Staff, at: dt.datetime) -> FundPlan:
    """This will change what a plan says of itself: the fields of `make_plan`. Raises
    FundsRefused."""
    plan = locked_draft(plan_id=plan_id, actor=actor)
    if plan.amends_id is not None and values.get("first_date", plan.first_date) != plan.first_date:
        raise FundsRefused(_("The first day of a plan that is amended stays as it is."))
    for field, value in values.items():
        setattr(plan, field, value)
    plan.save(update_fields=list(values))
    plan.refresh_from_db(fields=["gap"])
    _record("funds.changed", plan, actor, at, {key: str(one) for key, one in values.items()})
    return plan


@transaction.atomic
def add_partners(
    *, plan_id: int, partnership_ids: Sequence[int], actor: Staff, at: dt.datetime
) -> list[FundLine]:
    """This will take partners into a plan, with bounds to begin with: no floor, a fifth of the
    budget at most, steps of a fiftieth. What the last approved plan knew of a partner is taken
    over, and what approved plans paid for the same days a year before. Raises FundsRefused."""
    plan = locked_draft(plan_id=plan_id, actor=actor)
    found = queries.candidates(plan).filter(pk__in=partnership_ids)
    before = queries.paid_a_year_before(plan=plan, partnership_ids=partnership_ids)
    known = _known_of(partnership_ids)
    step = max(_rounded(plan.budget * _STEP), Decimal(1))
    lines = [
        FundLine.objects.create(
            plan=plan, partnership=row, step=step,
            most=max(_rounded(plan.budget * _CAP), step),
            last_year=before.get(row.pk), **known.get(row.pk, {}),
        )
        for row in found
    ]  # fmt: skip
    if lines:
        numbers = [row.partnership.merchant.number for row in lines]
        _record("funds.partners_added", plan, actor, at, {"merchants": numbers})
    return lines


def _rounded(amount: Decimal) -> Decimal:
    """Down to whole hundreds, where there are any."""
    hundreds = (amount / _ROUND).quantize(Decimal(1), rounding=ROUND_DOWN) * _ROUND
    return hundreds or amount.quantize(Decimal(1), rounding=ROUND_DOWN)


def _known_of(partnership_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """By the id of the partnership. A file's levels stay with their plan; a partner with such
    levels begins anew."""
    rows = FundLine.objects.filter(partnership__in=partnership_ids, account__isnull=False)
    rows = rows.order_by("partnership_id", "-plan__last_date", "-id").distinct("partnership_id")
    found: dict[int, dict[str, Any]] = {}
    for line in rows:
        found[line.partnership_id] = {name: getattr(line, name) for name in _TAKEN_OVER}
        if line.basis == Basis.LEVELS:
            found[line.partnership_id] |= {"basis": Basis.NONE, "source": ""}
    return found


@transaction.atomic
def change_line(*, line_id: int, values: dict[str, Any], actor: Staff, at: dt.datetime) -> FundLine:
    """This will change bounds and response of a partner; a split that was chosen counts no more.
    Raises FundsRefused."""
    line = _line(line_id, actor)
    held = queries.committed_before(line.plan).get(line.partnership_id, Decimal(0))
    if values.get("least", line.least) < held:
        sentence = _("{amount} is committed already: it gets no less than that.")
        raise FundsRefused(sentence.format(amount=money.show(held)))
    for field, value in values.items():
        setattr(line, field, value)
    line.chosen = None
    line.save(update_fields=[*values, "chosen"])
    changes = {key: str(one) for key, one in values.items()}
    merchant = line.partnership.merchant.number
    _record("funds.line_changed", line.plan, actor, at, {"merchant": merchant, **changes})
    return line


@transaction.atomic
def remove_line(*, line_id: int, actor: Staff, at: dt.datetime) -> None:
    """This will leave a partner out of a plan, with its levels from files. Raises FundsRefused."""
    line = _line(line_id, actor)
    if line.partnership_id in queries.committed_before(line.plan):
        raise FundsRefused(
            _("The plan that is amended gives it money: it may get less, and is not left out.")
        )
    line.levels.all().delete()
    line.delete()
    merchant = line.partnership.merchant.number
    _record("funds.line_removed", line.plan, actor, at, {"merchant": merchant})


def _line(line_id: int, actor: Staff) -> FundLine:
    of = FundLine.objects.values_list("plan_id", flat=True).filter(pk=line_id).first()
    if of is None:
        raise FundsRefused(_("Somebody took this partner out of the plan meanwhile."))
    plan = locked_draft(plan_id=of, actor=actor)
    line = FundLine.objects.select_related("partnership__merchant").get(pk=line_id)
    line.plan = plan
    return line


@transaction.atomic
def set_share(
    *, plan_id: int, kind: str, value: str, least: int, most: int, actor: Staff, at: dt.datetime
) -> FundShare:
    """This will bind a group's share of the budget (%), in place of what bound it before. Raises
    FundsRefused."""
    plan = locked_draft(plan_id=plan_id, actor=actor)
    if (least, most) == (0, 100):
        raise FundsRefused(_("From 0 to 100 % binds nothing: give a least or a most share."))
    share, _made = FundShare.objects.update_or_create(
        plan=plan, kind=kind, value=value,
        defaults={"least_percent": least, "most_percent": most},
    )  # fmt: skip
    _record("funds.share_set", plan, actor, at, {"group": value, "least": least, "most": most})
    return share


@transaction.atomic
def remove_share(*, plan_id: int, share_id: int, actor: Staff, at: dt.datetime) -> None:
    """This will bind a group's share no more. Raises FundsRefused."""
    plan = locked_draft(plan_id=plan_id, actor=actor)
    share = plan.shares.filter(pk=share_id).first()
    if share is not None:
        share.delete()
        _record("funds.share_removed", plan, actor, at, {"group": share.value})


def _record(
    action: str, plan: FundPlan, actor: Staff, at: dt.datetime, changes: dict[str, Any]
) -> None:
    audit.record(action=action, actor=actor, at=at, target=plan, changes=changes)
