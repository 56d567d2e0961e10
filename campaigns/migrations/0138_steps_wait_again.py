"""A step whose message was called off because its reward was taken back waits again, and the stay
that had finished by it is open again: nothing was told."""

from django.db import migrations

_MOVES = """
CREATE OR REPLACE FUNCTION campaigns_enrolment_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.campaign_id, NEW.customer_id, NEW.rotation, NEW.occasion, NEW.entered_at)
        IS DISTINCT FROM
       (OLD.campaign_id, OLD.customer_id, OLD.rotation, OLD.occasion, OLD.entered_at)
       OR OLD.state = 'left' AND NEW.state <> 'left'{unless} THEN
        RAISE EXCEPTION 'a stay stays what it is, and who left it does not come back' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'enrolment_moves';
    END IF;
    RETURN NEW;
END $$;
"""
_STEPS = """
DROP TRIGGER touch_step_moves ON campaigns_touchstep;
CREATE TRIGGER touch_step_moves BEFORE UPDATE ON campaigns_touchstep
    FOR EACH ROW WHEN (OLD.state <> 'waiting' AND NOT (
        OLD.state = 'sent' AND NEW.state = 'left' AND NEW.answer = 'called_back'){unless})
    EXECUTE FUNCTION campaigns_touch_step_moves();
"""
_FINISHED = """
       AND NOT (OLD.left_because = 'finished' AND EXISTS (
           SELECT FROM campaigns_touchstep step
           WHERE step.enrolment_id = OLD.id AND step.state = 'waiting'))"""
_UNTOLD = """
        AND NOT (OLD.state = 'sent' AND NEW.state = 'waiting' AND NEW.answer = '')"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0137_runs_not_started")]
    operations = [
        migrations.RunSQL(
            _MOVES.format(unless=_FINISHED) + _STEPS.format(unless=_UNTOLD),
            _MOVES.format(unless="") + _STEPS.format(unless=""),
        )
    ]
