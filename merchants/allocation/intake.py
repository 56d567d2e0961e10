"""The file of what amounts bring at the partners of a plan."""

from functools import partial

from django.utils.translation import gettext_lazy as _

from merchants.directory.rules import unknown_merchant
from portal.intake.rules import Cell, Check, Column, History, ImportKind, Reason, Target, cells
from portal.staff.enums import Permission

_SOME = Cell(
    # Ten digits: a phone number in the wrong column is no amount.
    partial(cells.parse_amount, may_be_zero=True, digits=10), "numeric(14, 2)",
    _("amount in CNY, 0 or more: 200.00"), is_signed=True,
)  # fmt: skip
_OF_PLAN = (
    "merchants_fundplan p JOIN merchants_fundline l ON l.plan_id = p.id"
    " JOIN merchants_partnership w ON w.id = l.partnership_id"
    " JOIN merchants_merchant m ON m.id = w.merchant_id"
)
_CODE = "'FP' || lpad(p.id::text, 6, '0')"

NOT_IN_PLAN = Reason(
    "not_in_plan", _("There is no such plan, or this merchant is not in it; take it in first.")
)
NOT_DRAFT = Reason("plan_not_draft", _("This plan was submitted and stays as it is."))
NOT_OWN = Reason(
    "not_own_partner",
    _("This partner is led by others: levels come from who leads it, and from the branch above."),
)
BAD_INTERVAL = Reason(
    "bad_interval", _("Give both ends of the interval or none, with the effect between them.")
)

RESPONSE_LEVELS = ImportKind(
    code="response_levels",
    label=_("Responses of partners"),
    help=_("What turnover amounts of promotion money bring at the partners of a plan that is in the"
           " making; who is named rests on these levels from then on."),
    table="merchants_responselevel",
    key="amount",
    within=("plan", "merchant"),
    columns=(
        Column("plan", cells.key(12), _("number of the plan"), "FP000001", True),
        Column("merchant", cells.key(40, is_of_merchant=True), _("merchant number"), "M000001",
               True),
        Column("amount", _SOME, _("promotion money"), "20000.00", True),
        Column("effect", _SOME, _("additional turnover that it brings"), "61000.00", True),
        Column("effect_low", _SOME, _("that turnover, lower end (95 %)"), "45000.00"),
        Column("effect_high", _SOME, _("that turnover, upper end (95 %)"), "77000.00"),
        Column("source", cells.plain(300), _("which report or campaign says so"),
               "2026Q1 campaign", True),
    ),
    joins=f"JOIN {_OF_PLAN} ON {_CODE} = s.plan AND m.number = s.merchant",
    targets=(
        Target("plan", "s.plan"),
        Target("merchant", "s.merchant"),
        Target("amount", "s.amount"),
        Target("line_id", "l.id"),
        Target("effect", "s.effect"),
        Target("effect_low", "s.effect_low", of="effect_low"),
        Target("effect_high", "s.effect_high", of="effect_high"),
        Target("source", "s.source"),
        # Whose file changed what it says: that person does not approve the plan, and nobody whose
        # file said it before.
        Target("by_id", "nullif(current_setting('intake.actor', TRUE), '')::bigint",
               same_by="effect effect_low effect_high source"),
        Target("by_before", "'{}'::bigint[]", is_of_new=True),
    ),
    checks=(
        unknown_merchant(),
        Check("plan", NOT_IN_PLAN,
              "SELECT s.row_number, s.plan AS value FROM intake_staging s WHERE NOT EXISTS ("
              f"SELECT FROM {_OF_PLAN} WHERE {_CODE} = s.plan AND m.number = s.merchant)"),
        Check("plan", NOT_DRAFT,
              "SELECT s.row_number, s.plan AS value FROM intake_staging s JOIN merchants_fundplan p"
              f" ON {_CODE} = s.plan WHERE p.state <> 'draft'"),
        Check("merchant", NOT_OWN,
              f"SELECT s.row_number, s.merchant AS value FROM intake_staging s JOIN {_OF_PLAN}"
              f" ON {_CODE} = s.plan AND m.number = s.merchant"
              " JOIN portal_branch led ON led.id = w.branch_id JOIN portal_staff a"
              " ON a.id = nullif(current_setting('intake.own_of', TRUE), '')::bigint"
              " JOIN portal_branch own ON own.id = a.branch_id WHERE w.manager_id <> a.id"
              " AND (a.role = 'relationship_manager' OR NOT starts_with(led.path, own.path))"),
        Check("effect_low", BAD_INTERVAL,
              "SELECT s.row_number, coalesce(s.effect_low, s.effect_high)::text AS value"
              " FROM intake_staging s WHERE (s.effect_low IS NULL) <> (s.effect_high IS NULL)"
              " OR s.effect_low > s.effect OR s.effect_high < s.effect"),
    ),
    after=(
        "UPDATE merchants_fundline l SET basis = 'levels', ceiling = NULL, half = NULL,"
        " past_spent = NULL, past_effect = NULL, past_low = NULL, past_high = NULL, chosen = NULL"
        " WHERE l.basis <> 'levels' AND EXISTS (SELECT FROM intake_staging s"
        " JOIN merchants_responselevel r ON r.plan = s.plan AND r.merchant = s.merchant"
        " WHERE r.line_id = l.id)",
    ),
    stays=(("effect_low", "old.effect_low"), ("effect_high", "old.effect_high")),
    history=History(),
    permission=Permission.EDIT_PARTNERSHIPS,
)  # fmt: skip
