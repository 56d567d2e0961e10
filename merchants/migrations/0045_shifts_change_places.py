"""Shifts change places in one statement: a file may move one away and give its seat to another. So
that nobody is refused a seat that two ask for by a deadlock, whoever writes a shift has its post
before all others who do."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
from django.db import migrations, models

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
        PERFORM FROM merchants_post WHERE id = NEW.post_id FOR {post};
        PERFORM FROM portal_staff WHERE id = NEW.staff_id FOR NO KEY UPDATE;
        against := merchants_shift_refusal(
            NEW.post_id, NEW.staff_id, NEW.seat, NEW.on_date, NEW.starts_at, NEW.ends_at);
    END IF;
    IF against IS NOT NULL THEN
        RAISE EXCEPTION 'shift % is refused: %', NEW.number, against
            USING ERRCODE = 'restrict_violation', CONSTRAINT = against;
    END IF;
    RETURN NEW;
END $$;
"""
PLACES = {
    "shift_staff_once": [("staff", "=")],
    "shift_seat_once": [("post", "="), ("seat", "=")],
}


def _span() -> models.Func:
    return models.Func(
        "starts_at",
        "ends_at",
        function="tstzrange",
        output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
    )


class Migration(migrations.Migration):

    dependencies = [("merchants", "0044_merchants_go_along")]

    operations = [
        migrations.RunSQL(GUARD.format(post="NO KEY UPDATE"), GUARD.format(post="SHARE")),
        *(migrations.RemoveConstraint("shift", name) for name in PLACES),
        *(
            migrations.AddConstraint(
                "shift",
                django.contrib.postgres.constraints.ExclusionConstraint(
                    name=name,
                    expressions=[*expressions, (_span(), "&&")],
                    condition=models.Q(("state", "planned")),
                    deferrable=models.Deferrable.IMMEDIATE,
                ),
            )
            for name, expressions in PLACES.items()
        ),
    ]
