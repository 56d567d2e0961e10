"""The days of all merchants together are found by the day."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journeys", "0192_drift_days")]
    operations = [
        migrations.AddIndex(
            model_name="merchantday",
            index=models.Index(
                fields=["day"], include=("merchant", "amount"), name="merchant_day_by_day"
            ),
        ),
    ]
