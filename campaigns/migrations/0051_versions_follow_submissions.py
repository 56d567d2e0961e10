"""A version reaches no state that its submissions do not bear out: approved only with an approved
submission of this very content and author; back only where none is in force any more; vetoed for
good, and its content with it."""

from django.db import migrations

GUARD = """
CREATE OR REPLACE FUNCTION campaigns_version_state() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before text := CASE WHEN TG_OP = 'INSERT' THEN 'draft' ELSE OLD.state END;
    holds boolean;
BEGIN
    IF NEW.state = before THEN
        RETURN NEW;
    END IF;
    IF NOT (before, NEW.state) IN (
        ('draft', 'submitted'), ('returned', 'submitted'), ('submitted', 'approved'),
        ('submitted', 'returned'), ('submitted', 'vetoed'), ('approved', 'returned'),
        ('approved', 'vetoed')) THEN
        RAISE EXCEPTION 'a version that is % cannot become %', before, NEW.state USING
            ERRCODE = 'check_violation', CONSTRAINT = 'version_state_goes_on';
    END IF;
    IF NEW.state = 'submitted' AND EXISTS (
        SELECT FROM campaigns_campaignversion twin
        WHERE twin.campaign_id = NEW.campaign_id AND twin.content_hash = NEW.content_hash
          AND twin.state = 'vetoed') THEN
        RAISE EXCEPTION 'what was vetoed cannot come back unchanged' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'version_not_vetoed_before';
    END IF;
    SELECT CASE NEW.state
        WHEN 'submitted' THEN bool_or(one.state = 'pending' AND one.is_of_it)
        WHEN 'approved' THEN bool_or(one.state = 'approved' AND one.is_of_it)
        WHEN 'vetoed' THEN bool_or(one.state = 'vetoed')
        ELSE NOT bool_or(one.state IN ('pending', 'approved'))
    END INTO holds
    FROM (
        SELECT submission.state,
               submission.author_id = NEW.created_by_id
               AND submission.snapshot ->> 'content_hash' = NEW.content_hash
               AND submission.snapshot -> 'content' = NEW.content AS is_of_it
        FROM portal_submission submission
        WHERE submission.kind = 'campaign_version' AND submission.target_key = NEW.id::text
    ) one;
    IF holds IS NOT TRUE THEN
        RAISE EXCEPTION 'no submission bears out that the version is %', NEW.state USING
            ERRCODE = 'check_violation', CONSTRAINT = 'version_follows_submission';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER version_begins_as_draft BEFORE INSERT ON campaigns_campaignversion
    FOR EACH ROW EXECUTE FUNCTION campaigns_version_state();

CREATE OR REPLACE FUNCTION campaigns_version_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' AND (NEW.content IS DISTINCT FROM OLD.content
        OR NEW.content_hash <> OLD.content_hash OR NEW.campaign_id <> OLD.campaign_id
        OR NEW.number <> OLD.number OR NEW.created_by_id <> OLD.created_by_id) THEN
        RAISE EXCEPTION 'a submitted version cannot be changed' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'version_frozen';
    END IF;
    RETURN NEW;
END $$;
"""

UNGUARD = """
DROP TRIGGER version_begins_as_draft ON campaigns_campaignversion;
CREATE OR REPLACE FUNCTION campaigns_version_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' AND NEW.state = 'draft'
       OR OLD.state = 'approved' AND NEW.state <> 'approved' THEN
        RAISE EXCEPTION 'a version that is % cannot become %', OLD.state, NEW.state USING
            ERRCODE = 'check_violation', CONSTRAINT = 'version_state_goes_on';
    END IF;
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION campaigns_version_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' AND (NEW.content IS DISTINCT FROM OLD.content
        OR NEW.content_hash <> OLD.content_hash OR NEW.campaign_id <> OLD.campaign_id
        OR NEW.number <> OLD.number) THEN
        RAISE EXCEPTION 'a submitted version cannot be changed' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'version_frozen';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0050_submission_rules")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
