"""The file of leads. Each comes once, free, and is merged into the open lead of the same phone,
whatever team and branch has that one; those that look alike are held beside it."""

import dataclasses

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from journeys.customers import queries as customers
from journeys.customers.enums import CustomerKind, LawfulBasis, Source
from journeys.notices.intake import APPLICATIONS as NOTICED
from journeys.telemarketing.intake.crediting import CREDIT_APPLICATIONS, KNOW_APPLICATIONS
from journeys.telemarketing.queries import part_of_alike
from portal.intake.rules import (
    Check,
    Column,
    ImportKind,
    Reason,
    Target,
    cells,
    unknown,
    unknown_branch,
)
from portal.kit import masking, sealed
from portal.staff.enums import Permission

ERASED_LEAD = Reason(
    "erased_lead",
    _("This person was erased at the person's own request and must not come back. Take the row "
      "out of the list."),
)  # fmt: skip
REFUSED_PHONE = Reason(
    "refused_phone", _("Whoever has this phone said that the bank is not to contact them.")
)
OF_A_MESSAGE = Reason(
    "of_a_message", _("Numbers that begin with M- are those of calls that campaigns ask for.")
)
NO_WORDS = Reason(
    "no_basis_words", _("Where the person consented, say when, where and in which words.")
)
UNKNOWN_TEAM = Reason("unknown_team", _("There is no team with this code in this branch."))
UNKNOWN_STAFF = Reason("unknown_staff", _("There is nobody of the staff with this user name."))
UNKNOWN_POST = Reason("unknown_post", _("There is no post with this number."))
POST_SAYS_SO = Reason("post_says_so", _("A lead that was won at a post has the source post."))
NOT_YOUR_BRANCH = Reason(
    "not_your_branch", _("This branch is not yours: bring leads of your branch and those below it.")
)

_ZONE = settings.TIME_ZONE
_ALIKE = (
    f"substring(sha256(CASE WHEN s.kind = '{CustomerKind.COMPANY.value}'"
    " THEN ''::bytea || coalesce(s.company_part, s.name_part)"
    " ELSE s.name_part || s.company_part END) FROM 1 FOR 16)"
)


def _with_hash(value: str | None) -> tuple[str | bytes | None, ...]:
    return value, customers.erased_hash(value) if value else None


def _with_part(value: str | None) -> tuple[str | bytes | None, ...]:
    return value, part_of_alike(value)


def _sealed(value: str | None) -> tuple[str | bytes | None, ...]:
    if value is None:
        return None, None, "", None
    return (
        sealed.seal(value, "lead.phone"), sealed.blind_index(value, "phone"),
        masking.mask_phone(value), customers.callee_of(value),
    )  # fmt: skip


def _own(column: str, reason: Reason, condition: str, shown: str = "") -> Check:
    value = shown or f"s.{column}"
    sql = f"SELECT s.row_number, {value} AS value FROM intake_staging s WHERE {condition}"
    return Check(column, reason, sql)


# An application that comes in is credited to the lead that it came of.
APPLICATIONS = dataclasses.replace(
    NOTICED,
    before=(*NOTICED.before, *KNOW_APPLICATIONS),
    after=(*NOTICED.after, CREDIT_APPLICATIONS),
)

