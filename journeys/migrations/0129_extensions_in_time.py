"""More days are given before the end or not at all. An extension that was allowed when the complaint
was overdue is taken back: its step stays in the history."""

import django.db.models.expressions
from django.db import migrations, models

FILL = """
UPDATE journeys_complaint c SET extended_date = coalesce(step.day, c.opened_date)
FROM (SELECT of_one.id, (SELECT max((at AT TIME ZONE 'Asia/Shanghai')::date)
                         FROM journeys_careevent
                         WHERE complaint_id = of_one.id AND kind = 'extended') AS day
      FROM journeys_complaint of_one WHERE of_one.extension_days > 0) AS step
WHERE c.id = step.id;
UPDATE journeys_complaint SET extension_days = 0, extended_by_id = NULL, extended_date = NULL,
    extension_reason = '', extension_asked_by_id = NULL
WHERE extended_date > opened_date + limit_days;
SET CONSTRAINTS ALL IMMEDIATE;
"""
_END = models.ExpressionWrapper(
    django.db.models.expressions.CombinedExpression(
        models.F("opened_date"), "+", models.F("limit_days")
    ),
    output_field=models.DateField(),
)


class Migration(migrations.Migration):
    dependencies = [("journeys", "0128_complaint_rounds_kept")]
    operations = [
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.CheckConstraint(
                name="complaint_extended_in_time",
                condition=models.Q(extension_days=0, extended_date=None)
                | models.Q(
                    extension_days__gt=0, extended_date__isnull=False, extended_date__lte=_END
                ),
            ),
        ),
    ]
