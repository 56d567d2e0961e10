"""The files of consents and of refusals, as other systems heard them.

Statements are only added to: a row that stands already under its reference is left as it is, and
one that says something else under the same reference is bad. What holds follows from when things
were said (`journeys.contact.queries.gate`), so rows may come late and in any order. The customers
that a file names are locked: sending sees either nothing of it yet and has sent before it, or all
of it.
"""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from journeys.contact.enums import Channel, ConsentPurpose, RefusalSource
from journeys.customers.rules import lock_named, lock_sharing, unknown_customer
from portal.intake.rules import Check, Column, ImportKind, Reason, Target, cells
from portal.kit import masking

GIVEN, WITHDRAWN = "given", "withdrawn"

UNKNOWN_TEXT = Reason(
    "unknown_text", _("There is no such text of consent; write code and version, as marketing/2.")
)
TEXT_NEEDED = Reason(
    "text_needed", _("A consent names the text that was agreed to; a withdrawal names none.")
)
TEXT_OF_PURPOSE = Reason("text_of_purpose", _("This text asks for another purpose."))
TEXT_TOO_YOUNG = Reason("text_too_young", _("This text was not in force yet on that day."))
CHANNEL_OF_PURPOSE = Reason(
    "channel_of_purpose", _("Marketing is agreed to by channel, other purposes without one.")
)
NOT_YET = Reason("not_yet", _("This instant has not come yet."))
WITHDRAWN_LATER = Reason(
    "withdrawn_later", _("A withdrawal binds at once: leave its day and time in force empty.")
)
EFFECTIVE_INCOMPLETE = Reason(
    "effective_incomplete", _("Give both the day and the time in force, or neither.")
)
SAID_OTHERWISE = Reason(
    "said_otherwise",
    _("Another statement stands under this reference; a new one needs a reference of its own."),
)


def _at(day: str, time: str) -> str:
    """SQL: the instant of a day and a time of the bank's clock."""
    return f"(({day} + {time}) AT TIME ZONE '{settings.TIME_ZONE}')"


def _own(column: str, condition: str, reason: Reason, joins: str = "") -> Check:
    """A check within one row, or against the row that stands under its reference."""
    sql = (
        f"SELECT s.row_number, s.{column} AS value FROM intake_staging s {joins} WHERE {condition}"
    )
    return Check(column, reason, sql)


def _words(name: str, limit: int, words: object, example: str) -> Column:
    def masked(value: str | None) -> tuple[str | bytes | None, ...]:
        # An address may be longer under its mask.
        return (None if value is None else masking.mask_text(value)[:limit],)

    return Column(
        name, cells.plain(limit), words, example, True, stages=((name, "text"),),
        expand=masked, mask=masking.mask_text,
    )  # fmt: skip


# Those whom the file names, and all who share something with one of them.
_LOCK_SHARING = lock_sharing("number IN (SELECT customer FROM intake_staging)")

_REFERENCE = Column(
    "reference", cells.key(80), _("the source's own number of the statement"), "S000001", True
)
_CUSTOMER = Column("customer", cells.key(40), _("customer number"), "C00000001", True)
_RECORDED = _at("s.recorded_date", "s.recorded_time")
_EFFECTIVE = f"coalesce({_at('s.effective_date', 's.effective_time')}, {_RECORDED})"
_SAID = _at("s.said_date", "s.said_time")
_CHANNEL = "coalesce(s.channel, '')"
_TEXT = "LEFT JOIN journeys_consenttext x ON x.code || '/' || x.version = s.text"

