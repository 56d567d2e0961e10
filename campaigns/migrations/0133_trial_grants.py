"""What a back-test gave on an evening is kept for its evenings to come."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0131_runs_take_turns"), ("journeys", "0120_authors_of_texts")]

    operations = [
        migrations.CreateModel(
            name="TrialGrant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reward", models.CharField(max_length=40, verbose_name="reward")),
                ("slot", models.CharField(blank=True, default="", max_length=46)),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="value (CNY)")),
                ("points", models.PositiveIntegerField(null=True, verbose_name="points")),
                ("granted_date", models.DateField(verbose_name="granted on")),
                ("parts", models.JSONField(default=dict)),
                ("is_over", models.BooleanField(default=False)),
                ("branch", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="portal.branch")),
                ("customer", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journeys.customer")),
                ("referral", models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="journeys.referral")),
                ("run", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="trial_grants", to="campaigns.run")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("customer", "run", "slot", "round"), name="trial_grant_once"),
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="trial_grant_positive"),
                ],
            },
        ),
    ]
