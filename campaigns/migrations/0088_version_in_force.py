"""One version of a campaign is in force: the last that was ever approved. No live run begins with an
earlier one, nor with that one while its approval is void."""

from django.db import migrations, models

# When a version was approved first: of those whose approval is void, by their submissions.
FILL = """
UPDATE campaigns_campaignversion version SET first_approved_at = COALESCE(approved_at, (
    SELECT min(submission.closed_at) FROM portal_submission submission
    WHERE submission.kind = 'campaign_version' AND submission.target_key = version.id::text
      AND submission.approvals_needed <= (
          SELECT count(*) FROM portal_submissiondecision decision
          WHERE decision.submission_id = submission.id AND decision.verdict = 'approve')));
SET CONSTRAINTS ALL IMMEDIATE;
"""
GUARD = """
CREATE FUNCTION campaigns_version_first_approved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.first_approved_at := CASE WHEN TG_OP = 'UPDATE' AND OLD.first_approved_at IS NOT NULL
        THEN OLD.first_approved_at ELSE NEW.approved_at END;
    RETURN NEW;
END $$;
CREATE TRIGGER version_first_approved BEFORE INSERT OR UPDATE ON campaigns_campaignversion
    FOR EACH ROW EXECUTE FUNCTION campaigns_version_first_approved();

CREATE FUNCTION campaigns_run_in_force() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM campaigns_campaignversion version
        WHERE version.id = NEW.version_id AND version.state = 'approved' AND NOT EXISTS (
            SELECT FROM campaigns_campaignversion later
            WHERE later.campaign_id = version.campaign_id AND later.number > version.number
              AND later.first_approved_at IS NOT NULL)) THEN
        RAISE EXCEPTION 'a live run is of the version in force' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'run_of_version_in_force';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER run_of_version_in_force AFTER INSERT OR UPDATE OF state, kind, version_id
    ON campaigns_run FOR EACH ROW WHEN (NEW.kind = 'live' AND NEW.state = 'running')
    EXECUTE FUNCTION campaigns_run_in_force();
"""
UNGUARD = """
DROP TRIGGER run_of_version_in_force ON campaigns_run;
DROP FUNCTION campaigns_run_in_force();
DROP TRIGGER version_first_approved ON campaigns_campaignversion;
DROP FUNCTION campaigns_version_first_approved();
"""


class Migration(migrations.Migration):

    dependencies = [("campaigns", "0087_authors")]

    operations = [
        migrations.AddField(
            model_name="campaignversion",
            name="first_approved_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
