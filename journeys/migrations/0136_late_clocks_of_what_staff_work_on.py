"""What a source told before staff worked on a complaint binds its limit too where it comes late: else
it would depend on the order of the files whether it was broken. A clock that staff began anew, or to
which more days were allowed, is their own."""

from django.db import migrations

FOLLOW = """
CREATE OR REPLACE FUNCTION journeys_follow_complaint_clocks(of_complaint bigint) RETURNS void
LANGUAGE sql AS $$
    WITH told AS (
        SELECT id, opened_date AS opened, opened_date + limit_days AS due, first_at,
               answered_date AS answered, (first_at AT TIME ZONE 'Asia/Shanghai')::date AS first_day,
               row_number() OVER by_telling AS place,
               count(*) OVER () = row_number() OVER by_telling AS is_last
        FROM journeys_complaintround WHERE complaint_id = of_complaint AND last_at IS NOT NULL
        WINDOW by_telling AS (ORDER BY last_at, opened_date, limit_days)
    ), stays AS (
        SELECT x.* FROM told x WHERE NOT EXISTS (
            SELECT FROM told y WHERE y.place > x.place
            AND (y.opened <= x.opened OR y.opened < x.answered
                 OR x.answered IS NULL AND y.opened <= x.due)
        )
    ), grouped AS (
        SELECT told.*, (SELECT min(place) FROM stays WHERE stays.place >= told.place) AS round
        FROM told
    ), ends AS (
        SELECT x.round, min(x.due) AS due FROM grouped x WHERE NOT EXISTS (
            SELECT FROM grouped y WHERE y.round = x.round AND y.first_at > x.first_at
            AND y.first_day <= x.due
        ) GROUP BY x.round
    ), found AS (
        SELECT x.id, x.is_last, x.place = x.round AND NOT x.is_last AS is_over,
               x.opened, x.due - x.opened AS days,
               CASE WHEN x.place = x.round AND ends.due < x.due THEN ends.due END AS bound
        FROM grouped x LEFT JOIN ends USING (round)
    ), rounds AS (
        UPDATE journeys_complaintround r SET is_over = found.is_over, bound_date = found.bound
        FROM found WHERE r.id = found.id
        AND (r.is_over, r.bound_date) IS DISTINCT FROM (found.is_over, found.bound)
    )
    UPDATE journeys_complaint c SET bound_date = found.bound FROM found
    WHERE c.id = of_complaint AND found.is_last AND c.bound_date IS DISTINCT FROM found.bound
    AND (NOT c.is_handled_here OR c.extension_days = 0
         AND (c.opened_date, c.limit_days) = (found.opened, found.days))
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0135_referrals_by_person")]
    operations = [migrations.RunSQL(FOLLOW)]
