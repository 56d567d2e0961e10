"""The file of uses of member benefits, as partners send it: each by the partner's own receipt
number, so that the same file twice, or a longer one the next day, records nothing twice.

What a partner sent stays as it came (`PartnerUse`); the use itself is an entry of the ledger, the
one that a desk would have made, so that all its rules and triggers hold for both.
"""

from django.utils.translation import gettext_lazy as _

from campaigns.benefits.enums import EntryKind, Outcome
from journeys.customers.rules import unknown_customer
from merchants.directory.rules import unknown_merchant
from portal.intake.rules import Check, Column, ImportKind, Reason, Target, cells
from portal.kit import masking

UNKNOWN_BENEFIT = Reason(
    "unknown_benefit",
    _("There is no benefit with this number; it stands on the customer's page of benefits."),
)
OTHER_HOLDER = Reason("other_holder", _("This benefit is another customer's."))
NOT_TAKING_PART = Reason(
    "not_taking_part", _("This merchant does not take part in the campaign {campaign}.")
)
STANDS_OTHERWISE = Reason(
    "stands_otherwise",
    _("This receipt came before with other values, and uses are never changed; have the use undone"
      " at a desk, and send it under a number of its own."),
)  # fmt: skip
TOLD_AT_DESK = Reason(
    "told_at_desk", _("A use by this receipt was recorded at a desk already, of {day}.")
)
LOST = Reason("benefit_lost", _("This benefit was taken back; it cannot be used any more."))
NOT_ITS_DAYS = Reason(
    "not_its_days", _("It can be used from {first} to {last}, both days included.")
)
NOT_YET_GRANTED = Reason("not_yet_granted", _("It can be used from {first} on."))
USED_UP = Reason("used_up", _("Uses left: {left}. More than that cannot be recorded."))
USED_UP_HERE = Reason(
    "used_up_here", _("Uses left: {left}. The rows before this one leave too few of them.")
)

_STANDS = """EXISTS (SELECT FROM campaigns_partneruse p
    WHERE p.partner = s.partner AND p.reference = s.reference)"""
# A use that came before is in the ledger; only new ones are asked about.
_NEW = f"""SELECT s.row_number, s.partner, s.reference, s.customer, s.benefit, s.used_date,
    coalesce(s.units, 1) AS units, b.from_date, b.end_date, b.customer_id, b.grant_id, b."left"
    FROM intake_staging s JOIN campaigns_benefit b ON b.id = s.benefit WHERE NOT {_STANDS}"""
_GONE = "SELECT FROM campaigns_benefitentry back WHERE back.undoes_id = entry.id"
# What expired comes back for a use of before.
_FREE = f"""n."left" - coalesce((SELECT sum(entry.units) FROM campaigns_benefitentry entry
    WHERE entry.benefit_id = n.benefit AND entry.kind = '{EntryKind.EXPIRE}'
      AND NOT EXISTS ({_GONE})), 0)"""
# Rows that another check refuses use nothing up.
_BAD = "EXISTS (SELECT FROM intake_bad bad WHERE bad.row_number = n.row_number)"
_KEPT_LOST = ", ".join(f"'{one}'" for one in ("", Outcome.PAID.value, Outcome.WAIVED.value))

