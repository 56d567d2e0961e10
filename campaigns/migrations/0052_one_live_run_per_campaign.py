"""One live run at a time for each campaign, whatever its version; and the instant at which a live run
was found to be what was approved."""

import django.db.models.deletion
from django.db import migrations, models

FILL = """
UPDATE campaigns_run run SET campaign_id = version.campaign_id
FROM campaigns_campaignversion version WHERE version.id = run.version_id;
-- Runs that were settled before nobody looked: they are not held up now.
UPDATE campaigns_run SET cleared_at = started_at WHERE kind = 'live' AND state <> 'running';
SET CONSTRAINTS ALL IMMEDIATE;
"""
GUARD = """
CREATE FUNCTION campaigns_run_of_campaign() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.campaign_id := (
        SELECT campaign_id FROM campaigns_campaignversion WHERE id = NEW.version_id);
    RETURN NEW;
END $$;
CREATE TRIGGER run_of_campaign BEFORE INSERT OR UPDATE OF version_id, campaign_id ON campaigns_run
    FOR EACH ROW EXECUTE FUNCTION campaigns_run_of_campaign();

-- Between deciding and settling a live run is held against what was approved.
CREATE FUNCTION campaigns_chunk_is_cleared() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM campaigns_run
               WHERE id = NEW.run_id AND kind = 'live' AND cleared_at IS NULL) THEN
        RAISE EXCEPTION 'a live run is settled only after it was held against its approval' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'chunk_settled_after_clearing';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER chunk_settled_after_clearing BEFORE UPDATE OF state ON campaigns_runchunk
    FOR EACH ROW WHEN (NEW.state = 'done' AND OLD.state <> 'done')
    EXECUTE FUNCTION campaigns_chunk_is_cleared();
"""
UNGUARD = """
DROP TRIGGER chunk_settled_after_clearing ON campaigns_runchunk;
DROP FUNCTION campaigns_chunk_is_cleared();
DROP TRIGGER run_of_campaign ON campaigns_run;
DROP FUNCTION campaigns_run_of_campaign();
"""


class Migration(migrations.Migration):

    dependencies = [("campaigns", "0051_versions_follow_submissions")]

    operations = [
        migrations.AddField(
            model_name="run",
            name="campaign",
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="runs", to="campaigns.campaign"),
        ),
        migrations.AddField(
            model_name="run",
            name="cleared_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="run",
            name="campaign",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="runs", to="campaigns.campaign"),
        ),
        migrations.RemoveConstraint("run", "run_one_live_at_a_time"),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "live"), ("state", "running")),
                fields=("campaign",),
                name="run_one_live_at_a_time",
            ),
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
