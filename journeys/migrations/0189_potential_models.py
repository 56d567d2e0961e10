"""Versions of the model of potential; rows are only added."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

LACKS = [
    ("too_few", "Too few customers to learn from"), ("not_better", "No better than the scorecard"),
]  # fmt: skip
FIXED = """
CREATE TRIGGER potentialmodel_fixed BEFORE UPDATE OR DELETE ON journeys_potentialmodel
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""
NOT_FIXED = "DROP TRIGGER potentialmodel_fixed ON journeys_potentialmodel;"


class Migration(migrations.Migration):
    dependencies = [
        ("journeys", "0188_promises_from_the_promise"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="PotentialModel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made_at", models.DateTimeField(verbose_name="trained at")),
                ("with_traits", models.BooleanField(verbose_name="with personal traits")),
                ("learned", models.JSONField(null=True, verbose_name="what it learned")),
                ("lacks", models.CharField(blank=True, choices=LACKS, max_length=10, verbose_name="what it lacks")),
                ("customers", models.PositiveIntegerField(verbose_name="customers it learned from")),
                ("held_out", models.PositiveIntegerField(verbose_name="customers it was measured on")),
                ("first_day", models.DateField(verbose_name="first day")),
                ("middle_day", models.DateField(verbose_name="day it was measured on")),
                ("last_day", models.DateField(verbose_name="last day")),
                ("figures", models.JSONField(verbose_name="figures")),
                ("parts", models.JSONField(verbose_name="how its customers were spread")),
                ("made_by", models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "indexes": [models.Index(fields=["with_traits", "-id"], name="potential_model_newest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(learned=None, lacks__in=[code for code, _name in LACKS])
                        | Q(learned__isnull=False, lacks=""),
                        name="potential_model_learned_or_lacks",
                    ),
                    models.CheckConstraint(
                        condition=Q(first_day__lt=F("middle_day"), middle_day__lt=F("last_day")),
                        name="potential_model_days_in_order",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FIXED, NOT_FIXED),
    ]
