"""What a live run keeps from its beginning and its clearing: the customers about whom it decides where
it stands on another, and the message texts that were approved, whatever is written or edited later."""

import django.contrib.postgres.fields
from django.db import migrations, models

# What was cleared before sent the latest wordings; which these were stands in the messages alone.
FILL = """
UPDATE campaigns_run SET texts = '[]' WHERE cleared_at IS NOT NULL;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):

    dependencies = [("campaigns", "0081_claims_granted_by_their_door")]

    operations = [
        migrations.AddField(
            model_name="run",
            name="texts",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="runchunk",
            name="customer_ids",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), null=True, size=None
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(("cleared_at", None), ("texts__isnull", False), _connector="OR"),
                name="run_cleared_has_texts",
            ),
        ),
    ]
