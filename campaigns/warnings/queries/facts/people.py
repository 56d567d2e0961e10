"""Staff as customers, staff at desks, and complaints."""

import datetime as dt
from collections.abc import Mapping

from campaigns.planning.rules import naming
from campaigns.warnings.enums import Kind, Subject
from campaigns.warnings.queries.facts.giving import rows_of
from campaigns.warnings.rules.detectors import people
from campaigns.warnings.rules.limits import Limits
from journeys.care.enums import CauseKind
from journeys.outreach import queries as outreach
from portal.kit import sealed
from portal.staff.models import Staff

_OWN = """
SELECT who.staff_id, count(DISTINCT g.customer_id)::int, count(*)::int
FROM unnest(%(staff)s::bigint[], %(indexes)s::bytea[]) AS who (staff_id, email)
JOIN journeys_customer k ON k.email_index = who.email
JOIN campaigns_grant g ON g.customer_id = k.id AND g.granted_date >= %(first)s
LEFT JOIN campaigns_grantreversal back ON back.grant_id = g.id
WHERE back.id IS NULL
GROUP BY who.staff_id ORDER BY who.staff_id
"""
_SERVED = """
SELECT one.thing, person.branch_id, one.merchant_id, count(*)::int, sum(one.times)::int
FROM (
    SELECT thing, merchant_id, customer_id, sum(times) AS times FROM campaigns_trace
    WHERE kind = %(kind)s AND day >= %(first)s AND day <= %(on)s
    GROUP BY thing, merchant_id, customer_id HAVING sum(times) >= %(again)s
) one JOIN portal_staff person ON person.id = one.thing
GROUP BY one.thing, person.branch_id, one.merchant_id ORDER BY one.thing, one.merchant_id
"""
_COMPLAINED = """
SELECT cause_reference, count(DISTINCT customer_id)::int FROM journeys_complaint
WHERE opened_date >= %(first)s AND opened_date <= %(on)s AND cause_kind = %(kind)s
  AND cause_reference <> '' GROUP BY cause_reference ORDER BY cause_reference
"""
_SENT = """
SELECT coalesce(sum(messages), 0)::bigint FROM journeys_sentcount
WHERE day >= %(first)s AND day <= %(on)s AND origin LIKE %(origin)s
"""
_SENT_OF = """
SELECT origin, sum(messages)::bigint FROM journeys_sentcount
WHERE origin = ANY(%(origins)s) AND day >= %(first)s AND day <= %(on)s GROUP BY origin
"""
_TEXTS_OF = """
SELECT template_id, sum(messages)::bigint FROM journeys_sentcount
WHERE template_id = ANY(%(texts)s) AND day >= %(first)s AND day <= %(on)s GROUP BY template_id
"""
_CAMPAIGNS = "SELECT code, id FROM campaigns_campaign WHERE code = ANY(%(codes)s)"
CAUSES: Mapping[Subject, tuple[str, str]] = {
    Subject.VERSION: (CauseKind.CAMPAIGN.value, "campaign:%"),
    Subject.SCRIPT: (CauseKind.SCRIPT.value, "%"),
}


def own_rewards(limits: Limits, on: dt.date) -> list[people.Own]:
    """This will find staff whose e-mail address stands with customers who were granted rewards that
    stand; looked up by the index of sealed addresses."""
    rows = Staff.objects.filter(is_active=True).exclude(email="").order_by("id")
    known = {pk: (branch, email) for pk, branch, email in rows.values_list("pk", "branch", "email")}
    pairs = [
        (pk, index)
        for pk, (_branch, email) in known.items()
        for index in sealed.blind_indexes(email.strip().lower(), "email")
    ]
    values = {
        "staff": [pk for pk, _index in pairs], "indexes": [index for _pk, index in pairs],
        "first": limits.first_day(on),
    }  # fmt: skip
    return [
        people.Own(pk, known[pk][0], customers, grants)
        for pk, customers, grants in (rows_of(_OWN, values) if pairs else ())
    ]


def served_by(limits: Limits, on: dt.date) -> list[people.Served]:
    """This will count, by person and merchant, the customers who were served again and again."""
    values = {
        "kind": Kind.DESK.value, "first": limits.first_day(on), "on": on, "again": people.AGAIN,
    }  # fmt: skip
    return [people.Served(*row) for row in rows_of(_SERVED, values)]


def complained_of(subject: Subject, limits: Limits, on: dt.date) -> list[people.Complained]:
    """This will count the complaints traced to versions, or to texts, with the messages sent."""
    kind, _origin = CAUSES[subject]
    span = {"first": limits.first_day(on), "on": on}
    found = dict(rows_of(_COMPLAINED, {"kind": kind, **span}))
    if not found:
        return []
    if subject == Subject.SCRIPT:
        texts = {one: row.pk for one, row in outreach.named_texts(list(found)).items()}
        sent = dict(rows_of(_TEXTS_OF, {"texts": list(texts.values()), **span}))
        return [
            people.Complained(subject, one, None, number, sent.get(texts.get(one), 0))
            for one, number in found.items()
        ]
    origins = {one: naming.origin_of_reference(one) for one in found}
    sent = dict(rows_of(_SENT_OF, {"origins": list(origins.values()), **span}))
    codes = {one: (naming.parts_of(one) or ("", 0))[0] for one in found}
    ids = dict(rows_of(_CAMPAIGNS, {"codes": list(codes.values())}))
    return [
        people.Complained(subject, one, ids.get(codes[one]), number, sent.get(origins[one], 0))
        for one, number in found.items()
    ]


def sent_in(subject: Subject, limits: Limits, on: dt.date) -> int:
    """This will count all messages of the days looked at: of campaigns, or whatever they told."""
    values = {"first": limits.first_day(on), "on": on, "origin": CAUSES[subject][1]}
    [(number,)] = rows_of(_SENT, values)
    return int(number)
