"""A complaint's clock that starts anew keeps the round before, whoever writes it; rounds are only
added to. Those that are over already are told by the history: their days by its steps, their limits
by the rule of the day of opening. An answer that the history does not know stays unknown."""

from django.db import migrations

FILL = """
WITH steps AS (
    SELECT complaint_id, kind, (at AT TIME ZONE 'Asia/Shanghai')::date AS day,
           count(*) FILTER (WHERE kind = 'reopened')
               OVER (PARTITION BY complaint_id ORDER BY at, id) AS before
    FROM journeys_careevent WHERE complaint_id IS NOT NULL
), told AS (
    SELECT complaint_id, before + 1 AS number,
           min(day) FILTER (WHERE kind IN ('opened', 'reopened')) AS opened,
           max(day) FILTER (WHERE kind = 'answered') AS answered,
           max(day) FILTER (WHERE kind = 'closed') AS closed,
           min(day) FILTER (WHERE kind = 'extended') AS extended,
           max(before) OVER (PARTITION BY complaint_id) AS over
    FROM steps GROUP BY complaint_id, before
), clocked AS (
    SELECT told.*, coalesce(rule.extension_days, 0) AS further,
           CASE WHEN rule.id IS NULL THEN c.limit_days WHEN c.grade = 'simple'
                THEN rule.simple_days ELSE rule.complex_days END AS days
    FROM told JOIN journeys_complaint c ON c.id = told.complaint_id
    LEFT JOIN LATERAL (
        SELECT * FROM journeys_complaintrule WHERE effective_date <= told.opened
        ORDER BY effective_date DESC LIMIT 1
    ) rule ON TRUE
    WHERE told.number <= told.over AND told.opened IS NOT NULL
)
INSERT INTO journeys_complaintround (complaint_id, number, opened_date, limit_days,
    extension_days, answered_date, closed_date, cause_kind, cause_reference)
SELECT complaint_id, number, opened, days,
       CASE WHEN extended <= opened + days THEN further ELSE 0 END, answered, closed, '', ''
FROM clocked ORDER BY complaint_id, number;
SET CONSTRAINTS ALL IMMEDIATE;
"""
# A file may tell of a new clock and its answer at once.
KEPT = """
CREATE FUNCTION journeys_keep_complaint_round() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO journeys_complaintround (complaint_id, number, opened_date, limit_days,
        extension_days, answered_date, closed_date, cause_kind, cause_reference, cause_staff_id)
    SELECT OLD.id, count(*) + 1, OLD.opened_date, OLD.limit_days, OLD.extension_days,
           OLD.answered_date, OLD.closed_date, OLD.cause_kind, OLD.cause_reference,
           OLD.cause_staff_id
    FROM journeys_complaintround WHERE complaint_id = OLD.id;
    RETURN NULL;
END $$;
CREATE TRIGGER complaint_round_kept AFTER UPDATE ON journeys_complaint FOR EACH ROW
    WHEN (NEW.opened_date > OLD.answered_date
          OR NEW.opened_date = OLD.answered_date AND NEW.answered_date IS NULL)
    EXECUTE FUNCTION journeys_keep_complaint_round();
CREATE TRIGGER complaintround_fixed BEFORE UPDATE OR DELETE ON journeys_complaintround
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""
FREE = """
DROP TRIGGER complaintround_fixed ON journeys_complaintround;
DROP TRIGGER complaint_round_kept ON journeys_complaint;
DROP FUNCTION journeys_keep_complaint_round();
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0127_complaint_rounds")]
    operations = [
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(KEPT, FREE),
    ]
