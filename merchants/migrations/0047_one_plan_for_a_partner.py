"""No partner gets money from two plans of promotion money whose days overlap, of those that wait or
are approved. A plan and its amendment are one. What stood double before this rule stays, and an
amendment may keep it or bring it down: no more money, and no day more. A partner is a merchant:
its partnerships one after the other, and what was merged into it, are one."""

from django.db import migrations

GUARDS = """
-- Of a partnership, the merchant that it is with; of one that was merged, the one that was kept.
CREATE FUNCTION merchants_partner_of(asked bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(one.merged_into_id, one.id) FROM merchants_partnership held
      JOIN merchants_merchant one ON one.id = held.merchant_id WHERE held.id = asked
$$;

-- Partners to whom a plan gives money, or may give it, and the other plans that do so already.
CREATE FUNCTION merchants_fund_doubles(asked bigint)
RETURNS TABLE (other_id bigint, twice_id bigint) LANGUAGE sql STABLE AS $$
    SELECT DISTINCT other.id, given.partnership_id
      FROM merchants_fundplan mine
      JOIN merchants_fundline given ON given.plan_id = mine.id AND coalesce(given.chosen, 1) > 0
      JOIN merchants_fundplan other
        ON other.id <> mine.id AND other.state IN ('waiting', 'approved')
      JOIN merchants_fundline theirs ON theirs.plan_id = other.id AND theirs.chosen > 0
       AND merchants_partner_of(theirs.partnership_id)
           = merchants_partner_of(given.partnership_id)
     WHERE mine.id = asked AND other.id IS DISTINCT FROM mine.amends_id
       AND daterange(other.first_date, other.last_date, '[]')
           && daterange(mine.first_date, mine.last_date, '[]')
       AND NOT EXISTS (
        SELECT FROM merchants_fundplan was JOIN merchants_fundline had ON had.plan_id = was.id
         WHERE was.id = mine.amends_id
           AND merchants_partner_of(had.partnership_id)
               = merchants_partner_of(given.partnership_id)
           AND had.chosen >= coalesce(given.chosen, had.chosen) AND was.last_date >= mine.last_date
           AND daterange(was.first_date, was.last_date, '[]')
               && daterange(other.first_date, other.last_date, '[]'))
$$;

CREATE FUNCTION merchants_fund_partner_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    twice record;
BEGIN
    -- Until the transaction ends, so that of two plans at once one finds the other.
    PERFORM pg_advisory_xact_lock(hashtextextended('merchants.fund_plans', 0));
    SELECT * INTO twice FROM merchants_fund_doubles(NEW.id) ORDER BY 1, 2 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'plan % of funds gives money to partnership %, and so does plan %',
            NEW.id, twice.twice_id, twice.other_id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fund_plan_partner_once';
    END IF;
    RETURN NULL;
END $$;
-- After the row, which the function reads from the table.
CREATE TRIGGER fund_plan_partner_once AFTER UPDATE ON merchants_fundplan FOR EACH ROW
    WHEN (NEW.state IN ('waiting', 'approved') AND NEW.state <> OLD.state)
    EXECUTE FUNCTION merchants_fund_partner_once();
"""
NO_GUARDS = """
DROP TRIGGER fund_plan_partner_once ON merchants_fundplan;
DROP FUNCTION merchants_fund_partner_once();
DROP FUNCTION merchants_fund_doubles(bigint);
DROP FUNCTION merchants_partner_of(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("merchants", "0046_committed_in_time")]
    operations = [migrations.RunSQL(GUARDS, NO_GUARDS)]
