"""Nothing is granted for a version that is not approved, nor by a run that was not held against its
approval, unless a flash sale sells of it: asked once for all rows of a statement. What is given instead of a
grant that a refund undid, or why nothing is."""

import django.db.models.deletion
from django.db import migrations, models

# What is given instead of a grant that a refund undid is no new promise: it may come after the
# approval went for another reason than a veto. Nothing is locked: whoever gives asks once more at
# the end, so that a veto waits for an instant and not for the work of a part.
GUARD = """
CREATE FUNCTION campaigns_grant_of_approved() RETURNS trigger LANGUAGE plpgsql AS $$
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
                        ON back.grant_id = earlier.id AND back.kind = 'condition_lost'
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
CREATE TRIGGER grant_of_approved_version AFTER INSERT ON campaigns_grant
    REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT
    EXECUTE FUNCTION campaigns_grant_of_approved();
CREATE TRIGGER lowertier_fixed BEFORE UPDATE OR DELETE ON campaigns_lowertier
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""
UNGUARD = """
DROP TRIGGER lowertier_fixed ON campaigns_lowertier;
DROP TRIGGER grant_of_approved_version ON campaigns_grant;
DROP FUNCTION campaigns_grant_of_approved();
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0085_what_runs_keep")]
    operations = [
        migrations.CreateModel(
            name="LowerTier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("answer", models.CharField(choices=[("granted", "Gets the reward"), ("had_before", "Had it before"), ("control", "Control group: left out for comparison"), ("not_in_use", "Card not activated and used yet"), ("closed", "Card closed since"), ("stock_out", "Out of stock"), ("over_budget_total", "The budget is used up"), ("over_budget_day", "The budget of the day is used up"), ("over_budget_branch", "The budget of the branch is used up"), ("over_budget_customer", "The customer's limit is reached"), ("over_budget_party", "A party's share is used up"), ("not_reached", "No lower tier is reached"), ("vetoed", "The version was vetoed: nothing is given by it any more")], max_length=20, verbose_name="answer")),
                ("at", models.DateTimeField()),
                ("grant", models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="instead_of", to="campaigns.grant")),
                ("reversal", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="lower", to="campaigns.grantreversal")),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(models.Q(("answer", "granted"), ("grant__isnull", False)), models.Q(models.Q(("answer", "granted"), _negated=True), ("grant", None)), _connector="OR"), name="lower_granted_has_grant")],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
