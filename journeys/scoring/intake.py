"""The file of calls that were made, which the model of calls learns from."""

from django.utils.translation import gettext_lazy as _

from journeys.customers.rules import unknown_customer
from journeys.scoring.enums import CallResult, EarlierResult, PhoneKind
from portal.intake.rules import Check, Column, ImportKind, Reason, Target, cells, unknown_branch

NOTHING_EARLIER = Reason(
    "nothing_earlier",
    _("Without a contact in earlier campaigns there are no days since it, and no result of it."),
)
NO_AGE = Reason("no_age", _("Nobody of this age is called: from 16 to 120."))


def _trait(name: str, words: object, example: str) -> Column:
    return Column(name, cells.plain(40), words, example)


def _answer(name: str, words: object) -> Column:
    return Column(name, cells.YES_OR_NO, words, "false")


CALLS = ImportKind(
    code="calls",
    label=_("Past calls"),
    help=_("Calls of the past with what was known before each and its result; customers, where they"
           " are named, come first. How long a call took has no place here."),
    table="journeys_pastcall",
    key="number",
    columns=(
        Column("number", cells.key(40), _("the source's number of the call"), "L000001", True),
        Column("customer", cells.key(40), _("customer number, where it was a customer"),
               "C00000001"),
        Column("branch", cells.key(20), _("code of the branch that called"), "B001", True),
        Column("called_date", cells.DAY, _("day of the call"), "2026-03-02", True, days_ahead=0),
        Column("attempts", cells.FEW,
               _("calls to the person in this campaign up to this one, this one with them"), "2",
               True),
        Column("since_days", cells.FEW_OR_NONE,
               _("days since the last contact of an earlier campaign; empty: none"), "92"),
        Column("earlier", cells.FEW_OR_NONE, _("contacts in earlier campaigns"), "1", default="0"),
        Column("earlier_result", cells.choice(EarlierResult.values),
               _("what came of the earlier campaign"), "failure"),
        Column("channel", cells.choice(PhoneKind.values), _("the kind of phone"), "mobile"),
        Column("result", cells.choice(CallResult.values), _("what came of this call"), "success",
               True),
        Column("balance", cells.NET_AMOUNT, _("average balance of the year before"), "12850.00"),
        _answer("in_default", _("whether a credit was in default")),
        _answer("has_housing_loan", _("whether there was a housing loan")),
        _answer("has_loan", _("whether there was another loan")),
        Column("age", cells.FEW, _("age on that day; a personal trait, may be left out"), "41"),
        _trait("job", _("occupation; a personal trait, may be left out"), "teacher"),
        _trait("marital", _("marital status; a personal trait, may be left out"), "married"),
        _trait("education", _("education; a personal trait, may be left out"), "tertiary"),
    ),
    joins=(
        "JOIN portal_branch b ON b.code = s.branch"
        " LEFT JOIN journeys_customer c ON c.number = s.customer"
        " LEFT JOIN journeys_pastcall old ON old.number = s.number"
    ),
    targets=(
        Target("number", "s.number"),
        Target("customer_id", "c.id", of="customer"),
        Target("branch_id", "b.id"),
        Target("called_date", "s.called_date"),
        Target("attempts", "s.attempts"),
        Target("since_days", "s.since_days"),
        Target("earlier", "s.earlier"),
        Target("earlier_result", "coalesce(s.earlier_result, '')"),
        Target("channel", "coalesce(s.channel, '')", of="channel"),
        Target("result", "s.result"),
        *(Target(name, f"s.{name}", of=name)
          for name in ("balance", "in_default", "has_housing_loan", "has_loan", "age")),
        *(Target(name, f"coalesce(s.{name}, '')", of=name)
          for name in ("job", "marital", "education")),
    ),
    checks=(
        unknown_branch(),
        unknown_customer(),
        Check("earlier", NOTHING_EARLIER,
              "SELECT s.row_number, s.earlier::text AS value FROM intake_staging s"
              " WHERE s.earlier = 0 AND (s.since_days IS NOT NULL"
              " OR s.earlier_result IS NOT NULL)"),
        Check("age", NO_AGE,
              "SELECT s.row_number, s.age::text AS value FROM intake_staging s"
              " WHERE s.age NOT BETWEEN 16 AND 120"),
    ),
    stays=(
        ("since_days", "old.since_days"), ("earlier", "old.earlier"),
        ("earlier_result", "nullif(old.earlier_result, '')"),
    ),
)  # fmt: skip
