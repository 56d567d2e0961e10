"""A promise only ends, or goes to another person; and with it goes its lead: a path of its own in
the history of leads, by which it changes hands without the pool."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION journeys_callback_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT FROM journeys_leadcall
                        WHERE id = NEW.call_id AND lead_id = NEW.lead_id
                          AND next_step = 'callback' AND again_at = NEW.promised_at) THEN
            RAISE EXCEPTION 'a promise is what a call says' USING
                ERRCODE = 'restrict_violation', CONSTRAINT = 'callback_of_its_call';
        END IF;
        RETURN NEW;
    ELSIF TG_OP = 'DELETE' OR OLD.ended_at IS NOT NULL
       OR (NEW.id, NEW.call_id, NEW.lead_id, NEW.made_at, NEW.promised_at)
          IS DISTINCT FROM (OLD.id, OLD.call_id, OLD.lead_id, OLD.made_at, OLD.promised_at) THEN
        RAISE EXCEPTION 'a promise only ends, or goes to another person: % refused', TG_OP
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'callback_only_ends';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER callback_only_ends BEFORE INSERT OR UPDATE OR DELETE ON journeys_callback
    FOR EACH ROW EXECUTE FUNCTION journeys_callback_guard();

-- Nothing of the usual rules holds for who stands in for somebody but the branch and the role.
ALTER FUNCTION journeys_lead_move_refusal(
    journeys_lead, journeys_leadmove, portal_staff, journeys_poolpolicy)
    RENAME TO journeys_usual_move_refusal;
CREATE FUNCTION journeys_lead_move_refusal(
    held journeys_lead, move journeys_leadmove, person portal_staff, rule journeys_poolpolicy
) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE stands_in portal_staff;
BEGIN
    IF move.path <> 'cover' THEN
        RETURN journeys_usual_move_refusal(held, move, person, rule);
    END IF;
    SELECT * INTO stands_in FROM portal_staff WHERE id = move.to_owner_id;
    RETURN CASE
        WHEN held.state IN ('won', 'lost', 'off') THEN 'lead_is_over'
        WHEN held.owner_id IS NULL THEN 'lead_is_in_the_pool'
        WHEN held.owner_id = move.to_owner_id THEN 'lead_is_yours'
        WHEN NOT journeys_may_own_leads(stands_in, held.branch_id) THEN 'lead_owner_of_branch'
        WHEN rule.id IS NULL THEN 'lead_no_policy' END;
END $$;
"""
NO_GUARDS = """
DROP FUNCTION journeys_lead_move_refusal(
    journeys_lead, journeys_leadmove, portal_staff, journeys_poolpolicy);
ALTER FUNCTION journeys_usual_move_refusal(
    journeys_lead, journeys_leadmove, portal_staff, journeys_poolpolicy)
    RENAME TO journeys_lead_move_refusal;
DROP TRIGGER callback_only_ends ON journeys_callback;
DROP FUNCTION journeys_callback_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0160_call_wrap_up_guards")]
    operations = [migrations.RunSQL(GUARDS, NO_GUARDS)]
