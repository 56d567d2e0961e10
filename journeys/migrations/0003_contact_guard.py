"""A contact may be moved or released once, and nothing else."""

from django.db import migrations

GUARD = """
CREATE FUNCTION journeys_guard_contact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.released_at IS NOT NULL
       OR (NEW.id, NEW.customer_id, NEW.channel, NEW.purpose, NEW.origin, NEW.dedup_key)
          IS DISTINCT FROM
          (OLD.id, OLD.customer_id, OLD.channel, OLD.purpose, OLD.origin, OLD.dedup_key)
    THEN
        RAISE EXCEPTION 'a contact is only moved or released: % refused', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER contact_fixed BEFORE UPDATE OR DELETE ON journeys_contact
    FOR EACH ROW EXECUTE FUNCTION journeys_guard_contact();
"""
UNGUARD = """
DROP TRIGGER contact_fixed ON journeys_contact;
DROP FUNCTION journeys_guard_contact();
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0002_only_added_to")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
