"""The file of contracts with merchants, each with the clause on data that was signed with it.

What would break a rule of the database is said by the row: it stays out, the others come in. A
contract that a negotiation signed here is not changed by a file, and a clause that was signed never
says anything else than it did.
"""

import re

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from merchants.directory.enums import Renewal, SharingPurpose
from merchants.directory.intake.merchants import JOINED_MERCHANT, own, same_merchant
from merchants.directory.rules import unknown_merchant
from portal.intake.rules import BadCell, Cell, Check, Column, ImportKind, Reason, Target, cells

_AHEAD = 3_660  # contracts of ten years

ENDS_TOO_EARLY = Reason("ends_too_early", _("The contract ends before its second day."))
SIGNED_TOO_LATE = Reason("signed_too_late", _("The contract was signed after its last day."))
NOTICE_TOO_LONG = Reason("notice_too_long", _("Notice is given 366 days before at most."))
RENEWAL_UNSAID = Reason(
    "renewal_unsaid",
    _("A contract that goes on by itself, and no other, has a last day and the months (1 to 60)"
      " that it goes on."),
)  # fmt: skip
OVERLAPS = Reason(
    "contract_overlaps",
    _("Contract {other} of the merchant holds on some of these days, here or in this file. Send its"
      " new end first."),
)  # fmt: skip
SIGNED_HERE = Reason(
    "signed_here", _("It was signed by a negotiation here: no file changes its days.")
)
CLAUSE_UNSAID = Reason(
    "clause_unsaid",
    _("A clause on data has purposes, kinds of data and the way of handling, and its contract a"
      " last day."),
)  # fmt: skip
CLAUSE_OVERLAPS = Reason(
    "clause_overlaps",
    _("Another clause on data that was signed with the merchant holds on some of these days."),
)
NO_SUCH_PURPOSE = Reason("no_such_purpose", _("Purposes with blanks between them, of: {known}."))

_PURPOSES = ", ".join(SharingPurpose.values)
_FORMAT = format_lazy(_("some of these, with blanks between them: {known}"), known=_PURPOSES)


def _parse_purposes(text: str) -> str:
    """Purposes as they are staged: each once, in the order of the list."""
    given = set(filter(None, re.split(r"[\s,;，；、]+", text.lower())))
    if not given or given - set(SharingPurpose.values):
        raise BadCell(NO_SUCH_PURPOSE, known=_PURPOSES)
    return ",".join(purpose for purpose in SharingPurpose.values if purpose in given)


# Both ends are inside, and without an end it goes on.
_MEET = (
    "{row}.first_date <= coalesce(s.last_date, 'infinity')"
    " AND s.first_date <= coalesce({row}.last_date, 'infinity')"
)
# Another contract of the merchant as it stands, or as an earlier row of the file says it.
_OVERLAPPING = (
    "SELECT s.row_number, s.first_date::text AS value, other.number AS other"
    f" FROM intake_staging s {JOINED_MERCHANT} JOIN LATERAL ("
    " SELECT c.number FROM merchants_merchantcontract c WHERE c.merchant_id = m.id"
    f" AND c.number <> s.number AND {_MEET.format(row='c')}"
    " UNION ALL SELECT e.number FROM intake_staging e"
    " JOIN merchants_merchant n ON n.number = e.merchant"
    " WHERE coalesce(n.merged_into_id, n.id) = m.id AND e.number <> s.number"
    f" AND e.row_number < s.row_number AND {_MEET.format(row='e')} LIMIT 1) other ON TRUE"
)
_CHANGES_SIGNED = (
    "SELECT s.row_number, s.number AS value FROM intake_staging s"
    " JOIN merchants_merchantcontract c ON c.number = s.number"
    " WHERE EXISTS (SELECT FROM merchants_signedterms t WHERE t.contract_id = c.id)"
    " AND (c.signed_date, c.first_date, c.last_date)"
    " IS DISTINCT FROM (s.signed_date, s.first_date, s.last_date)"
)
_SAID = ("clause_purposes", "clause_data", "clause_handling")
_CLAUSE = (
    "(k.first_date, k.last_date, k.purposes::text[], k.data_kinds, k.handling)",
    "(s.first_date, s.last_date, string_to_array(s.clause_purposes, ','), s.clause_data,"
    " s.clause_handling)",
)
_SAME_CLAUSE = f"{_CLAUSE[0]} IS NOT DISTINCT FROM {_CLAUSE[1]}"
_SIGNED = "k.merchant_id = m.id AND k.state = 'signed'"
_OTHER_CLAUSE = (
    f"SELECT s.row_number, s.clause_purposes AS value FROM intake_staging s {JOINED_MERCHANT}"
    f" WHERE s.clause_purposes IS NOT NULL AND EXISTS (SELECT FROM merchants_dataclause k"
    f" WHERE {_SIGNED} AND {_MEET.format(row='k')} AND NOT ({_SAME_CLAUSE}))"
)
_SIGN_CLAUSE = (
    "INSERT INTO merchants_dataclause (merchant_id, state, first_date, last_date, purposes,"
    " data_kinds, handling) SELECT m.id, 'signed', s.first_date, s.last_date,"
    " string_to_array(s.clause_purposes, ','), s.clause_data, s.clause_handling"
    f" FROM intake_staging s {JOINED_MERCHANT} WHERE s.clause_purposes IS NOT NULL"
    f" AND NOT EXISTS (SELECT FROM merchants_dataclause k WHERE {_SIGNED} AND {_SAME_CLAUSE})"
    " ORDER BY s.row_number"
)

