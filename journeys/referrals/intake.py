"""The file of referrals: who brought the applicant of which application."""

from django.utils.translation import gettext_lazy as _

from journeys.customers.rules import unknown_customer
from portal.intake.rules import Check, Column, ImportKind, Reason, Target, cells, unknown

UNKNOWN_APPLICATION = Reason(
    "unknown_application",
    _("There is no application with this number; import the file of applications first."),
)
ONESELF = Reason("brought_oneself", _("The applicant cannot have brought himself."))
BROUGHT_BEFORE = Reason(
    "brought_before", _("The applicant was brought already, by application {number}.")
)
TWICE_HERE = Reason(
    "brought_twice_here", _("The applicant stands in this file with application {number} as well.")
)
STANDS_OTHERWISE = Reason(
    "stands_otherwise",
    _("This application stands with another customer or day, and referrals are never changed."),
)
WITHDRAWN = Reason(
    "withdrawn",
    _("This was recorded and withdrawn as wrong; who knows better records it by hand."),
)
CIRCLE = Reason("in_a_circle", _("The customer was brought by this applicant, or by those after."))

_STAGED = (
    "intake_staging s JOIN journeys_application a ON a.number = s.number"
    " JOIN journeys_customer r ON r.number = s.referrer"
)
_APPLICANTS = f"{_STAGED} JOIN journeys_customer m ON m.id = a.customer_id"


def _person(customer: str) -> str:
    """SQL: who a customer is, under whatever number: whoever bears the same ID number."""
    return f"coalesce(encode({customer}.bearer, 'hex'), {customer}.id::text)"


# What stands is the same whatever became known of its persons since.
_IS_NEW = (
    "NOT EXISTS (SELECT FROM journeys_referral stands WHERE stands.number = s.number"
    " AND stands.referrer_id = r.id)"
)

REFERRALS = ImportKind(
    code="referrals",
    label=_("Referrals"),
    help=_("Which customer brought an applicant; customers and applications come first."),
    table="journeys_referral",
    key="number",
    columns=(
        Column("number", cells.key(40), _("application number"), "A00000001", True),
        Column("referrer", cells.key(40),
               _("customer number of the one who brought the applicant"), "C00000002", True),
        Column("on_date", cells.DAY, _("day on which that was said; empty: the day of filing"),
               "2026-02-20"),
    ),
    joins=(
        "JOIN journeys_application a ON a.number = s.number"
        " JOIN journeys_customer r ON r.number = s.referrer"
        " LEFT JOIN journeys_referral stands ON stands.number = s.number"
    ),
    targets=(
        Target("number", "s.number"),
        Target("application_id", "a.id"),
        Target("referred_id", "a.customer_id"),
        Target("referrer_id", "r.id"),
        Target("on_date", "coalesce(s.on_date, stands.on_date, a.filed_date)"),
    ),
    checks=(
        unknown("number", "journeys_application", "number", UNKNOWN_APPLICATION),
        unknown_customer("referrer"),
        Check("referrer", ONESELF,
              f"SELECT s.row_number, s.referrer AS value FROM {_APPLICANTS}"
              f" WHERE {_person('r')} = {_person('m')} AND {_IS_NEW}"),
        Check("number", BROUGHT_BEFORE,
              "SELECT s.row_number, s.number AS value, min(other.number) AS number"
              f" FROM {_APPLICANTS} JOIN LATERAL (SELECT m.id UNION SELECT same.id"
              " FROM journeys_customer same WHERE same.bearer = m.bearer) AS person ON TRUE"
              " JOIN journeys_referral other ON other.referred_id = person.id"
              f" WHERE other.number <> s.number AND (person.id = m.id OR {_IS_NEW})"
              " GROUP BY s.row_number, s.number"),
        Check("number", TWICE_HERE,
              "SELECT s.row_number, s.number AS value, min(other.number) AS number"
              f" FROM {_APPLICANTS} JOIN LATERAL (SELECT m.id UNION SELECT same.id"
              " FROM journeys_customer same WHERE same.bearer = m.bearer) AS person ON TRUE"
              " JOIN journeys_application b ON b.customer_id = person.id AND b.id <> a.id"
              " JOIN intake_staging other ON other.number = b.number"
              " WHERE other.row_number < s.row_number"
              f" AND (person.id = m.id OR {_IS_NEW}) GROUP BY s.row_number, s.number"),
        Check("referrer", STANDS_OTHERWISE,
              f"SELECT s.row_number, s.referrer AS value FROM {_STAGED}"
              " JOIN journeys_referral stands ON stands.number = s.number"
              " WHERE stands.referrer_id <> r.id"),
        Check("on_date", STANDS_OTHERWISE,
              "SELECT s.row_number, s.on_date AS value FROM intake_staging s"
              " JOIN journeys_referral stands ON stands.number = s.number"
              " WHERE stands.on_date <> s.on_date", when_given="on_date"),
        Check("referrer", WITHDRAWN,
              f"SELECT s.row_number, s.referrer AS value FROM {_STAGED}"
              " WHERE EXISTS (SELECT FROM journeys_referral gone"
              " WHERE gone.application_id = a.id AND gone.referrer_id = r.id"
              " AND gone.withdrawn_at IS NOT NULL)"
              " AND NOT EXISTS (SELECT FROM journeys_referral stands"
              " WHERE stands.number = s.number)"),
        Check("referrer", CIRCLE,
              "WITH RECURSIVE link AS ("
              f" SELECT {_person('m')} AS referred, {_person('r')} AS referrer"
              " FROM journeys_referral known JOIN journeys_customer m ON m.id = known.referred_id"
              " JOIN journeys_customer r ON r.id = known.referrer_id"
              " WHERE known.withdrawn_at IS NULL"
              f" UNION SELECT {_person('m')}, {_person('r')} FROM {_APPLICANTS}"
              "), above AS ("
              f" SELECT s.row_number, s.referrer AS value, {_person('m')} AS begun,"
              f" {_person('r')} AS at FROM {_APPLICANTS} WHERE {_person('r')} <> {_person('m')}"
              " UNION SELECT above.row_number, above.value, above.begun, link.referrer"
              " FROM above JOIN link ON link.referred = above.at WHERE above.at <> above.begun"
              ") SELECT DISTINCT row_number, value FROM above WHERE at = begun"),
    ),
    locks=("referrals", "applications"),
)  # fmt: skip
