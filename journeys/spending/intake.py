"""The file of transactions; with it each card's day of first use follows."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from journeys.spending.enums import SpendingChannel, TransactionKind
from journeys.stages import rules as stages
from merchants.directory.rules import unknown_merchant
from portal.intake.rules import Check, Column, History, ImportKind, Reason, Target, cells, unknown

UNKNOWN_CARD = Reason(
    "unknown_card", _("There is no card with this reference; import the file of cards first.")
)
PURCHASE_IS_NO_REFUND = Reason(
    "purchase_is_no_refund", _("Only a refund can name the purchase that it refunds.")
)
REFUNDS_ITSELF = Reason("refunds_itself", _("A refund cannot refund itself."))

# Cards whose day of first use may change: those with an earlier purchase in the file, and those of
# which the file changes a purchase's day, or takes it away. For others nothing needs to be read.
_TOUCHED = """
    CREATE TEMP TABLE intake_touched ON COMMIT DROP AS
    SELECT c.id FROM journeys_card c JOIN (
        SELECT card, min(posted_date) AS first FROM intake_staging
        WHERE kind = 'purchase' GROUP BY card
    ) s ON s.card = c.reference
    WHERE s.first < c.first_used_date OR c.first_used_date IS NULL
    UNION
    SELECT t.card_id FROM journeys_transaction t
    JOIN intake_staging s USING (reference) JOIN journeys_card c ON c.reference = s.card
    WHERE (t.card_id, t.posted_date, t.kind) IS DISTINCT FROM (c.id, s.posted_date, s.kind)
"""
# Holders of cards whose day of first use did change: only their stages may.
_MOVED = "CREATE TEMP TABLE intake_moved (id bigint PRIMARY KEY) ON COMMIT DROP"
_FIRST_USE = """
    WITH moved AS (
        UPDATE journeys_card c SET first_used_date = f.first_used_date
        FROM (
            SELECT touched.id, (
                SELECT min(t.posted_date) FROM journeys_transaction t
                WHERE t.card_id = touched.id AND t.amount > 0
            ) AS first_used_date
            FROM intake_touched touched
        ) f
        WHERE c.id = f.id AND c.first_used_date IS DISTINCT FROM f.first_used_date
        RETURNING c.customer_id
    )
    INSERT INTO intake_moved SELECT DISTINCT customer_id FROM moved
"""

TRANSACTIONS = ImportKind(
    code="transactions",
    label=_("Transactions"),
    help=_("Posted purchases and refunds; the cards come first. A refund may come before its"
           " purchase."),
    table="journeys_transaction",
    key="reference",
    columns=(
        Column("reference", cells.key(40), _("the source's reference of the posting"),
               "T0000000001", True),
        Column("card", cells.card_reference(40), _("the source's reference of the card"),
               "K00000001", True),
        Column("kind", cells.choice(TransactionKind.values), _("purchase or refund"), "purchase",
               default=TransactionKind.PURCHASE.value),
        Column("amount", cells.AMOUNT, _("always above 0, for a refund too"), "128.50", True),
        Column("posted_date", cells.DAY, _("day of posting"), "2026-03-10", True),
        Column("posted_time", cells.TIME, _("time of posting, the bank's clock"), "18:42:07"),
        Column("merchant", cells.key(40, is_of_merchant=True), _("merchant number"), "M000001"),
        Column("mcc", cells.digits(4), _("merchant category code (ISO 18245)"), "5812"),
        Column("channel", cells.choice(SpendingChannel.values), _("how the card was used"), "qr"),
        Column("division_code", cells.digits(2, 4, 6, 9, 12), _("administrative division"),
               "440305"),
        # The purchase may come later, or be doubtful: a refund is taken as it was posted
        # (docs/decisions/0046). What does not go together is shown, not refused.
        Column("refund_of", cells.key(40), _("reference of the refunded purchase"), ""),
    ),
    joins=(
        "JOIN journeys_card c ON c.reference = s.card"
        " LEFT JOIN merchants_merchant m ON m.number = s.merchant"
    ),
    targets=(
        Target("reference", "s.reference"),
        Target("customer_id", "c.customer_id"),
        Target("card_id", "c.id"),
        # Kind, sign and refunded purchase hang together, and so do day and time of posting.
        Target("kind", "s.kind"),
        Target("amount", "CASE s.kind WHEN 'refund' THEN -s.amount ELSE s.amount END"),
        Target("posted_date", "s.posted_date"),
        Target(
            "posted_at",
            f"(s.posted_date + s.posted_time) AT TIME ZONE '{settings.TIME_ZONE}'",
        ),
        Target("merchant_id", "m.id", of="merchant"),
        Target("mcc", "coalesce(s.mcc, '')", of="mcc"),
        Target("channel", "coalesce(s.channel, '')", of="channel"),
        Target("division_code", "coalesce(s.division_code, '')", of="division_code"),
        Target("refund_of", "coalesce(s.refund_of, '')"),
    ),
    checks=(
        unknown("card", "journeys_card", "reference", UNKNOWN_CARD),
        unknown_merchant(),
        Check("refund_of", PURCHASE_IS_NO_REFUND,
              "SELECT s.row_number, s.refund_of AS value FROM intake_staging s"
              " WHERE s.kind = 'purchase' AND s.refund_of IS NOT NULL"),
        Check("refund_of", REFUNDS_ITSELF,
              "SELECT s.row_number, s.refund_of AS value FROM intake_staging s"
              " WHERE s.refund_of = s.reference"),
    ),
    before=(
        "DROP TABLE IF EXISTS pg_temp.intake_touched, pg_temp.intake_moved",
        _TOUCHED,
        "ANALYZE intake_touched",
        _MOVED,
    ),
    after=(
        _FIRST_USE, "ANALYZE intake_moved", *stages.follow("SELECT id FROM intake_moved"),
    ),
    history=History(),
    locks=("cards", "transactions"),
    stays=(
        ("kind", "old.kind"), ("refund_of", "nullif(old.refund_of, '')"),
        ("posted_time", f"(old.posted_at AT TIME ZONE '{settings.TIME_ZONE}')::time"),
    ),
)  # fmt: skip
