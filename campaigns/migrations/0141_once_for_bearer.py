"""A campaign gives once to a person, and of an exclusive group one campaign gives, whatever the
customer numbers: asked once for all rows of a statement.

Who is one person is what the ID numbers say when it is given (`bearer`). What comes out later, by a
file or a correction, breaks nothing: what was given stands, and of several numbers that have
something the one that had it first goes on.
"""

from django.db import migrations

# Whoever gives for a campaign waits for another who does: who grants by its book has done so
# already. Of a group the persons concerned are locked, as the application locked them before.
# Each statement is planned for the rows that it meets: the same session gives one, and thousands.
# The few persons come first, and grants are looked up by the customer alone (OFFSET 0): a plan that
# knows too little of a new campaign would join all of its grants with all rows.
_PERSONS = """inserted given
        JOIN journeys_customer me ON me.id = given.customer_id
        JOIN journeys_customer same ON same.bearer = me.bearer AND same.id <> me.id"""
_WITH = f"""WITH person AS MATERIALIZED (
        SELECT given.*, me.id AS own_id, same.id AS other_id FROM {_PERSONS}
    )"""
GUARD = f"""
CREATE FUNCTION campaigns_grant_once_for_bearer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE is_twice boolean; is_of_group boolean;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('campaigns.grants:' || asked.campaign_id, 0))
    FROM (SELECT DISTINCT campaign_id FROM inserted ORDER BY campaign_id) asked;
    -- What takes the place of a grant that was taken back comes by a door of its own. What a number
    -- had before the other goes on, by way of what it was exchanged for too.
    EXECUTE $once${_WITH} SELECT EXISTS (
        SELECT FROM person CROSS JOIN LATERAL (
            SELECT had.id FROM campaigns_grant had
            WHERE had.customer_id = person.other_id AND had.campaign_id = person.campaign_id
              AND NOT EXISTS (
                SELECT FROM campaigns_grantreversal back WHERE back.grant_id = had.id)
            OFFSET 0
        ) had
        WHERE person.door <> 'lower' AND NOT EXISTS (
            SELECT FROM campaigns_grant own
            LEFT JOIN campaigns_grantreversal back ON back.grant_id = own.id
            WHERE own.customer_id = person.own_id AND own.campaign_id = person.campaign_id
              AND own.id < had.id AND (back.id IS NULL OR back.kind = 'exchanged')
              AND own.id NOT IN (SELECT id FROM inserted)
            OFFSET 0)
    )$once$ INTO is_twice;
    IF is_twice THEN
        RAISE EXCEPTION 'the same person has a reward of the campaign under another number'
            USING ERRCODE = 'unique_violation', CONSTRAINT = 'grant_once_for_bearer';
    END IF;
    SELECT EXISTS (
        SELECT FROM inserted WHERE group_id IS NOT NULL AND NOT isempty(held)) INTO is_of_group;
    IF NOT is_of_group THEN
        RETURN NULL;
    END IF;
    EXECUTE $lock$SELECT FROM journeys_customer locked WHERE locked.id IN (
        SELECT unnest(ARRAY[me.id, same.id]) FROM {_PERSONS}
        WHERE given.group_id IS NOT NULL AND NOT isempty(given.held)
    ) ORDER BY locked.id FOR NO KEY UPDATE$lock$;
    EXECUTE $group${_WITH} SELECT EXISTS (
        SELECT FROM person CROSS JOIN LATERAL (
            SELECT FROM campaigns_grant had
            WHERE had.customer_id = person.other_id AND had.group_id = person.group_id
              AND had.campaign_id <> person.campaign_id AND had.held && person.held
            OFFSET 0
        ) had
        WHERE NOT EXISTS (
            SELECT FROM campaigns_grant own
            WHERE own.customer_id = person.own_id AND own.campaign_id = person.campaign_id
              AND own.group_id = person.group_id AND own.held @> person.granted_date
              AND own.id NOT IN (SELECT id FROM inserted)
            OFFSET 0)
    )$group$ INTO is_twice;
    IF is_twice THEN
        RAISE EXCEPTION 'another campaign of the group gave to the same person'
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'grant_one_campaign_for_bearer';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER grant_once_for_bearer AFTER INSERT ON campaigns_grant
    REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT
    EXECUTE FUNCTION campaigns_grant_once_for_bearer();
"""
UNGUARD = """
DROP TRIGGER grant_once_for_bearer ON campaigns_grant;
DROP FUNCTION campaigns_grant_once_for_bearer();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0140_same_person"),
        ("journeys", "0135_referrals_by_person"),
    ]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
