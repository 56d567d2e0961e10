"""A shift lies on a day on which its post stands: by the weekday, or by a calendar that an app above
puts in its place. What was planned before stays as it is, and whoever came may check in."""

from django.db import migrations

GUARDS = """
-- Whether the bank works on a day: by the weekday, until an app that has a calendar says it better.
CREATE FUNCTION merchants_is_workday(asked date) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT extract(isodow FROM asked) < 6
$$;

-- The rule that stands against a day of a post; NULL where none does.
CREATE FUNCTION merchants_post_day_refusal(days text, asked date)
RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN days = 'workdays' AND NOT merchants_is_workday(asked) THEN 'shift_no_workday'
        WHEN days = 'rest_days' AND merchants_is_workday(asked) THEN 'shift_no_rest_day'
    END
$$;

-- What stands against planning a shift: who may stand there and when, then the day.
CREATE FUNCTION merchants_shift_planned_refusal(
    post bigint, person bigint, seat integer, on_date date, starts timestamptz, ends timestamptz
) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        merchants_shift_refusal(post, person, seat, on_date, starts, ends),
        (SELECT merchants_post_day_refusal(p.days, on_date) FROM merchants_post p
          WHERE p.id = post))
$$;

CREATE FUNCTION merchants_post_days_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM merchants_shift s WHERE s.post_id = NEW.id AND s.state = 'planned'
            AND s.on_date >= (now() AT TIME ZONE 'Asia/Shanghai')::date
            AND merchants_post_day_refusal(NEW.days, s.on_date) IS NOT NULL) THEN
        RAISE EXCEPTION 'post % is refused: post_has_shifts', NEW.number
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'post_has_shifts';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER post_guard_days BEFORE UPDATE OF days ON merchants_post FOR EACH ROW
    WHEN (NEW.days <> OLD.days) EXECUTE FUNCTION merchants_post_days_guard();
"""
NO_GUARDS = """
DROP TRIGGER post_guard_days ON merchants_post;
DROP FUNCTION merchants_post_days_guard();
DROP FUNCTION merchants_shift_planned_refusal(
    bigint, bigint, integer, date, timestamptz, timestamptz);
DROP FUNCTION merchants_post_day_refusal(text, date);
DROP FUNCTION merchants_is_workday(date);
"""
GUARD = """
CREATE OR REPLACE FUNCTION merchants_shift_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    against text := NULL;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.state = 'cancelled' THEN
            against := 'shift_stays_cancelled';
        ELSIF EXISTS (SELECT FROM merchants_attendance WHERE shift_id = OLD.id) THEN
            against := 'shift_was_attended';
        END IF;
    END IF;
    IF against IS NULL AND NEW.state = 'planned' THEN
        -- Locked, so that an absence or a change of the post at the same time waits for this shift,
        -- or is found.
        PERFORM FROM merchants_post WHERE id = NEW.post_id FOR NO KEY UPDATE;
        PERFORM FROM portal_staff WHERE id = NEW.staff_id FOR NO KEY UPDATE;
        against := {refusal}(
            NEW.post_id, NEW.staff_id, NEW.seat, NEW.on_date, NEW.starts_at, NEW.ends_at);
    END IF;
    IF against IS NOT NULL THEN
        RAISE EXCEPTION 'shift % is refused: %', NEW.number, against
            USING ERRCODE = 'restrict_violation', CONSTRAINT = against;
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("merchants", "0047_one_plan_for_a_partner")]
    operations = [
        migrations.RunSQL(GUARDS, NO_GUARDS),
        migrations.RunSQL(
            GUARD.format(refusal="merchants_shift_planned_refusal"),
            GUARD.format(refusal="merchants_shift_refusal"),
        ),
    ]
