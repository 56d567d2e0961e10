"""Lists of leads, and what makes one more row on each."""

from typing import Any

from journeys.telemarketing import operations
from journeys.telemarketing.enums import MovePath
from journeys.telemarketing.models import Lead
from portal.models import Branch, Staff
from portal.staff.enums import Role
from tests.factories import leads, portal
from tests.project import quality_rows, target_places, target_rows
from tests.project.lead_rows import alike_pair, insert_hold, owned_lead
from tests.project.listing import Listing, in_new_branch
from tests.project.making import INSTANT
from tests.project.rows import row_of


def _of_mine(staff: Staff, _arguments: dict[str, Any]) -> None:
    """One of one's own, and one in the pool, each of a branch of its own."""
    leads.set_policy()
    owned_lead(staff)
    row_of("journeys.Lead", branch=portal.BranchFactory(parent=staff.branch))


def _held_by(_staff: Staff, arguments: dict[str, Any]) -> None:
    owner = Staff.objects.get(username=arguments["username"])
    row_of("journeys.Lead", branch=portal.BranchFactory(parent=owner.branch), owner=owner)


def _a_move(_staff: Staff, arguments: dict[str, Any]) -> None:
    """Somebody of a branch takes it and puts it back."""
    leads.set_policy()
    lead = Lead.objects.get(pk=arguments["lead_id"])
    person = leads.caller(lead.branch)
    for path, owner in ((MovePath.CLAIM, person.pk), (MovePath.RELEASE, None)):
        one = operations.Move(lead.pk, owner, "new")
        operations.move(moves=[one], path=path, actor=person, at=INSTANT)
    row_of("journeys.LeadCall", hold=insert_hold(lead=lead))


def _a_promise(staff: Staff, _arguments: dict[str, Any]) -> None:
    """One of one's own, one in the pool, and a promise to keep."""
    _of_mine(staff, {})
    row_of("journeys.Callback", owner=staff, deputy=portal.StaffFactory)


def _call_of(branch: Branch) -> Staff:
    """A call to be read of somebody of a branch below it, who has a lead in hand, and a promise."""
    person = leads.caller(portal.BranchFactory(parent=branch))
    row_of("journeys.QualityCase", caller=person)
    lead = row_of("journeys.Lead", owner=person, branch=person.branch)
    lead.call_from = lead.promised_at = INSTANT
    lead.save()
    row_of("journeys.LeadHold", lead=row_of("journeys.Lead"), holder=person)
    return person


def calls_read(staff: Staff, _arguments: dict[str, Any]) -> None:
    """One more call to read, one that was read, and a dispute of it; where the person calls, one
    of the own."""
    leads.set_policy()
    person = _call_of(staff.branch)
    own = staff if staff.role == Role.TELEMARKETER else person
    row_of("journeys.QualityDispute", case=quality_rows.read_case(caller=own))


LISTS: dict[str, Listing] = {
    "target_list": Listing(Role.COMPLIANCE, in_new_branch("journeys.TargetPlan")),
    "target_page": Listing(
        Role.COMPLIANCE, target_rows.on_plan, target_places.ARGUMENTS["target_page"]
    ),
    "scorecard_list": Listing(Role.COMPLIANCE, in_new_branch("journeys.Scorecard")),
    "pay_list": Listing(Role.COMPLIANCE, target_rows.a_closed_month),
    "lead_watch": Listing(Role.BRANCH_MANAGER, calls_read),
    "quality_list": Listing(Role.COMPLIANCE, calls_read),
    "quality_results": Listing(Role.COMPLIANCE, calls_read),
    "my_calls_list": Listing(Role.TELEMARKETER, calls_read),
    "mood_move_list": Listing(
        Role.BRANCH_MANAGER, lambda _staff, _arguments: row_of("journeys.MoodMove")
    ),
    "disposition_list": Listing(
        Role.BRANCH_MANAGER, lambda _staff, _arguments: row_of("journeys.Disposition")
    ),
    "lead_desk": Listing(Role.TELEMARKETER, _a_promise),
    "lead_pool": Listing(
        Role.BRANCH_MANAGER,
        lambda staff, _arguments: row_of(
            "journeys.Lead",
            owner=leads.caller(branch := portal.BranchFactory(parent=staff.branch)),
            branch=branch,
        ),
    ),
    "lead_holder": Listing(
        Role.BRANCH_MANAGER,
        _held_by,
        lambda staff: {"username": leads.caller(staff.branch).username},
    ),
    "script_list": Listing(
        Role.CAMPAIGN_MANAGER,
        lambda _staff, _arguments: row_of("journeys.CallScript"),
    ),
    "fact_list": Listing(
        Role.CAMPAIGN_MANAGER,
        lambda _staff, _arguments: row_of(
            "journeys.ProductFact",
            proposed_by=portal.StaffFactory(),
            settled_by=portal.StaffFactory(),
        ),
    ),
    "lead_same_list": Listing(
        Role.BRANCH_MANAGER,
        lambda staff, _arguments: alike_pair(portal.BranchFactory(parent=staff.branch)),
    ),
    "lead_page": Listing(
        Role.COMPLIANCE, _a_move, lambda _staff: {"lead_id": row_of("journeys.Lead").pk}
    ),
}
