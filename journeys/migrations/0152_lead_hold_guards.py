"""Holds stay as they ended; and whoever has a lead in hand that ends, or goes to the pool, has it
in hand no more."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION journeys_lead_hold_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL
       OR (NEW.id, NEW.lead_id, NEW.holder_id, NEW.taken_at, NEW.reasons)
          IS DISTINCT FROM (OLD.id, OLD.lead_id, OLD.holder_id, OLD.taken_at, OLD.reasons) THEN
        RAISE EXCEPTION 'a hold only ends, once: % refused', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lead_hold_only_ends BEFORE UPDATE OR DELETE ON journeys_leadhold
    FOR EACH ROW EXECUTE FUNCTION journeys_lead_hold_guard();

CREATE OR REPLACE FUNCTION journeys_lead_move_tells() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stays constant boolean := NEW.to_state IN ('new', 'working')
        AND NEW.path NOT IN ('release', 'take_back', 'return');
BEGIN
    UPDATE journeys_lead
       SET owner_id = NEW.to_owner_id, state = NEW.to_state, moved = NEW.number,
           protected_until = NEW.protected_until,
           protected_at_most = CASE
               WHEN NEW.protected_until IS NULL THEN NULL
               WHEN NEW.path = 'work' THEN protected_at_most
               ELSE NEW.at + make_interval(days => (
                   SELECT longest_days FROM journeys_poolpolicy WHERE id = NEW.policy_id)) END,
           holder_id = CASE WHEN stays THEN holder_id END,
           held_until = CASE WHEN stays THEN held_until END
     WHERE id = NEW.lead_id;
    IF NOT stays THEN
        UPDATE journeys_leadhold SET ended_at = greatest(NEW.at, taken_at), "end" = 'ended'
         WHERE lead_id = NEW.lead_id AND ended_at IS NULL;
    END IF;
    RETURN NULL;
END $$;
"""
NO_GUARDS = """
CREATE OR REPLACE FUNCTION journeys_lead_move_tells() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE journeys_lead
       SET owner_id = NEW.to_owner_id, state = NEW.to_state, moved = NEW.number,
           protected_until = NEW.protected_until,
           protected_at_most = CASE
               WHEN NEW.protected_until IS NULL THEN NULL
               WHEN NEW.path = 'work' THEN protected_at_most
               ELSE NEW.at + make_interval(days => (
                   SELECT longest_days FROM journeys_poolpolicy WHERE id = NEW.policy_id)) END
     WHERE id = NEW.lead_id;
    RETURN NULL;
END $$;
DROP TRIGGER lead_hold_only_ends ON journeys_leadhold;
DROP FUNCTION journeys_lead_hold_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0151_next_lead")]
    operations = [migrations.RunSQL(GUARDS, NO_GUARDS)]
