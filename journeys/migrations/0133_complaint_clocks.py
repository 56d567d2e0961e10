"""Of each clock that a source told of a complaint one row, and what binds a limit that was over
before its source told of a longer one. Rounds are in order by their days."""

import django.db.models.expressions
import django.db.models.functions.comparison
from django.db import migrations, models

DUE = models.GeneratedField(
    db_persist=True,
    expression=django.db.models.functions.comparison.Least(
        models.ExpressionWrapper(
            django.db.models.expressions.CombinedExpression(
                django.db.models.expressions.CombinedExpression(
                    models.F("opened_date"), "+", models.F("limit_days")
                ),
                "+",
                models.F("extension_days"),
            ),
            output_field=models.DateField(),
        ),
        models.F("bound_date"),
    ),
    output_field=models.DateField(),
)
EXPRESSED = """ALTER TABLE journeys_{table} ALTER COLUMN due_date
    SET EXPRESSION AS ({due})"""
SUM = "opened_date + limit_days + extension_days"


def bounded(model, field):
    """The end of a limit is that of its days, or what binds it, whichever is earlier."""
    return migrations.RunSQL(
        EXPRESSED.format(table=model, due=f"LEAST({SUM}, bound_date)"),
        EXPRESSED.format(table=model, due=SUM),
        state_operations=[migrations.AlterField(model, "due_date", field)],
    )


class Migration(migrations.Migration):

    dependencies = [("journeys", "0132_customers_by_names_as_typed")]

    operations = [
        migrations.AddField("complaint", "bound_date", models.DateField(null=True)),
        migrations.AddField("complaintround", "bound_date", models.DateField(null=True)),
        migrations.AddField("complaintround", "first_at", models.DateTimeField(null=True)),
        migrations.AddField("complaintround", "last_at", models.DateTimeField(null=True)),
        migrations.AddField("complaintround", "is_over", models.BooleanField(db_default=True)),
        bounded(
            "complaint",
            models.GeneratedField(
                db_persist=True,
                expression=DUE.expression,
                output_field=models.DateField(verbose_name="to be answered by"),
            ),
        ),
        bounded("complaintround", DUE),
        migrations.RemoveConstraint("complaintround", "complaint_round_once"),
        migrations.RemoveConstraint("complaintround", "complaint_round_counted"),
        migrations.RemoveField("complaintround", "number"),
        migrations.AddConstraint(
            "complaintround",
            models.UniqueConstraint(
                name="complaint_round_told_once",
                fields=("complaint", "opened_date", "limit_days"),
                condition=models.Q(last_at__isnull=False),
            ),
        ),
        migrations.AddConstraint(
            "complaintround",
            models.CheckConstraint(
                name="complaint_round_has_limit", condition=models.Q(limit_days__gte=1)
            ),
        ),
        migrations.AddConstraint(
            "complaintround",
            models.CheckConstraint(
                name="complaint_round_told_or_over",
                condition=models.Q(first_at=None, last_at=None, is_over=True)
                | models.Q(
                    first_at__isnull=False, last_at__gte=models.F("first_at"), extension_days=0
                ),
            ),
        ),
        migrations.AddConstraint(
            "complaint",
            models.CheckConstraint(
                name="complaint_bound_or_extended",
                condition=models.Q(bound_date=None) | models.Q(extension_days=0),
            ),
        ),
    ]
