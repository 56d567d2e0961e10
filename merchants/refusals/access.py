"""Who may record what a merchant said no with, and what was tried."""

from merchants.partnerships.access import may_lead
from merchants.partnerships.models import Partnership
from merchants.prospects.models import MerchantLead
from merchants.refusals.models import Refusal
from portal.staff.access import scope_of
from portal.staff.enums import Permission
from portal.staff.models import Staff


def may_talk_to(staff: Staff, of: Partnership | MerchantLead) -> bool:
    """This will tell whether a person talks to a partner or a lead: who leads the partnership, and
    of leads whoever leads partnerships in their branch."""
    if isinstance(of, Partnership):
        return may_lead(staff, of)
    is_near = of.branch is not None and scope_of(staff).reaches(of.branch)
    return staff.may(Permission.EDIT_PARTNERSHIPS) and is_near


def may_answer(staff: Staff, refusal: Refusal) -> bool:
    """This will tell whether a person may say what was tried at a refusal, and what became of
    it."""
    of = refusal.partnership or refusal.lead
    return of is not None and may_talk_to(staff, of)
