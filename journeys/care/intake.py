"""The files of complaints and of service cases.

What staff made or worked on in the portal (`is_handled_here`) is changed by no file. An open
complaint or case pauses marketing in the same transaction, and one that the file closes ends its
pause.
"""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from journeys.care import rules
from journeys.care.enums import CareChannel, CaseState, CauseKind, ComplaintState, Grade
from journeys.contact import operations as contact
from journeys.contact.enums import PauseKind
from journeys.customers.rules import lock_named, unknown_customer
from portal.intake.rules import Check, Column, History, ImportKind, Reason, Target, cells
from portal.kit import masking

NO_LIMITS = Reason(
    "no_limits",
    _("No limits for complaints are in force on this day; a complaint rule must be added first."),
)
OPEN_WITH_END = Reason(
    "open_with_end", _("An open complaint has neither a day of answer nor one of closing.")
)
NO_ANSWER_DAY = Reason(
    "no_answer_day", _("A complaint that was answered needs the day of the answer.")
)
NO_END = Reason(
    "no_end",
    _("A closed complaint, and no other, needs the day of closing, the root cause and the remedy."),
)
UNKNOWN_TEXT = Reason(
    "unknown_text",
    _(
        "There is no text of this name; write code, channel, language and version: "
        "first_gift/sms/zh-hans/1."
    ),
)
STRAY_REFERENCE = Reason("stray_reference", _("This root cause names nothing further."))
NO_REFERENCE = Reason("no_reference", _("This root cause needs a reference."))
OUT_OF_ORDER = Reason("out_of_order", _("The days are not in order: opened, answered, closed."))
CASE_END = Reason(
    "case_end",
    _("A closed case, and no other, needs a day of closing, not before its opening."),
)
OTHER_CUSTOMER = Reason(
    "other_customer", _("This number stands already under customer {customer}.")
)
HOUSE_NUMBER = Reason(
    "house_number",
    _(
        "Numbers of this form are given out by the portal, and it gave out none like this. Put a "
        "mark of the source before it."
    ),
)
# A member of staff is named in the portal, not by a file.
_CAUSES = [kind for kind in CauseKind.values if kind != CauseKind.STAFF]


def _own(column: str, condition: str, reason: Reason) -> Check:
    """A check within one row."""
    sql = f"SELECT s.row_number, s.{column} AS value FROM intake_staging s WHERE {condition}"
    return Check(column, reason, sql)


def _same_customer(table: str) -> Check:
    return Check(
        "customer", OTHER_CUSTOMER,
        "SELECT s.row_number, s.customer AS value, c.number AS customer"
        f" FROM intake_staging s JOIN {table} old ON old.number = s.number"
        " JOIN journeys_customer c ON c.id = old.customer_id WHERE c.number <> s.customer",
    )  # fmt: skip


def _not_of_the_house(letter: str, table: str) -> Check:
    """A source may send back what it got from here, but give out no such number itself."""
    pattern = rules.HOUSE_NUMBER.format(letter=letter)
    return _own(
        "number",
        f"s.number ~ '{pattern}' AND NOT EXISTS (SELECT FROM {table} o WHERE o.number = s.number)",
        HOUSE_NUMBER,
    )


def _kept(column: str, value: str) -> Target:
    """A target that stays as it is where the row was worked on here."""
    return Target(column, f"CASE WHEN old.is_handled_here THEN old.{column} ELSE {value} END")


def _masked(value: str | None) -> tuple[str | bytes | None, ...]:
    return (None if value is None else masking.mask_text(value),)


def _masked_subject(value: str | None) -> tuple[str | bytes | None, ...]:
    # An address may be longer under its mask.
    return (None if value is None else masking.mask_text(value)[: rules.SUBJECT_LENGTH],)


def _lock(table: str) -> str:
    """The statement that locks the rows which the file names, after their customers: what somebody
    does meanwhile is seen before anything is written over it."""
    return (
        f"SELECT FROM {table} WHERE number IN (SELECT number FROM intake_staging)"
        " ORDER BY id FOR NO KEY UPDATE"
    )


