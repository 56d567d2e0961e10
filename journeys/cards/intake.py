"""The files of applications and of cards."""

from django.utils.translation import gettext_lazy as _

from journeys.cards.enums import ApplicationState
from journeys.stages import rules as stages
from portal.intake.rules import Check, Column, ImportKind, Reason, Target, cells, unknown

UNKNOWN_CUSTOMER = Reason(
    "unknown_customer",
    _("There is no customer with this number; import the file of customers first."),
)
UNKNOWN_APPLICATION = Reason(
    "unknown_application",
    _("There is no application with this number; import the file of applications first."),
)
UNKNOWN_PRODUCT = Reason("unknown_product", _("There is no own card product with this code."))
UNKNOWN_BRANCH = Reason("unknown_branch", _("There is no branch with this code."))
UNKNOWN_MERCHANT = Reason("unknown_merchant", _("There is no merchant with this number."))
DECISION_MISSING = Reason(
    "decision_missing", _("An application that is not open any more needs the day of decision.")
)
DECISION_TOO_SOON = Reason("decision_too_soon", _("An open application has no day of decision."))
DECIDED_BEFORE_FILED = Reason(
    "decided_before_filed", _("Decided before it was filed on {filed_date}.")
)
OTHER_APPLICANT = Reason(
    "other_applicant", _("This application stands already under customer {customer}.")
)
FILED_AFTER_ISSUE = Reason(
    "filed_after_issue", _("Filed after its card {card} was issued on {issued_date}.")
)
OTHER_HOLDER = Reason("other_holder", _("This card stands already under customer {customer}."))
NOT_THE_APPLICANT = Reason(
    "not_the_applicant", _("Its application was filed by customer {customer}.")
)
ISSUED_BEFORE_FILED = Reason(
    "issued_before_filed", _("Issued before its application was filed on {filed_date}.")
)
ACTIVATED_BEFORE_ISSUE = Reason(
    "activated_before_issue", _("Activated before it was issued on {issued_date}.")
)
CLOSED_BEFORE_ISSUE = Reason(
    "closed_before_issue", _("Closed before it was issued on {issued_date}.")
)

# Neither an application nor a card goes over to another customer: those in the file are all.
_STAGES_FOLLOW = stages.follow(
    "SELECT DISTINCT c.id FROM journeys_customer c JOIN intake_staging s ON s.customer = c.number"
)


def _own(column: str, condition: str, reason: Reason, shown: str = "") -> Check:
    """A check within one row; `shown` are further columns for the reason."""
    sql = f"SELECT s.row_number, s.{column} AS value{shown} FROM intake_staging s WHERE {condition}"
    return Check(column, reason, sql)


_REFERENCES = (
    unknown("customer", "journeys_customer", "number", UNKNOWN_CUSTOMER),
    unknown("product", "journeys_cardproduct", "code", UNKNOWN_PRODUCT, "r.is_own"),
    unknown("branch", "portal_branch", "code", UNKNOWN_BRANCH),
)

APPLICATIONS = ImportKind(
    code="applications",
    label=_("Applications"),
    help=_("Applications for a card; the customers come first."),
    table="journeys_application",
    key="number",
    columns=(
        Column("number", cells.key(40), _("application number"), "A00000001", True),
        Column("customer", cells.key(40), _("customer number"), "C00000001", True),
        Column("product", cells.key(20), _("code of the card product"), "GOLD", True),
        Column("branch", cells.key(20), _("code of the branch that took it"), "B001", True),
        Column("filed_date", cells.DAY, _("day of filing"), "2026-02-20", True),
        Column("state", cells.choice(ApplicationState.values), _("what became of it"), "approved",
               True),
        Column("decided_date", cells.DAY, _("day of decision; empty while it is open"),
               "2026-03-02"),
        Column("is_fast_track", cells.YES_OR_NO, _("whether it took the fast track"), "false",
               default="false"),
        Column("merchant", cells.key(40), _("number of the merchant where it was won"), "M000001"),
    ),
    joins=(
        "JOIN journeys_customer c ON c.number = s.customer"
        " JOIN journeys_cardproduct p ON p.code = s.product"
        " JOIN portal_branch b ON b.code = s.branch"
        " LEFT JOIN merchants_merchant m ON m.number = s.merchant"
    ),
    targets=(
        Target("number", "s.number"),
        Target("customer_id", "c.id"),
        Target("product_id", "p.id"),
        Target("branch_id", "b.id"),
        Target("filed_date", "s.filed_date"),
        # State and day of decision hang together: both follow the file, whatever it lacks.
        Target("state", "s.state"),
        Target("decided_date", "s.decided_date"),
        Target("is_fast_track", "s.is_fast_track", of="is_fast_track"),
        Target("merchant_id", "m.id", of="merchant"),
    ),
    checks=(
        *_REFERENCES,
        unknown("merchant", "merchants_merchant", "number", UNKNOWN_MERCHANT),
        _own("decided_date", "s.state <> 'filed' AND s.decided_date IS NULL", DECISION_MISSING),
        _own("decided_date", "s.state = 'filed' AND s.decided_date IS NOT NULL", DECISION_TOO_SOON),
        _own("decided_date", "s.decided_date < s.filed_date", DECIDED_BEFORE_FILED,
             ", s.filed_date"),
        Check("customer", OTHER_APPLICANT,
              "SELECT s.row_number, s.customer AS value, c.number AS customer"
              " FROM intake_staging s JOIN journeys_application a ON a.number = s.number"
              " JOIN journeys_customer c ON c.id = a.customer_id WHERE c.number <> s.customer"),
        Check("filed_date", FILED_AFTER_ISSUE,
              "SELECT s.row_number, s.filed_date AS value, min(k.reference) AS card,"
              " min(k.issued_date) AS issued_date"
              " FROM intake_staging s JOIN journeys_application a ON a.number = s.number"
              " JOIN journeys_card k ON k.application_id = a.id"
              " WHERE k.issued_date < s.filed_date GROUP BY s.row_number, s.filed_date"),
    ),
    after=_STAGES_FOLLOW,
)  # fmt: skip

