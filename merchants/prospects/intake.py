"""The files of leads that may become partners, and of those that were won."""

from django.utils.translation import gettext_lazy as _

from merchants.directory.rules import unknown_merchant
from portal.intake.rules import Column, ImportKind, Reason, Target, cells, unknown, unknown_branch

UNKNOWN_LEAD = Reason(
    "unknown_lead", _("There is no lead with this number; import the file of leads first.")
)

LEADS = ImportKind(
    code="merchant_leads",
    label=_("Leads of merchants"),
    help=_("Merchants that showed interest, under the number of the source."),
    table="merchants_merchantlead",
    key="number",
    columns=(
        Column("number", cells.address_key(40), _("the source's number of the lead"), "L000001",
               True),
        Column("first_contact_date", cells.DAY, _("day of the first contact"), "2026-02-20", True),
        Column("origin", cells.plain(40), _("where it came from"), "organic_search"),
        Column("branch", cells.key(20), _("code of the branch that follows it up"), "B001"),
    ),
    joins="LEFT JOIN portal_branch b ON b.code = s.branch",
    targets=(
        Target("number", "s.number"),
        Target("first_contact_date", "s.first_contact_date"),
        Target("origin", "coalesce(s.origin, '')", of="origin"),
        Target("branch_id", "b.id", of="branch"),
    ),
    checks=(unknown_branch(),),
)  # fmt: skip

# A deal that is dated before the first contact is taken: it was won, whatever its day. The page of
# the funnel tells of it.
DEALS = ImportKind(
    code="merchant_deals",
    label=_("Leads of merchants that were won"),
    help=_("Which leads were won, when and by whom; the leads come first."),
    table="merchants_merchantdeal",
    key="number",
    columns=(
        Column("number", cells.address_key(40), _("number of the lead"), "L000001", True),
        Column("won_at", cells.INSTANT, _("day on which it was won"), "2026-03-06", True),
        Column("representative", cells.key(40), _("who of sales won it"), "S00012"),
        Column("developer", cells.key(40), _("who of sales prepared it"), "S00013"),
        Column("segment", cells.plain(60), _("line of business"), "home_decor"),
        Column("merchant", cells.key(40, is_of_merchant=True),
               _("number of the merchant that it became"), "M000001"),
    ),
    joins=(
        "JOIN merchants_merchantlead l ON l.number = s.number"
        " LEFT JOIN merchants_merchant m ON m.number = s.merchant"
    ),
    targets=(
        Target("number", "s.number"),
        Target("lead_id", "l.id"),
        Target("won_date", "s.won_at::timestamp::date"),
        Target("representative", "coalesce(s.representative, '')", of="representative"),
        Target("developer", "coalesce(s.developer, '')", of="developer"),
        Target("segment", "coalesce(s.segment, '')", of="segment"),
        Target("merchant_id", "m.id", of="merchant"),
    ),
    checks=(
        unknown("number", "merchants_merchantlead", "number", UNKNOWN_LEAD),
        unknown_merchant(),
    ),
)  # fmt: skip
