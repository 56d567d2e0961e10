"""Live runs that are started together take turns, and a decision says which campaign of the group
had given something. Decisions of before have none: the constraint looks at what is written from now
on, and needs no look at all of them."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0130_grants_of_groups")]

    operations = [
        migrations.AddField(
            model_name="run",
            name="together_with",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="campaigns.run",
            ),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("together_with", None),
                    models.Q(("kind", "live"), ("together_with__lt", models.F("id"))),
                    _connector="OR",
                ),
                name="run_together_is_live",
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="other",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="campaigns.campaign",
            ),
        ),
        AddConstraintNotValid(
            model_name="decision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("award", "other_of_group"), ("other__isnull", False)),
                    models.Q(
                        models.Q(("award", "other_of_group"), _negated=True), ("other", None)
                    ),
                    _connector="OR",
                ),
                name="decision_other_of_group",
            ),
        ),
    ]
