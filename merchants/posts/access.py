"""Who may plan at which post, and keep what is known of whom."""

from merchants.directory.models import Merchant
from merchants.posts.models import Post, Shift
from portal.staff.access import scope_of
from portal.staff.enums import Permission, Role
from portal.staff.models import Staff


def may_plan_for(staff: Staff, merchant: Merchant) -> bool:
    """This will tell whether a person plans posts of a merchant: a relationship manager the own
    merchants', a branch manager those of the branch and below."""
    if not staff.may(Permission.EDIT_POSTS):
        return False
    if staff.role == Role.RELATIONSHIP_MANAGER:
        return merchant.manager_id == staff.pk
    return scope_of(staff).reaches(merchant.branch)


def may_plan(staff: Staff, post: Post) -> bool:
    """This will tell whether a person may change a post and say who stands there."""
    if staff.role == Role.RELATIONSHIP_MANAGER:
        return staff.may(Permission.EDIT_POSTS) and post.store.merchant.manager_id == staff.pk
    return staff.may(Permission.EDIT_POSTS) and scope_of(staff).reaches(post.branch)


def may_keep_person(staff: Staff, person: Staff) -> bool:
    """This will tell whether a person records qualifications and absences of another: nobody the
    own ones."""
    return (
        staff.may(Permission.KEEP_QUALIFICATIONS)
        and staff.pk != person.pk
        and scope_of(staff).reaches(person.branch)
    )


def stands_there(staff: Staff, shift: Shift) -> bool:
    """This will tell whether a shift is the person's own."""
    return shift.staff_id == staff.pk and staff.may(Permission.STAND_AT_POSTS)
