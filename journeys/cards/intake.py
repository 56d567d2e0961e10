"""The files of card products, of applications and of cards."""

from django.utils.translation import gettext_lazy as _

from journeys.cards.enums import DECIDED_STATES, OPEN_STATES, ApplicationState
from journeys.customers.rules import unknown_customer
from journeys.stages import rules as stages
from merchants.directory.rules import unknown_merchant
from portal.intake.rules import (
    Check,
    Column,
    History,
    ImportKind,
    Reason,
    Target,
    cells,
    unknown,
    unknown_branch,
)

UNKNOWN_APPLICATION = Reason(
    "unknown_application",
    _("There is no application with this number; import the file of applications first."),
)
HAS_CARDS = Reason(
    "has_cards",
    _("There are applications or cards of this product: it stays one of the bank's own."),
)
UNKNOWN_PRODUCT = Reason("unknown_product", _("There is no own card product with this code."))
DECISION_MISSING = Reason(
    "decision_missing", _("An application that is not open any more needs the day of decision.")
)
DECISION_TOO_SOON = Reason("decision_too_soon", _("An open application has no day of decision."))
DOCUMENTS_MISSING = Reason(
    "documents_missing", _("An application whose documents are supplemented needs that day.")
)
DOCUMENTS_TOO_SOON = Reason(
    "documents_too_soon",
    _("An application that is only filed has no such day; with the day its state is"
      " supplemented."),
)  # fmt: skip
DOCUMENTS_BEFORE_FILED = Reason(
    "documents_before_filed", _("Supplemented before it was filed on {filed_date}.")
)
DECIDED_BEFORE_DOCUMENTS = Reason(
    "decided_before_documents", _("Decided before its documents came in on {supplemented_date}.")
)
DECIDED_BEFORE_FILED = Reason(
    "decided_before_filed", _("Decided before it was filed on {filed_date}.")
)
OTHER_APPLICANT = Reason(
    "other_applicant", _("This application stands already under customer {customer}.")
)
FILED_AFTER_ISSUE = Reason(
    "filed_after_issue", _("Filed after its card {card} was issued on {issued_date}.")
)
UNKNOWN_POST = Reason("unknown_post", _("There is no post with this number."))
POST_OF_ANOTHER = Reason(
    "post_of_another",
    _("This post stands at merchant {merchant}: the row names that one as the merchant."),
)
OTHER_HOLDER = Reason("other_holder", _("This card stands already under customer {customer}."))
NOT_THE_APPLICANT = Reason(
    "not_the_applicant", _("Its application was filed by customer {customer}.")
)
PRIMARY_NAMES_ANOTHER = Reason(
    "primary_names_another",
    _("Only a supplementary card names a primary card; a primary card leaves this empty."),
)
OWN_PRIMARY = Reason("own_primary", _("A card cannot be its own primary card."))
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


def _listed(states: list[ApplicationState]) -> str:
    return f"({', '.join(f'{state.value!r}' for state in states)})"


_OPEN, _DECIDED = _listed(OPEN_STATES), _listed(DECIDED_STATES)

# What a file does not say of primary and supplementary stays as it stands; a card that names a
# primary card is a supplementary one.
_IS_PRIMARY = "coalesce(s.is_primary, s.primary_reference IS NULL AND coalesce(k.is_primary, true))"
_PRIMARY_REFERENCE = (
    f"CASE WHEN {_IS_PRIMARY} THEN '' ELSE coalesce(s.primary_reference, k.primary_reference, '')"
    " END"
)
# Supplementary cards whose link may change: those of the file, and those that name one of it. The
# card that is named may come later, or turn out to be no primary one: then the link stays open.
# So the order in which cards arrive changes nothing.
_LINKS_FOLLOW = """
    UPDATE journeys_card c SET primary_id = named.id
    FROM (
        SELECT k.id AS card_id, p.id
        FROM (
            SELECT k.id, k.primary_reference FROM journeys_card k
            JOIN intake_staging s ON s.reference = k.reference
            WHERE k.primary_reference <> ''
            UNION
            SELECT k.id, k.primary_reference FROM journeys_card k
            JOIN intake_staging s ON s.reference = k.primary_reference
            WHERE k.primary_reference <> ''
        ) k
        LEFT JOIN journeys_card p ON p.reference = k.primary_reference AND p.is_primary
    ) named
    WHERE c.id = named.card_id AND c.primary_id IS DISTINCT FROM named.id
"""

