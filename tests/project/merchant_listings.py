"""Lists of merchants: a part of the table in listings.py."""

from portal.staff.enums import Role
from tests.factories.portal import StaffFactory
from tests.project import fund_rows, negotiation_rows, window_rows
from tests.project.comparison_rows import compared
from tests.project.listing import Listing, a_row, in_new_branch
from tests.project.merchant_places import ARGUMENTS
from tests.project.merchant_rows import on_merchant, two_that_look_the_same
from tests.project.rows import row_of

LISTS: dict[str, Listing] = {
    "merchant_list": Listing(Role.COMPLIANCE, in_new_branch("merchants.Merchant")),
    "partnership_list": Listing(Role.COMPLIANCE, in_new_branch("merchants.Partnership")),
    "partnership_board": Listing(Role.COMPLIANCE, in_new_branch("merchants.Partnership")),
    "comparison_list": Listing(Role.COMPLIANCE, compared),
    "partnership_mine": Listing(Role.COMPLIANCE, a_row("merchants.PartnershipTask")),
    "negotiation_list": Listing(Role.COMPLIANCE, a_row("merchants.Negotiation")),
    "renewal_calendar": Listing(Role.COMPLIANCE, negotiation_rows.ending_contract),
    "fund_list": Listing(Role.COMPLIANCE, in_new_branch("merchants.FundPlan")),
    "fund_page": Listing(Role.COMPLIANCE, fund_rows.on_plan, ARGUMENTS["fund_page"]),
    "fund_ledger": Listing(Role.COMPLIANCE, fund_rows.on_ledger, ARGUMENTS["fund_ledger"]),
    **{
        name: Listing(role, make, ARGUMENTS.get(name, lambda _staff: {}))
        for name, (role, make) in window_rows.LISTED.items()
    },
    "playbook_list": Listing(Role.BRANCH_MANAGER, a_row("merchants.Playbook")),
    "post_list": Listing(Role.COMPLIANCE, in_new_branch("merchants.Post")),
    "post_staff_list": Listing(
        Role.BRANCH_MANAGER,
        lambda staff, _arguments: row_of(
            "merchants.StaffQualification",
            staff=StaffFactory(role=Role.TELEMARKETER, branch=staff.branch),
        ),
    ),
    "merchant_same_list": Listing(Role.BRANCH_MANAGER, two_that_look_the_same),
    "merchant_page": Listing(Role.COMPLIANCE, on_merchant, ARGUMENTS["merchant_page"]),
    "prospect_funnel": Listing(Role.COMPLIANCE, a_row("merchants.MerchantDeal")),
    "contact_reveal_list": Listing(Role.COMPLIANCE, a_row("merchants.ContactReveal")),
}
