"""Searches by full values are only added to; none that was answered passes the rule in force."""

from django.db import migrations

GUARDS = """
CREATE TRIGGER exact_search_fixed BEFORE UPDATE OR DELETE ON journeys_exactsearch
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

CREATE FUNCTION journeys_exact_search_within_rule() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE most integer;
BEGIN
    SELECT searches_per_day INTO most FROM journeys_revealrule WHERE effective_date <= NEW.on_date
     ORDER BY effective_date DESC LIMIT 1;
    -- Without a rule nothing is looked up, and a refusal says that nothing is allowed.
    most := coalesce(most, 0);
    IF NEW.allowed <> most OR coalesce(NEW.number_of_day, 0) > most THEN
        RAISE EXCEPTION 'search % of % is not within the rule in force',
            NEW.number_of_day, NEW.allowed
            USING ERRCODE = 'check_violation', CONSTRAINT = 'exact_search_within_rule';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER exact_search_within_rule BEFORE INSERT ON journeys_exactsearch
    FOR EACH ROW EXECUTE FUNCTION journeys_exact_search_within_rule();
"""

UNGUARDED = """
DROP TRIGGER exact_search_within_rule ON journeys_exactsearch;
DROP FUNCTION journeys_exact_search_within_rule();
DROP TRIGGER exact_search_fixed ON journeys_exactsearch;
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0049_exact_searches")]
    operations = [migrations.RunSQL(GUARDS, UNGUARDED)]
