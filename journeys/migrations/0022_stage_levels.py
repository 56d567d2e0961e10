"""Stages are counted at levels, coarse enough to be few rows; the counts follow in the next step."""

import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

NO_MONTH = datetime.date(1, 1, 1)

EMPTY = """
DROP TRIGGER stages_counted_insert ON journeys_customerstage;
DROP TRIGGER stages_counted_update ON journeys_customerstage;
DROP TRIGGER stages_counted_delete ON journeys_customerstage;
DROP FUNCTION journeys_count_stages_insert();
DROP FUNCTION journeys_count_stages_update();
DROP FUNCTION journeys_count_stages_delete();
TRUNCATE journeys_stagecount;
"""


def key(name, field):
    """A column that the empty table takes without a default of its own."""
    return migrations.AddField("stagecount", name, field, preserve_default=False)


class Migration(migrations.Migration):
    dependencies = [("journeys", "0021_points_by_day")]
    operations = [
        migrations.RunSQL(EMPTY, "TRUNCATE journeys_stagecount"),
        migrations.RemoveConstraint("stagecount", "stage_count_once"),
        migrations.RemoveConstraint("stagecount", "stage_count_is_some"),
        migrations.RemoveField("stagecount", "branch"),
        migrations.RemoveField("stagecount", "product"),
        key("level", models.PositiveSmallIntegerField(default=0)),
        key("branch_key", models.PositiveBigIntegerField(default=0)),
        key("product_key", models.PositiveBigIntegerField(default=0)),
        migrations.RemoveField("stagecount", "days"),
        migrations.RemoveField("stagecount", "customers"),
        key("days", ArrayField(models.PositiveIntegerField(), default=list)),
        key("customers", ArrayField(models.PositiveIntegerField(), default=list)),
        migrations.AddConstraint(
            "stagecount",
            models.UniqueConstraint(
                fields=("level", "branch_key", "product_key", "month", "step"),
                name="stage_count_once",
            ),
        ),
        migrations.AddConstraint(
            "stagecount",
            models.CheckConstraint(
                condition=models.Q(
                    step__lte=8, days__len__gte=1, customers__len=models.F("days__len")
                ),
                name="stage_count_is_some",
            ),
        ),
        migrations.AddConstraint(
            "stagecount",
            models.CheckConstraint(
                condition=models.Func(
                    models.F("customers"),
                    output_field=models.BooleanField(),
                    template="(1 <= ALL (%(expressions)s))",
                ),
                name="stage_count_of_somebody",
            ),
        ),
        migrations.AddConstraint(
            "stagecount",
            models.CheckConstraint(
                name="stage_count_keys_follow_level",
                condition=models.Q(level=0, branch_key=0, product_key=0, month=NO_MONTH)
                | models.Q(level=1, branch_key__gt=0, product_key=0, month=NO_MONTH)
                | models.Q(level=2, branch_key=0, month=NO_MONTH)
                | models.Q(level=3, branch_key__gt=0, month=NO_MONTH)
                | models.Q(level=4, branch_key=0, product_key=0, month__gt=NO_MONTH)
                | models.Q(level=6, branch_key=0, month__gt=NO_MONTH),
            ),
        ),
    ]