# The first card issued on an application: one that names it, else one that names none, of the same
# customer and product, issued since. Neither goes over to another customer, so those in the file
# are all whom it concerns.
_ISSUE_FOLLOWS = """
    UPDATE journeys_application a SET card_issued_date = f.issued
    FROM (
        SELECT a.id, (
            SELECT min(k.issued_date) FROM journeys_card k
            WHERE k.customer_id = a.customer_id
              AND (k.application_id = a.id OR k.application_id IS NULL AND k.is_primary
                   AND k.product_id = a.product_id AND k.issued_date >= a.filed_date)
        ) AS issued
        FROM journeys_application a
        WHERE a.customer_id IN (
            SELECT c.id FROM journeys_customer c JOIN intake_staging s ON s.customer = c.number
        )
    ) f
    WHERE a.id = f.id AND a.card_issued_date IS DISTINCT FROM f.issued
"""

# A post and the merchant at whose store it stands go together, whichever of the two a file has; a
# merchant that was merged counts as the one that is kept, and where none is named it is the post's.
_AT_POST = (
    "SELECT s.row_number, {value} AS value, kept.number AS merchant FROM intake_staging s"
    " {standing} JOIN merchants_post p ON {post}"
    " JOIN merchants_store st ON st.id = p.store_id"
    " JOIN merchants_merchant kept ON kept.id = st.merchant_id"
    " LEFT JOIN merchants_merchant m ON {merchant}"
    " WHERE {none} OR coalesce(m.merged_into_id, m.id) <> kept.id"
)
_STANDING = "JOIN journeys_application a ON a.number = s.number"
_NONE = "m.id IS NULL"
_POST_CHECKS = (
    unknown("post", "merchants_post", "number", UNKNOWN_POST),
    Check("post", POST_OF_ANOTHER, _AT_POST.format(
        value="s.post", standing="", post="p.number = s.post", merchant="m.number = s.merchant",
        none="FALSE",
    ), when_given="merchant"),
    Check("post", POST_OF_ANOTHER, _AT_POST.format(
        value="s.post", standing=_STANDING, post="p.number = s.post",
        merchant="m.id = a.merchant_id", none=_NONE,
    ), when_lacking="merchant"),
    Check("merchant", POST_OF_ANOTHER, _AT_POST.format(
        value="s.merchant", standing=_STANDING, post="p.id = a.post_id",
        merchant="m.number = s.merchant", none=_NONE,
    ), when_given="merchant", when_lacking="post"),
)  # fmt: skip

_REFERENCES = (
    unknown_customer(),
    unknown("product", "journeys_cardproduct", "code", UNKNOWN_PRODUCT, "r.is_own"),
    unknown_branch(),
)

