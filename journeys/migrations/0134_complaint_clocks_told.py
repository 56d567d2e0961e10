"""Which rounds of a complaint are over follows from all clocks that its source told, in whatever
order they came.

A clock is an opening with its limit. It is over where every clock that was told later opened after it,
and not before its answer or, without one, its end; else what was told later puts it right, and both
are one round. A round is to be answered
by the earliest end among its clocks that passed before a further clock of it was told. What staff
does starts a round of its own, whoever told the one before."""

from django.db import migrations

FOLLOW = """
CREATE FUNCTION journeys_follow_complaint_clocks(of_complaint bigint) RETURNS void
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
               CASE WHEN x.place = x.round AND ends.due < x.due THEN ends.due END AS bound
        FROM grouped x LEFT JOIN ends USING (round)
    ), rounds AS (
        UPDATE journeys_complaintround r SET is_over = found.is_over, bound_date = found.bound
        FROM found WHERE r.id = found.id
        AND (r.is_over, r.bound_date) IS DISTINCT FROM (found.is_over, found.bound)
    )
    UPDATE journeys_complaint c SET bound_date = found.bound FROM found
    WHERE c.id = of_complaint AND found.is_last AND NOT c.is_handled_here
    AND c.bound_date IS DISTINCT FROM found.bound
$$;
"""
# What `stands` was told last. An older row changes nothing of what staff worked on since, but adds
# what its source told before.
TELL = """
CREATE FUNCTION journeys_tell_complaint_clock(
    of_complaint bigint, opened date, days smallint, answered date, closed date, cause varchar,
    reference varchar, told timestamptz, stands boolean
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    latest timestamptz := max(last_at) FROM journeys_complaintround
        WHERE complaint_id = of_complaint AND last_at IS NOT NULL;
    a_moment interval := '1 microsecond';
BEGIN
    IF stands THEN
        told := greatest(told, latest + a_moment);
    ELSIF latest IS NULL OR told > latest THEN
        RETURN;
    ELSE
        told := least(told, latest - a_moment);
    END IF;
    INSERT INTO journeys_complaintround AS r (complaint_id, opened_date, limit_days,
        extension_days, answered_date, closed_date, cause_kind, cause_reference, first_at, last_at,
        is_over)
    VALUES (of_complaint, opened, days, 0, answered, closed, cause, reference, told, told, FALSE)
    ON CONFLICT (complaint_id, opened_date, limit_days) WHERE last_at IS NOT NULL
    DO UPDATE SET first_at = least(r.first_at, excluded.first_at);
    UPDATE journeys_complaintround
    SET last_at = told, answered_date = answered, closed_date = closed, cause_kind = cause,
        cause_reference = reference
    WHERE complaint_id = of_complaint AND opened_date = opened AND limit_days = days
    AND (last_at, answered_date IS NOT NULL, closed_date IS NOT NULL)
        < (told, answered IS NOT NULL, closed IS NOT NULL);
    PERFORM journeys_follow_complaint_clocks(of_complaint);
END $$;

CREATE FUNCTION journeys_note_complaint_clock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM journeys_tell_complaint_clock(
        NEW.id, NEW.opened_date, NEW.limit_days, NEW.answered_date, NEW.closed_date,
        NEW.cause_kind, NEW.cause_reference,
        coalesce(
            CASE WHEN NEW.as_of IS DISTINCT FROM OLD.as_of THEN NEW.as_of
                 WHEN NEW.heard_at IS DISTINCT FROM OLD.heard_at THEN NEW.heard_at
                 ELSE greatest(NEW.as_of, NEW.heard_at) END,
            greatest(NEW.opened_date, NEW.answered_date, NEW.closed_date)::timestamp
                AT TIME ZONE 'Asia/Shanghai'),
        TRUE);
    RETURN NULL;
END $$;
"""
HAND = """
CREATE OR REPLACE FUNCTION journeys_keep_complaint_round() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO journeys_complaintround (complaint_id, opened_date, limit_days, extension_days,
        bound_date, answered_date, closed_date, cause_kind, cause_reference, cause_staff_id)
    VALUES (OLD.id, OLD.opened_date, OLD.limit_days, OLD.extension_days, OLD.bound_date,
        OLD.answered_date, OLD.closed_date, OLD.cause_kind, OLD.cause_reference,
        OLD.cause_staff_id);
    RETURN NULL;
END $$;
DROP TRIGGER complaint_round_kept ON journeys_complaint;
CREATE TRIGGER complaint_round_kept AFTER UPDATE ON journeys_complaint FOR EACH ROW
    WHEN (NEW.is_handled_here
          AND (NEW.opened_date > OLD.answered_date
               OR NEW.opened_date = OLD.answered_date AND NEW.answered_date IS NULL))
    EXECUTE FUNCTION journeys_keep_complaint_round();
CREATE TRIGGER complaint_clock_told AFTER INSERT OR UPDATE OF opened_date, limit_days,
    answered_date, closed_date, cause_kind, cause_reference, as_of, heard_at
    ON journeys_complaint FOR EACH ROW WHEN (NOT NEW.is_handled_here)
    EXECUTE FUNCTION journeys_note_complaint_clock();
"""
# Rounds that files began before now, and the clocks that stand: each was told at the latest day
# that it knows, or when it came in.
FILL = """
DROP TRIGGER complaintround_fixed ON journeys_complaintround;
UPDATE journeys_complaintround r
SET first_at = since.at, last_at = since.at
FROM (
    SELECT DISTINCT ON (of_file.complaint_id, of_file.opened_date, of_file.limit_days) of_file.id,
           greatest(of_file.opened_date, of_file.answered_date, of_file.closed_date)::timestamp
               AT TIME ZONE 'Asia/Shanghai' AS at
    FROM journeys_complaintround of_file JOIN journeys_complaint c ON c.id = of_file.complaint_id
    WHERE NOT c.is_handled_here AND of_file.extension_days = 0
    ORDER BY of_file.complaint_id, of_file.opened_date, of_file.limit_days, of_file.id
) since WHERE r.id = since.id;
SELECT journeys_tell_complaint_clock(id, opened_date, limit_days, answered_date, closed_date,
    cause_kind, cause_reference,
    coalesce(greatest(as_of, heard_at),
             greatest(opened_date, answered_date, closed_date)::timestamp
                 AT TIME ZONE 'Asia/Shanghai'), TRUE)
FROM journeys_complaint WHERE NOT is_handled_here ORDER BY id;
SET CONSTRAINTS ALL IMMEDIATE;
"""
FIXED = """
CREATE TRIGGER complaintround_fixed BEFORE DELETE ON journeys_complaintround
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER complaintround_told_fixed BEFORE UPDATE ON journeys_complaintround FOR EACH ROW
    WHEN (OLD.last_at IS NULL OR NEW.last_at IS NULL
          OR (OLD.complaint_id, OLD.opened_date, OLD.limit_days)
              <> (NEW.complaint_id, NEW.opened_date, NEW.limit_days)
          OR NEW.first_at > OLD.first_at OR NEW.last_at < OLD.last_at)
    EXECUTE FUNCTION portal_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0133_complaint_clocks")]
    operations = [
        migrations.RunSQL(FOLLOW),
        migrations.RunSQL(TELL),
        migrations.RunSQL(FILL),
        migrations.RunSQL(HAND),
        migrations.RunSQL(FIXED),
    ]