CONSENTS = ImportKind(
    code="consents",
    label=_("Consents"),
    help=_(
        "Consents given and withdrawn, under the number of the source. Customers and the texts of"
        " consent come first. A withdrawal binds the next sending."
    ),
    table="journeys_consent",
    key="reference",
    columns=(
        _REFERENCE,
        _CUSTOMER,
        Column("purpose", cells.choice(ConsentPurpose.values), _("what was agreed to"), "marketing",
               True),
        Column("channel", cells.choice(Channel.values),
               _("for marketing: the channel; empty for other purposes"), "sms"),
        Column("statement", cells.choice([GIVEN, WITHDRAWN]), _("given or withdrawn"), GIVEN, True),
        Column("text", cells.key(40), _("text agreed to, code and version; empty if withdrawn"),
               "marketing/1"),
        _words("evidence", 200, _("where the evidence is kept; numbers in it are masked"),
               "纸质申请表第3页"),
        Column("recorded_date", cells.DAY, _("day on which it was said and recorded"), "2026-03-02",
               True, days_ahead=0),
        Column("recorded_time", cells.TIME, _("time at which it was said and recorded"), "10:30:00",
               True),
        Column("effective_date", cells.DAY, _("day from which a consent holds, where another one"),
               "2026-03-02", days_ahead=366),
        Column("effective_time", cells.TIME, _("time from which a consent holds"), "10:30:00"),
    ),
    joins=f"JOIN journeys_customer c ON c.number = s.customer {_TEXT}",
    targets=(
        Target("reference", "s.reference"),
        Target("customer_id", "c.id"),
        Target("purpose", "s.purpose"),
        Target("channel", _CHANNEL),
        Target("is_granted", f"s.statement = '{GIVEN}'"),
        Target("text_id", "x.id"),
        Target("evidence", "s.evidence"),
        Target("effective_at", _EFFECTIVE),
        Target("recorded_at", _RECORDED),
    ),
    checks=(
        unknown_customer(),
        _own("text", f"(s.statement = '{GIVEN}') <> (s.text IS NOT NULL)", TEXT_NEEDED),
        _own("text", "s.text IS NOT NULL AND x.id IS NULL", UNKNOWN_TEXT, _TEXT),
        _own("text", "x.purpose <> s.purpose", TEXT_OF_PURPOSE, _TEXT),
        _own("text", "x.effective_date > s.recorded_date", TEXT_TOO_YOUNG, _TEXT),
        _own("channel", "(s.purpose = 'marketing') <> (s.channel IS NOT NULL)", CHANNEL_OF_PURPOSE),
        _own("recorded_time", f"{_RECORDED} > now()", NOT_YET),
        _own("effective_date", "(s.effective_date IS NULL) <> (s.effective_time IS NULL)",
             EFFECTIVE_INCOMPLETE),
        _own("effective_date", f"s.statement = '{WITHDRAWN}' AND {_EFFECTIVE} <> {_RECORDED}",
             WITHDRAWN_LATER),
        _own("reference",
             "(c.number, old.purpose, old.channel, old.is_granted, old.text_id, old.evidence,"
             " old.effective_at, old.recorded_at) IS DISTINCT FROM"
             f" (s.customer, s.purpose, {_CHANNEL}, s.statement = '{GIVEN}', x.id, s.evidence,"
             f" {_EFFECTIVE}, {_RECORDED})", SAID_OTHERWISE,
             "JOIN journeys_consent old ON old.reference = s.reference"
             f" JOIN journeys_customer c ON c.id = old.customer_id {_TEXT}"),
    ),
    before=(lock_named("customer"),),
)  # fmt: skip

DO_NOT_CONTACT = ImportKind(
    code="do_not_contact",
    label=_("Refusals"),
    help=_(
        "Words never to be contacted for marketing again, under the number of the source; customers"
        " come first. They are final and bind the next sending."
    ),
    table="journeys_donotcontact",
    key="reference",
    columns=(
        _REFERENCE,
        _CUSTOMER,
        Column("said_date", cells.DAY, _("day on which the customer said it"), "2026-03-02", True,
               days_ahead=0),
        Column("said_time", cells.TIME, _("time at which the customer said it"), "10:30:00", True),
        Column("source", cells.choice(RefusalSource.values), _("how the customer said it"), "call",
               True),
        _words("words", 2000, _("the customer's words; numbers in them are masked"),
               "以后别打电话了"),
    ),
    joins="JOIN journeys_customer c ON c.number = s.customer",
    targets=(
        Target("reference", "s.reference"),
        Target("customer_id", "c.id"),
        Target("at", _SAID),
        Target("source", "s.source"),
        Target("words", "s.words"),
    ),
    checks=(
        unknown_customer(),
        _own("said_time", f"{_SAID} > now()", NOT_YET),
        _own("reference",
             "(c.number, old.at, old.source, old.words) IS DISTINCT FROM"
             f" (s.customer, {_SAID}, s.source, s.words)", SAID_OTHERWISE,
             "JOIN journeys_donotcontact old ON old.reference = s.reference"
             " JOIN journeys_customer c ON c.id = old.customer_id"),
    ),
    before=(_LOCK_SHARING,),
)  # fmt: skip
