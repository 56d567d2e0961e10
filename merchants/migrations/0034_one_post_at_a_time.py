"""Nobody is checked in at two shifts at once: hours that were stood once count once."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION merchants_attendance_alone() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    person bigint;
BEGIN
    SELECT staff_id INTO person FROM merchants_shift WHERE id = NEW.shift_id;
    -- Locked, so that of two check-ins at once one finds the other.
    PERFORM FROM portal_staff WHERE id = person FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT FROM merchants_attendance a JOIN merchants_shift s ON s.id = a.shift_id
        WHERE s.staff_id = person AND a.shift_id <> NEW.shift_id
          AND tstzrange(a.in_at, a.out_at)
              && tstzrange(NEW.in_at, greatest(NEW.in_at, NEW.out_at), '[]')) THEN
        RAISE EXCEPTION 'person % stands at another post at this time', person
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'attendance_one_at_a_time';
    END IF;
    RETURN NEW;
END $$;
-- Before attendance_guard by its name: the person is locked first, as an absence does.
CREATE TRIGGER attendance_alone BEFORE INSERT ON merchants_attendance
    FOR EACH ROW EXECUTE FUNCTION merchants_attendance_alone();
"""
NO_GUARDS = """
DROP TRIGGER attendance_alone ON merchants_attendance;
DROP FUNCTION merchants_attendance_alone();
"""


class Migration(migrations.Migration):
    dependencies = [("merchants", "0033_entries_rest_on_entries")]
    operations = [migrations.RunSQL(GUARDS, NO_GUARDS)]