# Whoever records a use holds its benefit: those of the file are held from the first check to the
# end, in the order of their ids.
_HELD = """
SELECT held.id FROM campaigns_benefit held
WHERE held.id IN (SELECT s.benefit FROM intake_staging s) ORDER BY held.id FOR NO KEY UPDATE
"""
_UNRECORDED = f"""
FROM intake_staging s
JOIN campaigns_partneruse p ON p.partner = s.partner AND p.reference = s.reference
WHERE NOT EXISTS (
    SELECT FROM campaigns_benefitentry entry
    WHERE entry.merchant_id = p.merchant_id AND entry.reference = p.reference
      AND entry.kind = '{EntryKind.USE}')
"""
_AT = "current_setting('intake.at')::timestamptz"
_REOPEN = f"""
INSERT INTO campaigns_benefitentry
    (benefit_id, customer_id, kind, units, undoes_id, place, reference, round, reason, at)
SELECT entry.benefit_id, entry.customer_id, '{EntryKind.REOPEN}', -entry.units, entry.id, '', '', 1,
       '', {_AT}
FROM campaigns_benefitentry entry
JOIN campaigns_benefit b ON b.id = entry.benefit_id
JOIN (SELECT p.benefit_id, sum(p.units) AS units {_UNRECORDED} GROUP BY p.benefit_id) asked
    ON asked.benefit_id = b.id AND asked.units > b."left"
WHERE entry.kind = '{EntryKind.EXPIRE}' AND NOT EXISTS ({_GONE})
ORDER BY entry.id
"""
_USE = f"""
INSERT INTO campaigns_benefitentry
    (benefit_id, customer_id, kind, units, used_date, merchant_id, place, reference, round, reason,
     at)
SELECT p.benefit_id, p.customer_id, '{EntryKind.USE}', -p.units, p.used_date, p.merchant_id,
       coalesce(s.place, ''), p.reference, 1, '', {_AT}
{_UNRECORDED} ORDER BY p.benefit_id, s.row_number
"""

_PLACE_LENGTH = 80


def _masked(place: str | None) -> tuple[str | bytes | None, ...]:
    # People write phones where a place is asked for; and a place may be longer under its mask.
    return (None if place is None else masking.mask_text(place)[:_PLACE_LENGTH],)