CARDS = ImportKind(
    code="cards",
    label=_("Cards"),
    help=_("Issued cards under the source's reference; customers and applications come first."),
    table="journeys_card",
    key="reference",
    columns=(
        Column("reference", cells.card_reference(40), _("the source's reference of the card"),
               "K00000001", True),
        Column("masked_number", cells.MASKED_NUMBER, _("masked card number"), "622588******0001"),
        Column("customer", cells.key(40), _("customer number of the holder"), "C00000001", True),
        Column("application", cells.key(40), _("application number"), "A00000001"),
        Column("product", cells.key(20), _("code of the card product"), "GOLD", True),
        Column("branch", cells.key(20), _("code of the branch"), "B001", True),
        Column("is_primary", cells.YES_OR_NO, _("primary card, not a supplementary one"), "true",
               default="true"),
        Column("issued_date", cells.DAY, _("day of issue"), "2026-03-02", True),
        Column("activated_date", cells.DAY, _("day of activation"), "2026-03-08"),
        Column("closed_date", cells.DAY, _("day of closing"), "2028-03-02"),
    ),
    joins=(
        "JOIN journeys_customer c ON c.number = s.customer"
        " LEFT JOIN journeys_application a ON a.number = s.application"
        " JOIN journeys_cardproduct p ON p.code = s.product"
        " JOIN portal_branch b ON b.code = s.branch"
    ),
    targets=(
        Target("reference", "s.reference"),
        Target("masked_number", "coalesce(s.masked_number, '')", of="masked_number"),
        Target("customer_id", "c.id"),
        Target("application_id", "a.id", of="application"),
        Target("product_id", "p.id"),
        Target("branch_id", "b.id"),
        Target("is_primary", "s.is_primary", of="is_primary"),
        Target("issued_date", "s.issued_date"),
        Target("activated_date", "s.activated_date", of="activated_date"),
        Target("closed_date", "s.closed_date", of="closed_date"),
    ),
    checks=(
        *_REFERENCES,
        unknown("application", "journeys_application", "number", UNKNOWN_APPLICATION),
        Check("customer", OTHER_HOLDER,
              "SELECT s.row_number, s.customer AS value, c.number AS customer"
              " FROM intake_staging s JOIN journeys_card k ON k.reference = s.reference"
              " JOIN journeys_customer c ON c.id = k.customer_id WHERE c.number <> s.customer"),
        Check("customer", NOT_THE_APPLICANT,
              "SELECT s.row_number, s.customer AS value, c.number AS customer"
              " FROM intake_staging s JOIN journeys_application a ON a.number = s.application"
              " JOIN journeys_customer c ON c.id = a.customer_id WHERE c.number <> s.customer"),
        Check("issued_date", ISSUED_BEFORE_FILED,
              "SELECT s.row_number, s.issued_date AS value, a.filed_date"
              " FROM intake_staging s JOIN journeys_application a ON a.number = s.application"
              " WHERE s.issued_date < a.filed_date"),
        _own("activated_date", "s.activated_date < s.issued_date", ACTIVATED_BEFORE_ISSUE,
             ", s.issued_date"),
        _own("closed_date", "s.closed_date < s.issued_date", CLOSED_BEFORE_ISSUE,
             ", s.issued_date"),
        *(
            Check("issued_date", reason,
                  "SELECT s.row_number, s.issued_date AS value, s.issued_date"
                  " FROM intake_staging s JOIN journeys_card k ON k.reference = s.reference"
                  f" WHERE k.{column} < s.issued_date", when_lacking=column)
            for column, reason in (
                ("activated_date", ACTIVATED_BEFORE_ISSUE), ("closed_date", CLOSED_BEFORE_ISSUE),
            )
        ),
        Check("issued_date", ISSUED_BEFORE_FILED,
              "SELECT s.row_number, s.issued_date AS value, a.filed_date"
              " FROM intake_staging s JOIN journeys_card k ON k.reference = s.reference"
              " JOIN journeys_application a ON a.id = k.application_id"
              " WHERE s.issued_date < a.filed_date", when_lacking="application"),
    ),
    after=_STAGES_FOLLOW,
)  # fmt: skip
