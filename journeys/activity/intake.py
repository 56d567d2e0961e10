"""The file of snapshots: how active customers were, as another system counted it."""

from django.utils.translation import gettext_lazy as _

from journeys.customers.rules import unknown_customer
from portal.intake.rules import Check, Column, ImportKind, Reason, Target, cells

UNKNOWN_PRODUCT = Reason("unknown_product", _("There is no own card product with this code."))
TOO_MANY_MONTHS = Reason("too_many_months", _("Nobody was inactive for longer than 600 months."))

SNAPSHOTS = ImportKind(
    code="activity_snapshots",
    label=_("Snapshots of activity"),
    help=_("How active customers were as of a day, as another system counted it; customers and"
           " card products come first."),
    table="journeys_activitysnapshot",
    key="number",
    columns=(
        Column("number", cells.key(40), _("the source's number of the row"), "S000001", True),
        Column("customer", cells.key(40), _("customer number"), "C00000001", True),
        Column("product", cells.key(20), _("code of the own card product"), "GOLD", True),
        Column("taken_date", cells.DAY, _("the day as of which it was counted"), "2026-03-02",
               True, days_ahead=0),
        Column("months_inactive", cells.FEW_OR_NONE,
               _("months without a transaction, of those that the source looks at"), "3", True),
        Column("months_on_book", cells.FEW_OR_NONE, _("months since the relationship began"),
               "39"),
        Column("contacts", cells.FEW_OR_NONE, _("contacts in the source's span"), "2"),
        Column("purchases", cells.TALLY, _("transactions in the source's span"), "42"),
        Column("amount", cells.NET_AMOUNT, _("spending in the source's span"), "1144.00"),
    ),
    joins=(
        "JOIN journeys_customer c ON c.number = s.customer"
        " JOIN journeys_cardproduct p ON p.code = s.product"
    ),
    targets=(
        Target("number", "s.number"),
        Target("customer_id", "c.id"),
        Target("product_id", "p.id"),
        Target("taken_date", "s.taken_date"),
        Target("months_inactive", "s.months_inactive"),
        *(Target(name, f"s.{name}", of=name)
          for name in ("months_on_book", "contacts", "purchases", "amount")),
    ),
    checks=(
        unknown_customer(),
        Check("product", UNKNOWN_PRODUCT,
              "SELECT s.row_number, s.product AS value FROM intake_staging s"
              " LEFT JOIN journeys_cardproduct p ON p.code = s.product AND p.is_own"
              " WHERE p.id IS NULL"),
        Check("months_inactive", TOO_MANY_MONTHS,
              "SELECT s.row_number, s.months_inactive::text AS value FROM intake_staging s"
              " WHERE s.months_inactive > 600"),
    ),
)  # fmt: skip
