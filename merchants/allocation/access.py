"""Who may plan promotion money, book it, and pay it."""

from merchants.allocation.models import FundLine, FundPlan
from merchants.partnerships.access import may_lead
from portal.staff.access import scope_of
from portal.staff.enums import Permission, Role
from portal.staff.models import Staff


def may_plan(staff: Staff, plan: FundPlan) -> bool:
    """This will tell whether a person may change a plan: its owner, or a manager of its branch or
    of one above."""
    if not staff.may(Permission.EDIT_PARTNERSHIPS):
        return False
    if staff.role == Role.RELATIONSHIP_MANAGER:
        return plan.owner_id == staff.pk
    return scope_of(staff).reaches(plan.branch)


def may_book(staff: Staff, line: FundLine) -> bool:
    """This will tell whether a person may note commitments and claims: who leads the partnership,
    and who may change the plan."""
    return may_lead(staff, line.partnership) or may_plan(staff, line.plan)


def may_pay(staff: Staff, line: FundLine) -> bool:
    """This will tell whether a person may note payments."""
    is_near = scope_of(staff).reaches(line.plan.branch)
    return staff.may(Permission.PAY_FUNDS) and (is_near or may_lead(staff, line.partnership))