def _words(name: str, words: object, example: str, is_needed: bool = False) -> Column:
    return Column(
        name, cells.plain(2000), words, example, is_needed, stages=((name, "text"),),
        expand=_masked, mask=masking.mask_text,
    )  # fmt: skip


def _start_of(day: str) -> str:
    return f"({day}::timestamp AT TIME ZONE '{settings.TIME_ZONE}')"


_CUSTOMER = Column("customer", cells.key(40), _("customer number"), "C00000001", True)
_CHANNEL = Column(
    "channel", cells.choice(CareChannel.values), _("the way on which the customer came"),
    "hotline", default=CareChannel.HOTLINE.value,
)  # fmt: skip
_OPENED = Column("opened_date", cells.DAY, _("day of opening"), "2026-03-02", True, days_ahead=0)
_CLOSED = Column(
    "closed_date", cells.DAY, _("day of closing; empty before"), "2026-03-20", days_ahead=0
)


def _opened_events(table: str, column: str) -> str:
    return (
        f"INSERT INTO journeys_careevent ({column}_id, kind, at, words)"
        f" SELECT done.id, 'opened', {_start_of('done.opened_date')}, ''"
        f" FROM {table} done JOIN intake_staging s ON s.number = done.number"
        " WHERE NOT EXISTS (SELECT FROM journeys_careevent event"
        f" WHERE event.{column}_id = done.id) ORDER BY done.id"
    )


def _rounds_events(rows: str) -> str:
    """The history says of each round of the complaints in `rows` when it began."""
    return (
        "WITH began AS (SELECT done.id, done.opened_date FROM journeys_complaint done"
        f" WHERE done.number IN (SELECT number FROM {rows})"
        " UNION SELECT done.id, round.opened_date FROM journeys_complaint done"
        " JOIN journeys_complaintround round ON round.complaint_id = done.id AND round.is_over"
        f" WHERE done.number IN (SELECT number FROM {rows})), told AS (SELECT id,"
        f" {_start_of('opened_date')} AS at, count(*) OVER (PARTITION BY id) AS openings,"
        " opened_date = min(opened_date) OVER (PARTITION BY id) AS is_first FROM began)"
        " INSERT INTO journeys_careevent (complaint_id, kind, at, words)"
        " SELECT id, CASE WHEN is_first THEN 'opened' ELSE 'reopened' END, at, '' FROM told"
        " WHERE NOT EXISTS (SELECT FROM journeys_careevent event WHERE event.complaint_id = told.id"
        " AND event.kind IN ('opened', 'reopened') AND event.at < told.at + interval '1 day'"
        " AND (is_first OR event.at >= told.at))"
        # A day that was put right is no further opening.
        " AND (SELECT count(*) FROM journeys_careevent event WHERE event.complaint_id = told.id"
        " AND event.kind IN ('opened', 'reopened')) < openings ORDER BY id, at"
    )


def _pauses(kind: PauseKind, table: str) -> tuple[str, str]:
    named = (
        "SELECT done.customer_id, done.number AS reference,"
        f" {_start_of('done.opened_date')} AS since,"
        f" CASE WHEN done.state = 'closed' THEN {_start_of('done.closed_date')} END AS until"
        f" FROM {table} done JOIN intake_staging s ON s.number = done.number"
    )
    return contact.pauses_of_many(kind=kind, named=named)


