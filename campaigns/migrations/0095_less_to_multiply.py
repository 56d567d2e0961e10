"""What a refund leaves less of to multiply is granted anew with the points that are left: a reason
of its own why a grant stands no longer, after which a grant may follow as after a lost condition."""

from django.db import migrations, models

_GUARD = """
CREATE OR REPLACE FUNCTION campaigns_grant_of_approved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT campaign_id, version_id, run_id FROM inserted) AS given
        LEFT JOIN campaigns_campaignversion version ON version.id = given.version_id
        LEFT JOIN campaigns_run run ON run.id = given.run_id
        WHERE (
            version.campaign_id = given.campaign_id AND run.version_id = given.version_id
            AND (run.cleared_at IS NOT NULL OR EXISTS (
                SELECT FROM campaigns_flashsale sale
                WHERE sale.run_id = given.run_id AND sale.version_id = given.version_id))
            AND (version.state = 'approved' OR version.state <> 'vetoed' AND NOT EXISTS (
                SELECT FROM inserted
                WHERE inserted.version_id = given.version_id AND NOT EXISTS (
                    SELECT FROM campaigns_grant earlier
                    JOIN campaigns_grantreversal back
                        ON back.grant_id = earlier.id AND back.kind IN ({kinds})
                    WHERE earlier.customer_id = inserted.customer_id AND earlier.slot = inserted.slot
                      AND earlier.campaign_id = inserted.campaign_id
                      AND earlier.version_id = inserted.version_id
                      AND earlier.run_id = inserted.run_id
                      AND earlier.round = inserted.round - 1)))
        ) IS NOT TRUE
    ) THEN
        RAISE EXCEPTION 'no gift of a version that is not approved, or by a run not held against it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'grant_of_approved_version';
    END IF;
    RETURN NULL;
END $$;
"""
_NOW, _BEFORE = "'condition_lost', 'less_spent'", "'condition_lost'"


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0091_lasting_callees_marked")]
    operations = [
        migrations.AlterField(
            model_name="grantreversal",
            name="kind",
            field=models.CharField(choices=[("exchanged", "Exchanged for a higher tier"), ("condition_lost", "A condition holds no longer after a refund"), ("less_spent", "Less spending to multiply after a refund")], max_length=14, verbose_name="reason"),
        ),
        migrations.RemoveConstraint(model_name="grantreversal", name="reversal_has_reason"),
        migrations.AddConstraint(
            model_name="grantreversal",
            constraint=models.CheckConstraint(condition=models.Q(models.Q(("failed_at", None), ("kind", "exchanged")), models.Q(("failed_at__isnull", False), ("kind__in", ["condition_lost", "less_spent"])), _connector="OR"), name="reversal_has_reason"),
        ),
        migrations.RunSQL(
            _GUARD.replace("{kinds}", _NOW),
            _GUARD.replace("{kinds}", _BEFORE),
        ),
    ]