PRODUCTS = ImportKind(
    code="card_products",
    label=_("Card products"),
    help=_("The bank's own card products and those of rivals."),
    table="journeys_cardproduct",
    key="code",
    columns=(
        Column("code", cells.key(20), _("code of the card product"), "GOLD", True),
        Column("name", cells.plain(80), _("name"), "金卡", True),
        Column("name_en", cells.plain(80), _("English name; empty: the name"), "Gold card"),
        Column("issuer", cells.plain(80), _("bank that issues it"), "本行", True),
        Column("is_own", cells.YES_OR_NO, _("the bank's own product, not a rival's"), "true", True),
        Column("annual_fee", cells.FEE, _("annual fee"), "200.00", default="0"),
        Column("is_active", cells.YES_OR_NO, _("whether it is on offer"), "true", default="true"),
    ),
    targets=(
        Target("code", "s.code"),
        Target("name", "s.name"),
        Target("name_en", "coalesce(s.name_en, s.name)", of="name_en"),
        Target("issuer", "s.issuer"),
        Target("is_own", "s.is_own"),
        Target("annual_fee", "s.annual_fee", of="annual_fee"),
        Target("is_active", "s.is_active", of="is_active"),
    ),
    checks=(
        Check("is_own", HAS_CARDS,
              "SELECT s.row_number, s.is_own AS value FROM intake_staging s"
              " JOIN journeys_cardproduct p ON p.code = s.code WHERE NOT s.is_own AND p.is_own"
              " AND (EXISTS (SELECT FROM journeys_card k WHERE k.product_id = p.id)"
              " OR EXISTS (SELECT FROM journeys_application a WHERE a.product_id = p.id))"),
    ),
    history=History(),
    locks=("card_products", "applications", "cards"),
)  # fmt: skip

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
        Column("supplemented_date", cells.DAY,
               _("day on which documents that were missing came in"), "2026-02-25"),
        Column("decided_date", cells.DAY, _("day of decision; empty while it is open"),
               "2026-03-02"),
        Column("is_fast_track", cells.YES_OR_NO, _("whether it took the fast track"), "false",
               default="false"),
        Column("merchant", cells.key(40, is_of_merchant=True),
               _("number of the merchant where it was won"), "M000001"),
        Column("post", cells.key(40),
               _("number of the post at the merchant's store where it was won"), "M000001-S1-Z1"),
    ),
    joins=(
        "JOIN journeys_customer c ON c.number = s.customer"
        " JOIN journeys_cardproduct p ON p.code = s.product"
        " JOIN portal_branch b ON b.code = s.branch"
        " LEFT JOIN merchants_merchant m ON m.number = s.merchant"
        " LEFT JOIN merchants_post o ON o.number = s.post"
        " LEFT JOIN merchants_store os ON os.id = o.store_id"
    ),
    targets=(
        Target("number", "s.number"),
        Target("customer_id", "c.id"),
        Target("product_id", "p.id"),
        Target("branch_id", "b.id"),
        Target("filed_date", "s.filed_date"),
        # State and its days hang together.
        Target("state", "s.state"),
        Target("supplemented_date", "s.supplemented_date"),
        Target("decided_date", "s.decided_date"),
        Target("is_fast_track", "s.is_fast_track", of="is_fast_track"),
        Target("merchant_id", "coalesce(m.id, os.merchant_id)", of="merchant"),
        Target("post_id", "o.id", of="post"),
    ),
    checks=(
        *_REFERENCES,
        unknown_merchant(),
        *_POST_CHECKS,
        _own("decided_date", f"s.state IN {_DECIDED} AND s.decided_date IS NULL", DECISION_MISSING),
        _own("decided_date", f"s.state IN {_OPEN} AND s.decided_date IS NOT NULL",
             DECISION_TOO_SOON),
        _own("supplemented_date", "s.state = 'supplemented' AND s.supplemented_date IS NULL",
             DOCUMENTS_MISSING),
        _own("supplemented_date", "s.state = 'filed' AND s.supplemented_date IS NOT NULL",
             DOCUMENTS_TOO_SOON),
        _own("supplemented_date", "s.supplemented_date < s.filed_date", DOCUMENTS_BEFORE_FILED,
             ", s.filed_date"),
        _own("decided_date", "s.decided_date < s.supplemented_date", DECIDED_BEFORE_DOCUMENTS,
             ", s.supplemented_date"),
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
    after=(_ISSUE_FOLLOWS, *_STAGES_FOLLOW),
    stays=(
        ("supplemented_date", "CASE WHEN s.state <> 'filed' THEN old.supplemented_date END"),
        ("decided_date", f"CASE WHEN s.state IN {_DECIDED} THEN old.decided_date END"),
    ),
    history=History(
        steps=(("state", "{row}.state <> 'filed'"), ("state", f"{{row}}.state IN {_DECIDED}")),
        days=("filed_date", "supplemented_date", "decided_date"),
        state="state",
        kept=(("supplemented_date", "excluded.state <> 'filed' AND t.supplemented_date"
               " BETWEEN excluded.filed_date AND excluded.decided_date"),),
    ),
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
        Column("is_primary", cells.YES_OR_NO,
               _("primary card, not a supplementary one; empty: primary unless it names one"),
               "true"),
        Column("primary_reference", cells.card_reference(40),
               _("of a supplementary card: the source's reference of its primary card"), ""),
        Column("issued_date", cells.DAY, _("day of issue"), "2026-03-02", True),
        Column("activated_date", cells.DAY, _("day of activation"), "2026-03-08"),
        Column("closed_date", cells.DAY, _("day of closing"), "2026-05-20"),
    ),
    joins=(
        "JOIN journeys_customer c ON c.number = s.customer"
        " LEFT JOIN journeys_application a ON a.number = s.application"
        " JOIN journeys_cardproduct p ON p.code = s.product"
        " JOIN portal_branch b ON b.code = s.branch"
        " LEFT JOIN journeys_card k ON k.reference = s.reference"
    ),
    targets=(
        Target("reference", "s.reference"),
        Target("masked_number", "coalesce(s.masked_number, '')", of="masked_number"),
        Target("customer_id", "c.id"),
        Target("application_id", "a.id", of="application"),
        Target("product_id", "p.id"),
        Target("branch_id", "b.id"),
        Target("is_primary", _IS_PRIMARY),
        Target("primary_reference", _PRIMARY_REFERENCE),
        # A link to another card than before is found afterwards.
        Target("primary_id",
               f"CASE WHEN {_PRIMARY_REFERENCE} = k.primary_reference THEN k.primary_id END"),
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
        _own("primary_reference", "s.is_primary AND s.primary_reference IS NOT NULL",
             PRIMARY_NAMES_ANOTHER),
        _own("primary_reference", "s.primary_reference = s.reference", OWN_PRIMARY),
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
    after=(_LINKS_FOLLOW, _ISSUE_FOLLOWS, *_STAGES_FOLLOW),
    history=History(
        steps=(("activated_date", "{row}.activated_date IS NOT NULL"),
               ("closed_date", "{row}.closed_date IS NOT NULL")),
        days=("issued_date", "activated_date", "closed_date"),
        kept=(("activated_date", "t.activated_date >= excluded.issued_date"),
              ("closed_date", "t.closed_date >= excluded.issued_date")),
    ),
    locks=("cards", "applications"),
)  # fmt: skip
