"""Whom a campaign leaves out for comparison is drawn by the person; a campaign of which a version was
ever approved, or waits, keeps its draw by the customer number, with everybody whom it left out."""

from django.db import migrations, models

KEEP = """
UPDATE campaigns_campaign SET control_by = 'number'
WHERE EXISTS (SELECT FROM campaigns_campaignversion version
              WHERE version.campaign_id = campaigns_campaign.id
                AND (version.first_approved_at IS NOT NULL OR version.approved_at IS NOT NULL
                     OR version.state = 'submitted'))
   OR EXISTS (SELECT FROM campaigns_grant given WHERE given.campaign_id = campaigns_campaign.id);
"""
GUARD = """
CREATE FUNCTION campaigns_keep_draw() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'campaign % keeps the draw of its control group', OLD.code
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER campaign_draw_kept BEFORE UPDATE ON campaigns_campaign
    FOR EACH ROW WHEN (NEW.control_by IS DISTINCT FROM OLD.control_by OR NEW.code <> OLD.code)
    EXECUTE FUNCTION campaigns_keep_draw();
"""
UNGUARD = """
DROP TRIGGER campaign_draw_kept ON campaigns_campaign;
DROP FUNCTION campaigns_keep_draw();
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0148_counts_by_day"), ("journeys", "0138_control_group")]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="control_by",
            field=models.CharField(
                choices=[("person", "By person"), ("number", "By customer number")],
                default="person",
                editable=False,
                max_length=6,
                verbose_name="draw of the control group",
            ),
        ),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