CONTRACTS = ImportKind(
    code="merchant_contracts",
    label=_("Contracts with merchants"),
    help=_("Contracts and the clauses on data that were signed with them; merchants come first."),
    table="merchants_merchantcontract",
    key="number",
    columns=(
        Column("number", cells.key(40), _("contract number"), "HT000001", True),
        Column("merchant", cells.key(40, is_of_merchant=True), _("merchant number"), "M000001",
               True),
        Column("signed_date", cells.DAY, _("day of signing"), "2026-01-05", True),
        Column("first_date", cells.DAY, _("holds from this day on"), "2026-01-10", True,
               days_ahead=_AHEAD),
        Column("last_date", cells.DAY, _("last day; none where it holds until notice"),
               "2026-12-31", days_ahead=_AHEAD),
        Column("notice_days", cells.FEW_OR_NONE, _("days of notice"), "30", default="0"),
        Column("renewal", cells.choice(Renewal.values), _("what becomes of it at its end"),
               "talks", default=Renewal.TALKS.value),
        Column("renewal_months", cells.FEW, _("months that it goes on by itself"), ""),
        Column("clause_purposes", Cell(_parse_purposes, "text", _FORMAT),
               _("what for data of customers is given, where a clause was signed"),
               "redemption settlement"),
        Column("clause_data", cells.plain(200), _("kinds of data that are given"),
               "卡号后四位、核销时间"),
        Column("clause_handling", cells.plain(400), _("how they are handled"),
               "仅用于核销与费用结算，九十日内删除"),
    ),
    joins=JOINED_MERCHANT,
    targets=(
        Target("number", "s.number"),
        Target("merchant_id", "m.id"),
        Target("signed_date", "s.signed_date"),
        Target("first_date", "s.first_date"),
        # The end and what becomes of it hang together: what a file lacks of them stays.
        Target("last_date", "s.last_date"),
        Target("notice_days", "s.notice_days", of="notice_days"),
        Target("renewal", "s.renewal"),
        Target("renewal_months", "s.renewal_months"),
        Target("words", "''", is_of_new=True),
    ),
    checks=(
        unknown_merchant(),
        same_merchant("merchants_merchantcontract"),
        own("last_date", "s.last_date <= s.first_date", ENDS_TOO_EARLY),
        own("signed_date", "s.signed_date > s.last_date", SIGNED_TOO_LATE),
        own("notice_days", "s.notice_days > 366", NOTICE_TOO_LONG),
        own("renewal_months",
            "(s.renewal = 'automatic') <> (s.renewal_months IS NOT NULL)"
            " OR s.renewal_months > 60 OR s.renewal = 'automatic' AND s.last_date IS NULL",
            RENEWAL_UNSAID),
        Check("first_date", OVERLAPS, _OVERLAPPING),
        Check("number", SIGNED_HERE, _CHANGES_SIGNED),
        own("clause_purposes",
            f"num_nulls({', '.join(f's.{name}' for name in _SAID)}) IN (1, 2)"
            " OR s.clause_purposes IS NOT NULL AND s.last_date IS NULL", CLAUSE_UNSAID),
        Check("clause_purposes", CLAUSE_OVERLAPS, _OTHER_CLAUSE),
    ),
    after=(_SIGN_CLAUSE,),
    stays=(
        ("last_date", "old.last_date"), ("renewal", "old.renewal"),
        ("renewal_months", "old.renewal_months"),
    ),
)  # fmt: skip