USES = ImportKind(
    code="benefit_uses",
    label=_("Uses of member benefits"),
    help=_("What partners report: which benefit was used, when and where, by which receipt. The"
           " same receipt counts once."),
    table="campaigns_partneruse",
    key="reference",
    within=("partner",),
    columns=(
        Column("partner", cells.key(40, is_of_merchant=True), _("merchant number of the partner"),
               "M000001", True),
        Column("reference", cells.key(40), _("the partner's own number of the receipt"),
               "R20260601-0001", True),
        Column("customer", cells.key(40), _("customer number"), "C00000001", True),
        Column("benefit", cells.COUNT, _("number of the benefit"), "1200", True),
        Column("used_date", cells.DAY, _("day of the use"), "2026-06-01", True, days_ahead=0),
        Column("units", cells.FEW, _("how many uses; empty: one"), "1"),
        Column("place", cells.plain(_PLACE_LENGTH), _("where it was used"), "T2, Lounge 3",
               stages=(("place", "text"),), expand=_masked, mask=masking.mask_text),
    ),
    joins=(
        "JOIN campaigns_benefit b ON b.id = s.benefit"
        " JOIN journeys_customer c ON c.id = b.customer_id AND c.number = s.customer"
        " JOIN merchants_merchant m ON m.number = s.partner"
    ),
    targets=(
        Target("partner", "s.partner"),
        Target("reference", "s.reference"),
        Target("merchant_id", "m.id"),
        Target("benefit_id", "b.id"),
        Target("customer_id", "b.customer_id"),
        Target("used_date", "s.used_date"),
        Target("units", "coalesce(s.units, 1)", of="units"),
    ),
    checks=(
        Check("benefit", UNKNOWN_BENEFIT,
              "SELECT s.row_number, s.benefit AS value FROM intake_staging s"
              f" LEFT JOIN ({_HELD}) held ON held.id = s.benefit WHERE held.id IS NULL"),
        unknown_merchant("partner"),
        unknown_customer(),
        Check("customer", OTHER_HOLDER,
              "SELECT s.row_number, s.customer AS value FROM intake_staging s"
              " JOIN campaigns_benefit b ON b.id = s.benefit"
              " JOIN journeys_customer c ON c.number = s.customer WHERE c.id <> b.customer_id"),
        Check("partner", NOT_TAKING_PART,
              "SELECT s.row_number, s.partner AS value, run.code AS campaign"
              " FROM intake_staging s JOIN campaigns_benefit b ON b.id = s.benefit"
              " JOIN campaigns_grant given ON given.id = b.grant_id"
              " JOIN campaigns_campaignversion v ON v.id = given.version_id"
              " JOIN campaigns_campaign run ON run.id = v.campaign_id"
              " WHERE jsonb_array_length(coalesce(v.content -> 'merchants', '[]')) > 0"
              " AND NOT v.content -> 'merchants' @> to_jsonb(s.partner)"
              # One that was merged, and the one that it was merged into, are the same partner.
              " AND NOT EXISTS (SELECT FROM merchants_merchant told"
              " JOIN jsonb_array_elements_text(v.content -> 'merchants') AS listed (number) ON TRUE"
              " JOIN merchants_merchant named ON named.number = listed.number"
              " WHERE told.number = s.partner AND coalesce(named.merged_into_id, named.id)"
              " = coalesce(told.merged_into_id, told.id))"),
        Check("reference", STANDS_OTHERWISE,
              "SELECT s.row_number, s.reference AS value FROM intake_staging s"
              " JOIN campaigns_partneruse p"
              " ON p.partner = s.partner AND p.reference = s.reference"
              " WHERE (p.benefit_id, p.used_date) IS DISTINCT FROM (s.benefit, s.used_date)"),
        Check("units", STANDS_OTHERWISE,
              "SELECT s.row_number, s.units AS value FROM intake_staging s"
              " JOIN campaigns_partneruse p"
              " ON p.partner = s.partner AND p.reference = s.reference"
              " WHERE p.units <> coalesce(s.units, 1)", when_given="units"),
        Check("reference", TOLD_AT_DESK,
              f"SELECT n.row_number, n.reference AS value, entry.used_date AS day FROM ({_NEW}) n"
              " JOIN merchants_merchant m ON m.number = n.partner"
              " JOIN campaigns_benefitentry entry"
              " ON entry.merchant_id = m.id AND entry.reference = n.reference"
              f" AND entry.kind = '{EntryKind.USE}' AND entry.round = 1"),
        Check("benefit", LOST,
              f"SELECT n.row_number, n.benefit AS value FROM ({_NEW}) n WHERE"
              " EXISTS (SELECT FROM campaigns_grantreversal gone"
              " WHERE gone.grant_id = n.grant_id)"
              " OR EXISTS (SELECT FROM campaigns_benefitentry entry"
              f" WHERE entry.benefit_id = n.benefit AND entry.kind = '{EntryKind.TAKE_BACK}'"
              f" AND NOT EXISTS ({_GONE}))"
              " OR EXISTS (SELECT FROM campaigns_usedbefore lost"
              f" WHERE lost.benefit_id = n.benefit AND lost.outcome IN ({_KEPT_LOST}))"),
        Check("used_date", NOT_ITS_DAYS,
              "SELECT n.row_number, n.used_date AS value, n.from_date AS first,"
              f" n.end_date - 1 AS last FROM ({_NEW}) n WHERE n.end_date IS NOT NULL"
              " AND (n.used_date < n.from_date OR n.used_date >= n.end_date)"),
        Check("used_date", NOT_YET_GRANTED,
              "SELECT n.row_number, n.used_date AS value, n.from_date AS first"
              f" FROM ({_NEW}) n WHERE n.end_date IS NULL AND n.used_date < n.from_date"),
        Check("units", USED_UP,
              f"SELECT n.row_number, n.units AS value, {_FREE} AS left FROM ({_NEW}) n"
              f" WHERE n.units > {_FREE} AND NOT {_BAD}"),
        Check("benefit", USED_UP_HERE,
              "SELECT row_number, benefit AS value, free AS left FROM ("
              f" SELECT n.*, {_FREE} AS free, sum(n.units) OVER ("
              "   PARTITION BY n.benefit ORDER BY n.row_number) AS so_far"
              f" FROM ({_NEW}) n WHERE NOT {_BAD}) counted WHERE so_far > free"),
    ),
    after=(_REOPEN, _USE),
    locks=("benefit_uses",),
)  # fmt: skip
