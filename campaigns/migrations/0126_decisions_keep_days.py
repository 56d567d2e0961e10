"""A decision keeps the days of the card that its receipt speaks of, what it was near to, and which
tiers were given."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0125_live_runs_of_their_day")]

    operations = [
        *(
            migrations.AddField("decision", name, models.DateField(null=True))
            for name in ("issued_date", "filed_date", "activated_date")
        ),
        migrations.AddField(
            "decision",
            "given",
            ArrayField(base_field=models.PositiveSmallIntegerField(), null=True, size=None),
        ),
        migrations.AddField(
            "decision",
            "gap",
            models.DecimalField(
                decimal_places=2, max_digits=14, null=True, verbose_name="missing (CNY)"
            ),
        ),
        migrations.AddField(
            "decision", "deadline", models.DateField(null=True, verbose_name="last day")
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(
                condition=Q(("gap__isnull", False)),
                fields=["run", "gap", "deadline", "id"],
                name="decision_near",
            ),
        ),
    ]
