"""What every step of a plan begins with: the row is locked, and the person may."""

from django.db import connection
from django.utils.translation import gettext as _

from merchants.allocation.access import may_plan
from merchants.allocation.models import FundPlan
from portal.staff.models import Staff


class FundsRefused(Exception):
    """Raised where promotion money is not planned or booked so; its text is a sentence for a
    person."""


def locked_draft(*, plan_id: int, actor: Staff) -> FundPlan:
    """This will lock a plan in the making for a person who may change it. Raises FundsRefused."""
    rows = FundPlan.objects.select_for_update(of=("self",), no_key=True)
    plan = rows.select_related("branch", "owner").get(pk=plan_id)
    if not may_plan(actor, plan):
        sentence = _("This plan is made by {owner}; {name} may only read it.")
        raise FundsRefused(sentence.format(owner=plan.owner.label, name=actor.label))
    if not plan.is_draft:
        raise FundsRefused(why_it_stays(plan))
    return plan


# The one that the trigger takes: whoever has it sees what others submitted.
_TURN = "SELECT pg_advisory_xact_lock(hashtextextended('merchants.fund_plans', 0))"


def take_turn() -> None:
    """This will have plans submitted and approved one after the other, until the transaction ends,
    so that of two that give money to the same partner the second finds the first."""
    with connection.cursor() as cursor:
        cursor.execute(_TURN)


def why_it_stays(plan: FundPlan) -> str:
    """This will say of a plan that was submitted what must be done before anything changes."""
    if plan.is_approved:
        return _("This plan is approved and stays as it is: amend it.")
    if plan.is_amended:
        return _("This plan was amended and stays as it is: change the plan that amends it.")
    maker = plan.submission.maker if plan.submission else plan.owner
    sentence = _(
        "This plan waits for approval and stays as it is: {name} takes it back first, then it may "
        "be changed."
    )
    return sentence.format(name=maker.label)
