"""Who leaves a touch plan while a call may wait for him leaves a mark, so that no sweep reads all
steps that were told by telephone."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0153_era_marks"), ("journeys", "0147_calls_left")]

    operations = [
        migrations.CreateModel(
            name="LeftCall",
            fields=[
                (
                    "step",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, primary_key=True,
                        related_name="+", serialize=False, to="campaigns.touchstep",
                    ),
                ),
            ],
        ),
        migrations.RemoveIndex(model_name="touchstep", name="touch_step_calls"),
    ]
