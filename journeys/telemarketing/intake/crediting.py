"""Which lead an application is credited to, as SQL over the applications that come in."""

from django.conf import settings

from journeys.telemarketing.rules import WITHIN_DAYS

_DAY = "({instant} AT TIME ZONE '" + settings.TIME_ZONE + "')::date"
_COLLECTED = _DAY.format(instant="lead.created_at")
_CALLED = _DAY.format(instant="hold.called_at")

# The applications that were there before a file, which no later lead takes over.
KNOW_APPLICATIONS = (
    "DROP TABLE IF EXISTS applications_known",
    "CREATE TEMP TABLE applications_known ON COMMIT DROP AS SELECT a.number"
    " FROM journeys_application a JOIN intake_staging s ON s.number = a.number",
)
# Of the leads with the applicant's phone, or linked to the applicant, that were here before: the
# one called last by the day of filing counts, then the one collected last. Each application counts
# once, each lead with the first one; for a lead that was merged the one that is kept counts.
CREDIT_APPLICATIONS = f"""
WITH asked AS MATERIALIZED (
    SELECT a.id, a.customer_id, a.filed_date, c.callee
    FROM intake_staging s JOIN journeys_application a ON a.number = s.number
    JOIN journeys_customer c ON c.id = a.customer_id
    WHERE NOT EXISTS (SELECT FROM applications_known k WHERE k.number = a.number)
), found AS (
    SELECT asked.id AS application, asked.filed_date, best.*
    FROM asked CROSS JOIN LATERAL (
        SELECT journeys_lead_root(lead.id) AS lead, made.holder_id, made.called_at
        FROM (
            SELECT id, created_at FROM journeys_lead WHERE callee = asked.callee
            UNION
            SELECT id, created_at FROM journeys_lead WHERE customer_id = asked.customer_id
        ) lead
        LEFT JOIN LATERAL (
            SELECT hold.holder_id, hold.called_at FROM journeys_leadhold hold
            WHERE hold.lead_id = lead.id AND {_CALLED} <= asked.filed_date
            ORDER BY hold.called_at DESC, hold.id DESC LIMIT 1
        ) made ON TRUE
        WHERE asked.filed_date >= {_COLLECTED}
          AND asked.filed_date <= {WITHIN_DAYS} + greatest(
              {_COLLECTED}, {_DAY.format(instant="made.called_at")})
        ORDER BY made.called_at DESC NULLS LAST, lead.created_at DESC, lead.id DESC LIMIT 1
    ) best
), first AS (
    SELECT DISTINCT ON (lead) * FROM found ORDER BY lead, filed_date, application
)
INSERT INTO journeys_leadconversion (lead_id, application_id, caller_id, called_at, noted_at)
SELECT lead, application, holder_id, called_at, current_setting('intake.at')::timestamptz
FROM first ORDER BY application
ON CONFLICT DO NOTHING
"""
