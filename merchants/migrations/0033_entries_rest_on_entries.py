"""An entry of promotion money rests on, or takes back, an entry that is there before it: none that
is not, not itself, and none that is written after it. And a chosen split that changes is not the
one that was proven, whoever changes it."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION merchants_fund_entry_has_base() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    missing bigint;
BEGIN
    -- Locked first, as the guard after this one does, so that what is written meanwhile is found.
    PERFORM FROM merchants_fundaccount WHERE id = NEW.account_id FOR NO KEY UPDATE;
    SELECT wanted INTO missing FROM unnest(ARRAY[NEW.against_id, NEW.reverses_id]) AS wanted
        WHERE wanted IS NOT NULL
          AND NOT EXISTS (SELECT FROM merchants_fundentry WHERE id = wanted);
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION 'there is no entry % for this one to rest on', missing
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_entry_has_its_base';
    END IF;
    RETURN NEW;
END $$;
-- Triggers of one table run by their names: this one before fund_entry_guard.
CREATE TRIGGER fund_entry_base BEFORE INSERT ON merchants_fundentry
    FOR EACH ROW EXECUTE FUNCTION merchants_fund_entry_has_base();

CREATE FUNCTION merchants_fund_choice_forgets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE merchants_fundplan SET gap = NULL WHERE id = NEW.plan_id AND gap IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER fund_choice_forgets AFTER UPDATE ON merchants_fundline FOR EACH ROW
    WHEN (NEW.chosen IS DISTINCT FROM OLD.chosen)
    EXECUTE FUNCTION merchants_fund_choice_forgets();
"""
NO_GUARDS = """
DROP TRIGGER fund_choice_forgets ON merchants_fundline;
DROP FUNCTION merchants_fund_choice_forgets();
DROP TRIGGER fund_entry_base ON merchants_fundentry;
DROP FUNCTION merchants_fund_entry_has_base();
"""


class Migration(migrations.Migration):
    dependencies = [("merchants", "0032_lost_by_a_refusal")]
    operations = [migrations.RunSQL(GUARDS, NO_GUARDS)]
