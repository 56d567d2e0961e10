"""What an evening could not start is noted once for each cause."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0136_several_entries_at_once")]

    operations = [
        migrations.CreateModel(
            name="NotStarted",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on_date", models.DateField(verbose_name="as of")),
                ("why", models.CharField(choices=[("text", "A message text with which it was approved was withdrawn since."), ("stopped", "The campaign is stopped."), ("approval", "Its approval is void."), ("turn", "Another campaign of its exclusive group comes first and has not run yet."), ("going", "An earlier live run of it has not ended yet."), ("other", "It may not be started.")], max_length=10)),
                ("since", models.DateTimeField()),
                ("at", models.DateTimeField()),
                ("version", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.campaignversion")),
            ],
            options={
                "indexes": [models.Index(fields=["on_date"], name="not_started_day")],
                "constraints": [
                    models.UniqueConstraint(fields=("version", "why", "since"), name="not_started_once"),
                ],
            },
        ),
    ]