_COMPLAINTS = (
    "JOIN journeys_customer c ON c.number = s.customer"
    " JOIN LATERAL (SELECT * FROM journeys_complaintrule r"
    " WHERE r.effective_date <= s.opened_date ORDER BY r.effective_date DESC LIMIT 1) r ON TRUE"
    " LEFT JOIN journeys_complaint old ON old.number = s.number"
)
_LIMIT_DAYS = "CASE WHEN s.grade = 'simple' THEN r.simple_days ELSE r.complex_days END"
# The clock that a row told which is older than what stands: without an instant, on its latest day.
_TELL_CLOCKS = (
    f"SELECT journeys_tell_complaint_clock(old.id, s.opened_date, {_LIMIT_DAYS}, s.answered_date,"
    " s.closed_date, coalesce(s.cause_kind, ''), coalesce(s.cause_reference, ''), coalesce(s.as_of,"
    f" {_start_of('greatest(s.opened_date, s.answered_date, s.closed_date)')}), FALSE)"
    f" FROM intake_older s {_COMPLAINTS} WHERE old.id IS NOT NULL ORDER BY s.row_number"
)


COMPLAINTS = ImportKind(
    code="complaints",
    label=_("Complaints"),
    help=_("Complaints under the number of the source; customers come first."),
    table="journeys_complaint",
    key="number",
    columns=(
        Column("number", cells.address_key(40), _("the source's number of the complaint"),
               "T000001", True),
        _CUSTOMER,
        _CHANNEL,
        Column("grade", cells.choice(Grade.values), _("simple, complex or special"), "simple",
               True),
        _OPENED,
        Column("state", cells.choice(ComplaintState.values), _("what became of it so far"),
               "closed", default=ComplaintState.OPEN.value),
        Column("answered_date", cells.DAY, _("day of the answer; empty while it is open"),
               "2026-03-12", days_ahead=0),
        _CLOSED,
        _words("words", _("the customer's words; numbers in them are masked"), "短信太多", True),
        Column("cause_kind", cells.choice(_CAUSES),
               _("what it came from; needed where it is closed"), "campaign"),
        Column("cause_reference", cells.plain(80),
               _("campaign and version (CODE/2), or text (code/channel/language/version)"),
               "first-gift/2"),
        _words("remedy", _("what was done; needed where it is closed"), "已致歉并更正"),
    ),
    joins=_COMPLAINTS,
    targets=(
        Target("number", "s.number"),
        Target("customer_id", "c.id"),
        _kept("branch_id", "c.branch_id"),
        _kept("channel", "s.channel"),
        _kept("grade", "s.grade"),
        _kept("opened_date", "s.opened_date"),
        _kept("limit_days", _LIMIT_DAYS),
        _kept("extension_days", "0"),
        _kept("extension_reason", "''"),
        _kept("extended_date", "NULL::date"),
        _kept("state", "s.state"),
        _kept("answered_date", "s.answered_date"),
        _kept("closed_date", "s.closed_date"),
        _kept("words", "s.words"),
        _kept("cause_kind", "coalesce(s.cause_kind, '')"),
        _kept("cause_reference", "coalesce(s.cause_reference, '')"),
        _kept("remedy", "coalesce(s.remedy, '')"),
        Target("is_handled_here", "coalesce(old.is_handled_here, FALSE)"),
    ),
    checks=(
        unknown_customer(),
        _same_customer("journeys_complaint"),
        _not_of_the_house("P", "journeys_complaint"),
        _own("opened_date", "NOT EXISTS (SELECT FROM journeys_complaintrule r"
             " WHERE r.effective_date <= s.opened_date)", NO_LIMITS),
        _own("state", "s.state = 'open' AND (s.answered_date IS NOT NULL"
             " OR s.closed_date IS NOT NULL)", OPEN_WITH_END),
        _own("answered_date", "s.state <> 'open' AND s.answered_date IS NULL", NO_ANSWER_DAY),
        _own("state", "s.state = 'closed' AND (s.closed_date IS NULL OR s.cause_kind IS NULL"
             " OR s.remedy IS NULL) OR s.state = 'answered' AND s.closed_date IS NOT NULL", NO_END),
        _own("cause_reference", "s.cause_kind IN ('campaign', 'script')"
             " AND s.cause_reference IS NULL", NO_REFERENCE),
        _own("cause_reference", "s.cause_kind = 'script' AND s.cause_reference IS NOT NULL"
             " AND NOT EXISTS (SELECT FROM journeys_messagetemplate t WHERE s.cause_reference ="
             " t.code || '/' || t.channel || '/' || t.language || '/' || t.version)", UNKNOWN_TEXT),
        _own("cause_reference", "s.cause_reference IS NOT NULL"
             " AND coalesce(s.cause_kind, '') NOT IN ('campaign', 'script', 'staff')",
             STRAY_REFERENCE),
        _own("answered_date", "s.answered_date < s.opened_date OR s.closed_date < s.answered_date",
             OUT_OF_ORDER),
    ),
    before=(lock_named("customer"), _lock("journeys_complaint")),
    older=(
        ("answered_date", _TELL_CLOCKS),
        ("answered_date", _rounds_events("intake_older")),
    ),
    after=(
        _rounds_events("intake_staging"), *_pauses(PauseKind.COMPLAINT, "journeys_complaint"),
    ),
    stays=(
        ("channel", "old.channel"), ("state", "old.state"),
        ("answered_date", "CASE WHEN s.state <> 'open' THEN old.answered_date END"),
        ("closed_date", "CASE WHEN s.state = 'closed' THEN old.closed_date END"),
        ("cause_kind", "nullif(old.cause_kind, '')"),
        ("cause_reference", "nullif(old.cause_reference, '')"),
        ("remedy", "nullif(old.remedy, '')"),
    ),
    history=History(
        steps=(("state", "{row}.state <> 'open'"), ("state", "{row}.state = 'closed'")),
        days=("opened_date", "answered_date", "closed_date"),
        opens="opened_date",
    ),
)  # fmt: skip

