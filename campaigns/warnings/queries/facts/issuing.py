"""Cards by branch, by who won them and by campaign."""

import datetime as dt

from campaigns.warnings.enums import Subject
from campaigns.warnings.queries.facts.giving import rows_of
from campaigns.warnings.rules.detectors import issuing
from campaigns.warnings.rules.limits import Limits
from journeys.contact import queries as contact
from merchants.evidence.rules import months

# Who won a card: whoever called the lead last, or else stood alone at its post that day.
_WON = """
WITH card AS (
    SELECT c.id, c.branch_id, c.customer_id, c.application_id,
        (c.first_used_date IS NULL OR c.first_used_date > c.issued_date + %(wait)s) AS is_unused
    FROM journeys_card c
    WHERE c.is_primary AND c.issued_date >= %(first)s AND c.issued_date < %(end)s
), won AS (
    SELECT card.*, coalesce(v.caller_id, alone.staff_id) AS staff_id, lead.campaign
    FROM card LEFT JOIN journeys_application a ON a.id = card.application_id
    LEFT JOIN journeys_leadconversion v ON v.application_id = a.id
    LEFT JOIN journeys_lead lead ON lead.id = v.lead_id
    LEFT JOIN LATERAL (
        SELECT min(s.staff_id) AS staff_id FROM merchants_shift s
        WHERE s.post_id = a.post_id AND s.on_date = a.filed_date AND s.state = 'planned'
        HAVING count(DISTINCT s.staff_id) = 1) alone ON a.post_id IS NOT NULL
)
"""
_UNUSED = f"""{_WON}
SELECT 'branch', branch_id, branch_id, count(*) FILTER (WHERE is_unused)::int, count(*)::int
FROM won GROUP BY branch_id
UNION ALL
SELECT 'staff', person.id, person.branch_id, count(*) FILTER (WHERE is_unused)::int, count(*)::int
FROM won JOIN portal_staff person ON person.id = won.staff_id
GROUP BY person.id, person.branch_id
UNION ALL
SELECT 'campaign', campaign.id, NULL, count(*) FILTER (WHERE is_unused)::int, count(*)::int
FROM won JOIN campaigns_campaign campaign ON campaign.code = won.campaign
GROUP BY campaign.id
ORDER BY 1, 2
"""
_SHARED = f"""{_WON}, theirs AS (SELECT DISTINCT staff_id, customer_id FROM won
    WHERE staff_id IS NOT NULL
), marked AS (
    SELECT theirs.staff_id,
        (k.callee IS NOT NULL AND count(*) OVER (PARTITION BY staff_id, k.callee) > 1)
        OR (k.reader IS NOT NULL AND count(*) OVER (PARTITION BY staff_id, k.reader) > 1)
        OR (k.address_index IS NOT NULL
            AND count(*) OVER (PARTITION BY staff_id, k.address_index) > 1) AS shares
    FROM theirs JOIN journeys_customer k ON k.id = theirs.customer_id
)
SELECT 'staff', person.id, person.branch_id, count(*) FILTER (WHERE marked.shares)::int,
    count(*)::int
FROM marked JOIN portal_staff person ON person.id = marked.staff_id
GROUP BY person.id, person.branch_id ORDER BY person.id
"""
_MONTHS = """
SELECT date_trunc('month', c.issued_date)::date, c.branch_id,
    count(*) FILTER (WHERE c.issued_date >= span.push)::int, count(*)::int
FROM unnest(%(first)s::date[], %(push)s::date[], %(end)s::date[]) AS span (first, push, "end")
JOIN journeys_card c ON c.issued_date >= span.first AND c.issued_date < span."end"
WHERE c.is_primary GROUP BY 1, 2 ORDER BY 1, 2
"""
_MONTHS_BEFORE = 6


def unused_of(limits: Limits, on: dt.date) -> list[issuing.Part]:
    """This will count the cards that had their days to be used, and those that were not, by branch,
    by who won them and by the campaign of their lead."""
    end = on - dt.timedelta(days=limits.wait)
    values = {"first": end - dt.timedelta(days=limits.days), "end": end, "wait": limits.wait}
    return [issuing.Part(Subject(subject), *rest) for subject, *rest in rows_of(_UNUSED, values)]


def shared_by(limits: Limits, on: dt.date) -> list[issuing.Part]:
    """This will count the customers that people won, and those of them who share phone, e-mail or
    address with another customer of the same person."""
    end = on + dt.timedelta(days=1)
    values = {"first": limits.first_day(on), "end": end, "wait": 0}
    return [issuing.Part(Subject(subject), *rest) for subject, *rest in rows_of(_SHARED, values)]


def month_of(limits: Limits, on: dt.date) -> issuing.Month:
    """This will count the cards of the last whole month by branch, and those of its last workdays,
    with the shares of the months before."""
    whole = sorted(months.whole_before(on, _MONTHS_BEFORE))
    ends = [months.first_of(month, -1) for month in whole]
    pushes = [_push(first, end, limits.wait) for first, end in zip(whole, ends, strict=True)]
    rows = rows_of(_MONTHS, {"first": whole, "push": pushes, "end": ends})
    before: dict[int, list[tuple[str, float]]] = {}
    for month, branch, of, number in rows:
        if month < whole[-1]:
            before.setdefault(branch, []).append((f"{month:%Y-%m}", round(100 * of / number, 1)))
    latest = [
        issuing.Part(Subject.BRANCH, branch, branch, of, number)
        for month, branch, of, number in rows
        if month == whole[-1]
    ]
    return issuing.Month(whole[-1], latest, before)


def _push(first: dt.date, end: dt.date, count: int) -> dt.date:
    """The first of the last so many workdays of a month."""
    worked = [day for day, is_worked in contact.workdays(first=first, end=end).items() if is_worked]
    return worked[-count] if 0 < count <= len(worked) else first
