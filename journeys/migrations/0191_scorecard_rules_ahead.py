"""A rule of scorecards changes no pay that is booked: what cards take back follows from the rule in
force in the month in which they brought it."""

from django.db import migrations

AHEAD = """
CREATE FUNCTION journeys_scorecard_rule_ahead() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM journeys_payentry WHERE pay_month >= NEW.effective_date) THEN
        RAISE EXCEPTION 'pay from % on is booked by the rule before', NEW.effective_date
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'scorecard_rule_ahead';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER scorecard_rule_ahead BEFORE INSERT ON journeys_scorecardrule
    FOR EACH ROW EXECUTE FUNCTION journeys_scorecard_rule_ahead();
"""
BACK = """
DROP TRIGGER scorecard_rule_ahead ON journeys_scorecardrule;
DROP FUNCTION journeys_scorecard_rule_ahead();
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0190_lead_rests")]
    operations = [migrations.RunSQL(AHEAD, BACK)]