LEADS = ImportKind(
    code="leads",
    label=_("Leads"),
    help=_("Persons and companies that may apply for a card. Whoever has the phone of an open"
           " lead is merged into it, and whoever collected it stays credited; what looks alike is"
           " decided by the branch manager. A lead that is there already stays as it is."),
    table="journeys_lead",
    key="number",
    columns=(
        Column("number", cells.address_key(40), _("the source's number of the lead"), "L0000001",
               True, stages=(("number", "text"), ("number_hash", "bytea")), expand=_with_hash),
        Column("kind", cells.choice(CustomerKind.values), _("person or small company"), "person",
               default=CustomerKind.PERSON.value),
        Column("name", cells.plain(80), _("full name of the person, or whom to ask for"), "王小明",
               True, stages=(("name", "text"), ("name_part", "bytea")), expand=_with_part,
               mask=masking.mask_name),
        Column("company", cells.plain(120), _("company"), "杭州山月餐饮有限公司",
               stages=(("company", "text"), ("company_part", "bytea")), expand=_with_part),
        Column("phone", cells.PHONE, _("mobile number; kept encrypted"), "13900000001",
               stages=(("phone_sealed", "bytea"), ("phone_index", "bytea"),
                       ("phone_masked", "text"), ("callee", "bytea")),
               expand=_sealed, mask=masking.mask_phone),
        Column("source", cells.choice(Source.values), _("where the data came from"), "post",
               True),
        Column("lawful_basis", cells.choice(LawfulBasis.values),
               _("ground on which the data is held (PIPL, article 13)"), "consent", True),
        Column("basis_words", cells.plain(200),
               _("what that rests on: of a consent when, where and in which words"),
               "2026-03-02 展位登记, 同意来电介绍信用卡"),
        Column("branch", cells.key(20), _("code of the branch that follows it up"), "B001", True),
        Column("team", cells.key(20), _("code of the team that collected it"), "T001"),
        Column("collected_by", cells.key(150), _("user name of who collected it"), "bj01_t1"),
        Column("post", cells.key(40), _("number of the post where it was won"), "M000001-S1-Z1"),
        Column("campaign", cells.key(40), _("code of the campaign that brought it"), "SPRING26"),
        Column("collected_at", cells.INSTANT, _("when it was collected"), "2026-03-02 13:05:00",
               True),
    ),
    joins=(
        "JOIN portal_branch b ON b.code = s.branch"
        " LEFT JOIN portal_team t ON t.code = s.team"
        " LEFT JOIN portal_staff p ON p.username = s.collected_by"
        " LEFT JOIN merchants_post z ON z.number = s.post"
        " LEFT JOIN journeys_lead old ON old.number = s.number"
    ),
    # What is there already stays as it is; `created_at` stands for that.
    targets=(
        Target("number", "s.number"),
        Target("created_at",
               "coalesce(old.created_at, CASE WHEN s.collected_at ~ '[+-]..:..$'"
               " THEN s.collected_at::timestamptz"
               f" ELSE s.collected_at::timestamp AT TIME ZONE '{_ZONE}' END)"),
        *(Target(name, value, is_of_new=True) for name, value in (
            ("kind", "s.kind"), ("name", "s.name"), ("company", "coalesce(s.company, '')"),
            ("phone_sealed", "s.phone_sealed"), ("phone_index", "s.phone_index"),
            ("phone_masked", "coalesce(s.phone_masked, '')"), ("callee", "s.callee"),
            ("source", "s.source"), ("lawful_basis", "s.lawful_basis"),
            ("basis_words", "coalesce(s.basis_words, '')"), ("branch_id", "b.id"),
            ("team_id", "t.id"), ("collected_by_id", "p.id"), ("post_id", "z.id"),
            ("campaign", "coalesce(s.campaign, '')"), ("state", "'new'"), ("moved", "0"),
            ("priority", "50"), ("attempts", "0"), ("reason", "''"), ("is_sole", "FALSE"),
            ("alike", _ALIKE),
        )),
    ),
    checks=(
        unknown_branch(),
        unknown("collected_by", "portal_staff", "username", UNKNOWN_STAFF),
        unknown("post", "merchants_post", "number", UNKNOWN_POST),
        _own("number", OF_A_MESSAGE, "starts_with(s.number, 'M-')"),
        _own("basis_words", NO_WORDS,
             f"s.lawful_basis = '{LawfulBasis.CONSENT.value}' AND s.basis_words IS NULL",
             shown="''::text"),
        _own("post", POST_SAYS_SO,
             f"s.post IS NOT NULL AND s.source <> '{Source.POST.value}'"),
        Check("team", UNKNOWN_TEAM,
              "SELECT s.row_number, s.team AS value FROM intake_staging s"
              " WHERE s.team IS NOT NULL AND NOT EXISTS (SELECT FROM portal_team t"
              " JOIN portal_branch b ON b.id = t.branch_id"
              " WHERE t.code = s.team AND b.code = s.branch)"),
        Check("branch", NOT_YOUR_BRANCH,
              "SELECT s.row_number, s.branch AS value FROM intake_staging s"
              " JOIN portal_branch b ON b.code = s.branch"
              " JOIN portal_staff me ON me.id"
              " = nullif(current_setting('intake.own_of', TRUE), '')::bigint"
              " JOIN portal_branch mine ON mine.id = me.branch_id"
              " WHERE NOT starts_with(b.path, mine.path)"),
        Check("number", ERASED_LEAD,
              "SELECT s.row_number, s.number AS value FROM intake_staging s"
              " JOIN journeys_erasednumber e ON e.number_hash = s.number_hash"),
        Check("phone", REFUSED_PHONE,
              "SELECT DISTINCT s.row_number, s.phone_masked AS value FROM intake_staging s"
              " WHERE s.callee IS NOT NULL"
              " AND NOT EXISTS (SELECT FROM journeys_lead l WHERE l.number = s.number)"
              " AND (EXISTS (SELECT FROM journeys_customer c JOIN journeys_donotcontact d"
              " ON d.customer_id = c.id WHERE c.callee = s.callee)"
              " OR EXISTS (SELECT FROM journeys_erasedrefusal e WHERE e.value_hash = s.callee))"),
    ),
    before=(
        "SELECT pg_advisory_xact_lock(hashtextextended('journeys.leads', 0))",
        "DROP TABLE IF EXISTS leads_known",
        "CREATE TEMP TABLE leads_known ON COMMIT DROP AS"
        " SELECT l.number FROM journeys_lead l JOIN intake_staging s ON s.number = l.number",
    ),
    after=(
        "SELECT journeys_sort_leads(array_agg(l.id),"
        " current_setting('intake.at')::timestamptz) FROM journeys_lead l"
        " JOIN intake_staging s ON s.number = l.number"
        " WHERE NOT EXISTS (SELECT FROM leads_known k WHERE k.number = l.number)",
    ),
    permission=Permission.ASSIGN_LEADS,
    in_order=True,  # whoever stands first is credited first
)  # fmt: skip
