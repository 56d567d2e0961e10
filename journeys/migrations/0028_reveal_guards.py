"""Reveals and their rules are only added to; none passes the limit of the rule in force."""

from django.db import migrations

GUARDS = """
CREATE TRIGGER reveal_fixed BEFORE UPDATE OR DELETE ON journeys_reveal
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER revealrule_fixed BEFORE UPDATE OR DELETE ON journeys_revealrule
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

CREATE FUNCTION journeys_reveal_within_rule() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE most integer;
BEGIN
    SELECT per_day INTO most FROM journeys_revealrule WHERE effective_date <= NEW.on_date
     ORDER BY effective_date DESC LIMIT 1;
    IF most IS NULL OR NEW.allowed <> most OR NEW.number_of_day > most THEN
        RAISE EXCEPTION 'reveal % of % is not within the rule in force',
            NEW.number_of_day, NEW.allowed
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reveal_within_rule';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reveal_within_rule BEFORE INSERT ON journeys_reveal
    FOR EACH ROW EXECUTE FUNCTION journeys_reveal_within_rule();
"""

UNGUARDED = """
DROP TRIGGER reveal_within_rule ON journeys_reveal;
DROP FUNCTION journeys_reveal_within_rule();
DROP TRIGGER revealrule_fixed ON journeys_revealrule;
DROP TRIGGER reveal_fixed ON journeys_reveal;
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0027_reveals"), ("portal", "0002_audit_chain")]
    operations = [migrations.RunSQL(GUARDS, UNGUARDED)]
