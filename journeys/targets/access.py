"""Who may make plans of targets and scorecards."""

from journeys.targets.models import Scorecard, TargetPlan
from portal.staff.access import scope_of
from portal.staff.enums import Permission
from portal.staff.models import Staff


def may_plan(staff: Staff, plan: TargetPlan) -> bool:
    """This will tell whether a person may change a plan: a manager of its branch or of one
    above."""
    return staff.may(Permission.EDIT_TARGETS) and scope_of(staff).reaches(plan.branch)


def may_write(staff: Staff, card: Scorecard) -> bool:
    """This will tell whether a person may change a scorecard: a manager of its branch or of one
    above."""
    return staff.may(Permission.EDIT_TARGETS) and scope_of(staff).reaches(card.branch)


def may_see_person(staff: Staff, person: Staff) -> bool:
    """This will tell whether somebody may see what a person would be paid: the person, and managers
    of the branch."""
    if person.pk == staff.pk:
        return True
    return staff.may(Permission.VIEW_PAY) and scope_of(staff).reaches(person.branch)
