"""Groups of campaigns of which a customer is given something by one alone; they are only added to."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

FIXED = """
CREATE TRIGGER exclusivegroup_fixed BEFORE UPDATE OR DELETE ON campaigns_exclusivegroup
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0128_budgets_of_tiers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Ranges that exclude one another beside keys that are equal.
        BtreeGistExtension(),
        migrations.CreateModel(
            name="ExclusiveGroup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("name_en", models.CharField(max_length=60, verbose_name="English name")),
                ("days", models.PositiveSmallIntegerField(null=True, verbose_name="days")),
                ("source", models.TextField(verbose_name="reason")),
                ("decided_at", models.DateTimeField(verbose_name="decided at")),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("days", None), ("days__range", (1, 3650)), _connector="OR"),
                        name="exclusive_group_days",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code", ""), _negated=True),
                            models.Q(("name", ""), _negated=True),
                            models.Q(("name_en", ""), _negated=True),
                            models.Q(("source", ""), _negated=True),
                        ),
                        name="exclusive_group_is_named",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            FIXED, "DROP TRIGGER exclusivegroup_fixed ON campaigns_exclusivegroup;"
        ),
    ]
