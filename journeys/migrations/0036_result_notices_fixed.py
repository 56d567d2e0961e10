"""A notice stays, and what it is about; who was told a result is told it once. Rules are only
added to."""

from django.db import migrations

GUARD = """
CREATE FUNCTION journeys_guard_notice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE'
       OR (NEW.id, NEW.application_id, NEW.customer_id, NEW.result, NEW.decided_date)
          IS DISTINCT FROM
          (OLD.id, OLD.application_id, OLD.customer_id, OLD.result, OLD.decided_date)
       OR OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
           ('due', 'told'), ('due', 'not_told'), ('due', 'superseded'),
           -- its message was called off before it went; the result holds again
           ('told', 'superseded'), ('superseded', 'due'))
       OR OLD.state = 'told' AND NEW.state = 'told'
          AND (NEW.message_id, NEW.told_at) IS DISTINCT FROM (OLD.message_id, OLD.told_at)
       OR OLD.state = 'told' AND NEW.state = 'superseded' AND EXISTS (
           SELECT FROM journeys_message WHERE id = OLD.message_id AND state <> 'cancelled')
       OR OLD.state = 'superseded' AND NEW.state = 'due'
          AND NEW.round_number <> OLD.round_number + 1
    THEN
        RAISE EXCEPTION 'a result is told once: % refused', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER resultnotice_fixed BEFORE UPDATE OR DELETE ON journeys_resultnotice
    FOR EACH ROW EXECUTE FUNCTION journeys_guard_notice();
CREATE TRIGGER noticerule_fixed BEFORE UPDATE OR DELETE ON journeys_noticerule
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""
UNGUARD = """
DROP TRIGGER noticerule_fixed ON journeys_noticerule;
DROP TRIGGER resultnotice_fixed ON journeys_resultnotice;
DROP FUNCTION journeys_guard_notice();
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0035_result_notices")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
