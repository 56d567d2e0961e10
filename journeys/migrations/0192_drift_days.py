"""How far things have moved since models learned from them, day by day; rows are only added."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

FIXED = """
CREATE TRIGGER driftday_fixed BEFORE UPDATE OR DELETE ON journeys_driftday
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""
NOT_FIXED = "DROP TRIGGER driftday_fixed ON journeys_driftday;"


class Migration(migrations.Migration):
    dependencies = [("journeys", "0191_scorecard_rules_ahead")]
    operations = [
        migrations.CreateModel(
            name="DriftDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="day")),
                ("counted_at", models.DateTimeField(verbose_name="counted at")),
                ("compared", models.PositiveIntegerField(verbose_name="calls or customers that were compared")),
                ("fact", models.CharField(max_length=20, verbose_name="fact that moved farthest")),
                ("index", models.FloatField(verbose_name="its index of stability")),
                ("facts", models.JSONField(verbose_name="index of stability of each fact")),
                ("call_model", models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="days", to="journeys.callmodel")),
                ("potential_model", models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="days", to="journeys.potentialmodel")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("call_model", "day"), name="drift_day_of_calls_once"),
                    models.UniqueConstraint(fields=("potential_model", "day"), name="drift_day_of_people_once"),
                    models.CheckConstraint(
                        condition=Q(call_model=None, potential_model__isnull=False)
                        | Q(call_model__isnull=False, potential_model=None),
                        name="drift_day_of_one_version",
                    ),
                    models.CheckConstraint(
                        condition=Q(compared__gt=0, index__gte=0) & ~Q(fact=""),
                        name="drift_day_compared_some",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FIXED, NOT_FIXED),
    ]
