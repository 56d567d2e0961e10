"""What is kept of refused phones is only added to; its day may become an earlier one, since the
first word is the one that counts."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION journeys_guard_erased_refusal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.id, OLD.callee) IS DISTINCT FROM (NEW.id, NEW.callee)
       OR NEW.refused_date >= OLD.refused_date THEN
        RAISE EXCEPTION '% is only added to: % refused', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER erased_refusal_fixed ON journeys_erasedrefusal;
CREATE TRIGGER erased_refusal_fixed BEFORE UPDATE OR DELETE ON journeys_erasedrefusal
    FOR EACH ROW EXECUTE FUNCTION journeys_guard_erased_refusal();
"""
BACKWARD = """
DROP TRIGGER erased_refusal_fixed ON journeys_erasedrefusal;
CREATE TRIGGER erased_refusal_fixed BEFORE UPDATE OR DELETE ON journeys_erasedrefusal
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
DROP FUNCTION journeys_guard_erased_refusal();
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0094_numbers_in_addresses")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