SERVICE_CASES = ImportKind(
    code="service_cases",
    label=_("Service cases"),
    help=_("Service cases under the number of the source; customers come first."),
    table="journeys_servicecase",
    key="number",
    columns=(
        Column("number", cells.address_key(40), _("the source's number of the case"), "G000001",
               True),
        _CUSTOMER,
        _CHANNEL,
        Column("subject", cells.plain(rules.SUBJECT_LENGTH), _("what the customer asked for"),
               "补寄账单", True, stages=(("subject", "text"),), expand=_masked_subject,
               mask=masking.mask_text),
        _OPENED,
        Column("state", cells.choice(CaseState.values), _("what became of it so far"), "closed",
               default=CaseState.OPEN.value),
        _CLOSED,
    ),
    joins=(
        "JOIN journeys_customer c ON c.number = s.customer"
        " LEFT JOIN journeys_servicecase old ON old.number = s.number"
    ),
    targets=(
        Target("number", "s.number"),
        Target("customer_id", "c.id"),
        _kept("branch_id", "c.branch_id"),
        _kept("channel", "s.channel"),
        _kept("subject", "s.subject"),
        _kept("opened_date", "s.opened_date"),
        _kept("state", "s.state"),
        _kept("closed_date", "s.closed_date"),
        Target("is_handled_here", "coalesce(old.is_handled_here, FALSE)"),
    ),
    checks=(
        unknown_customer(),
        _same_customer("journeys_servicecase"),
        _not_of_the_house("S", "journeys_servicecase"),
        _own("closed_date", "(s.state = 'closed') <> (s.closed_date IS NOT NULL)"
             " OR s.closed_date < s.opened_date", CASE_END),
    ),
    before=(lock_named("customer"), _lock("journeys_servicecase")),
    after=(
        _opened_events("journeys_servicecase", "case"),
        *_pauses(PauseKind.CASE, "journeys_servicecase"),
    ),
    stays=(
        ("channel", "old.channel"), ("state", "old.state"),
        ("closed_date", "CASE WHEN s.state = 'closed' THEN old.closed_date END"),
    ),
    history=History(
        steps=(("state", "{row}.state = 'closed'"),), days=("opened_date", "closed_date"),
        opens="opened_date",
    ),
)  # fmt: skip
