"""By which door a grant was given: a run, a flash sale, or as the lower tier after a refund."""

from django.db import migrations, models

# What was given before: a claim of a sale names its grant; a lower tier was given in the very step
# in which the higher one was taken back. Nothing else of the ledger changes.
FORWARD = """
ALTER TABLE campaigns_grant DISABLE TRIGGER grant_fixed;
UPDATE campaigns_grant given SET door = 'flash'
FROM campaigns_flashclaim claim WHERE claim.grant_id = given.id;
UPDATE campaigns_grant given SET door = 'lower'
FROM campaigns_grantreversal back JOIN campaigns_grant higher ON higher.id = back.grant_id
WHERE back.kind = 'condition_lost' AND back.at = given.granted_at AND higher.id < given.id
  AND higher.customer_id = given.customer_id AND higher.campaign_id = given.campaign_id;
ALTER TABLE campaigns_grant ENABLE TRIGGER grant_fixed;
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0073_books_opened")]
    operations = [
        migrations.AddField(
            model_name="grant",
            name="door",
            field=models.CharField(
                choices=[
                    ("run", "Campaign run"),
                    ("flash", "Flash sale"),
                    ("lower", "Lower tier after a refund"),
                ],
                default="run",
                max_length=5,
                verbose_name="given by",
            ),
        ),
        migrations.RunSQL(FORWARD, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="grant",
            constraint=models.CheckConstraint(
                condition=models.Q(("door__in", ["run", "flash", "lower"])),
                name="grant_door_known",
            ),
        ),
    ]
