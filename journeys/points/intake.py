"""The file of points: entries of a ledger, which stay as they came."""

from django.utils.translation import gettext_lazy as _

from journeys.customers.rules import unknown_customer
from journeys.points.enums import HOUSE_PREFIXES, TOLD_KINDS
from journeys.stages import rules as stages
from portal.intake.rules import Check, Column, ImportKind, Reason, Target, cells

ONLY_EARNED_EXPIRE = Reason(
    "only_earned_expire", _("Only earned points have a day of expiry; leave it empty.")
)
EXPIRED_WHEN_EARNED = Reason(
    "expired_when_earned", _("Points expire after the day on which they were earned, {on_date}.")
)
HOUSE_REFERENCE = Reason(
    "house_reference",
    _("References that begin with {known} are those of the portal itself; put the name of your"
      " system before it, the same in all files."),
)  # fmt: skip
STANDS_OTHERWISE = Reason(
    "stands_otherwise",
    _("This entry stands in the ledger with other values, and entries are never changed; send an"
      " entry of its own that makes up for it."),
)  # fmt: skip

_PREFIXES = ", ".join(f"'{prefix}'" for prefix in HOUSE_PREFIXES)
_SIGNED = "CASE s.kind WHEN 'earned' THEN s.points ELSE -s.points END"

POINTS = ImportKind(
    code="points",
    label=_("Points"),
    help=_("Points earned, redeemed or expired; the customers come first. In any order: what is"
           " used is taken from the batch that was earned first."),
    table="journeys_pointsentry",
    key="reference",
    columns=(
        Column("reference", cells.key(40), _("the source's reference of the entry"),
               "P0000000001", True),
        Column("customer", cells.key(40), _("customer number"), "C00000001", True),
        Column("kind", cells.choice([kind.value for kind in TOLD_KINDS]),
               _("earned, redeemed or expired"), "earned", True),
        Column("points", cells.COUNT, _("always above 0, also where points are taken"), "1200",
               True),
        Column("on_date", cells.DAY, _("day of the entry"), "2026-03-01", True),
        Column("expires_date", cells.DAY,
               _("of earned points: the first day on which they are not good any more; empty: they"
                 " stay"),
               "2027-03-01", days_ahead=20 * 366),
    ),
    joins="JOIN journeys_customer c ON c.number = s.customer",
    targets=(
        Target("reference", "s.reference"),
        Target("customer_id", "c.id"),
        Target("kind", "s.kind"),
        Target("points", _SIGNED),
        Target("on_date", "s.on_date"),
        Target("expires_date", "s.expires_date", of="expires_date"),
    ),
    checks=(
        unknown_customer(),
        Check("reference", HOUSE_REFERENCE,
              "SELECT s.row_number, s.reference AS value,"
              f" '{', '.join(f'{prefix}:' for prefix in HOUSE_PREFIXES)}' AS known"
              " FROM intake_staging s"
              f" WHERE split_part(s.reference, ':', 1) IN ({_PREFIXES})"
              " AND strpos(s.reference, ':') > 0"),
        Check("expires_date", ONLY_EARNED_EXPIRE,
              "SELECT s.row_number, s.expires_date AS value FROM intake_staging s"
              " WHERE s.kind <> 'earned' AND s.expires_date IS NOT NULL"),
        Check("expires_date", EXPIRED_WHEN_EARNED,
              "SELECT s.row_number, s.expires_date AS value, s.on_date FROM intake_staging s"
              " WHERE s.kind = 'earned' AND s.expires_date <= s.on_date"),
        Check("reference", STANDS_OTHERWISE,
              "SELECT s.row_number, s.reference AS value FROM intake_staging s"
              " JOIN journeys_pointsentry e ON e.reference = s.reference"
              " JOIN journeys_customer c ON c.id = e.customer_id"
              " WHERE (c.number, e.kind, e.points, e.on_date) IS DISTINCT FROM"
              f" (s.customer, s.kind, {_SIGNED}, s.on_date) OR e.batch_id IS NOT NULL"),
        Check("reference", STANDS_OTHERWISE,
              "SELECT s.row_number, s.reference AS value FROM intake_staging s"
              " JOIN journeys_pointsentry e ON e.reference = s.reference"
              " WHERE e.expires_date IS DISTINCT FROM s.expires_date", when_given="expires_date"),
    ),
    after=stages.follow(
        "SELECT DISTINCT c.id FROM journeys_customer c JOIN intake_staging s"
        " ON s.customer = c.number WHERE s.kind = 'redeemed'"
    ),
    locks=("points",),
)  # fmt: skip
