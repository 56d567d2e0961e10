"""How people stand in touch plans is counted by triggers, so that a page reads a few rows and not
every step of everybody. They write a row for each statement and each way to stand that changed, and
change none: nobody who works steps off waits for another. The sweep adds them up from time to time.

The index over all steps that the counts were read from before is not needed any more.
"""

import django.db.models.deletion
from django.db import migrations, models

# Table, the table of its counts, by what is counted, and what the count is called.
_COUNTED = (
    ("campaigns_touchstep", "campaigns_stepcount", "version_id, code, state, answer, channel", "steps"),
    ("campaigns_enrolment", "campaigns_staycount", "version_id, state, left_because", "stays"),
)


def _follow(table, counts, columns, number, event, tables, rows):
    name = f"{counts}_{event.lower()}"
    return f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO {counts} ({columns}, {number})
    SELECT {columns}, sum(sign) FROM ({rows}) changed
    GROUP BY {columns} HAVING sum(sign) <> 0;
    RETURN NULL;
END $$;
CREATE TRIGGER counted_{event.lower()} AFTER {event} ON {table}
    REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION {name}();
"""


def _of(table, counts, columns, number):
    come, gone = f"SELECT {columns}, 1 AS sign FROM come", f"SELECT {columns}, -1 AS sign FROM gone"
    named = (table, counts, columns, number)
    return (
        _follow(*named, "INSERT", "NEW TABLE AS come", come)
        + _follow(*named, "UPDATE", "NEW TABLE AS come OLD TABLE AS gone", f"{come} UNION ALL {gone}")
        + _follow(*named, "DELETE", "OLD TABLE AS gone", gone)
        # What there is already.
        + f"INSERT INTO {counts} ({columns}, {number})"
        f" SELECT {columns}, count(*) FROM {table} GROUP BY {columns};\n"
    )


COUNT = "".join(_of(*one) for one in _COUNTED)
UNCOUNT = "".join(
    f"DROP TRIGGER counted_{event} ON {table}; DROP FUNCTION {counts}_{event}();\n"
    for table, counts, _columns, _number in _COUNTED
    for event in ("insert", "update", "delete")
)


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0144_step_variants")]

    operations = [
        migrations.CreateModel(
            name="StepCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40)),
                ("state", models.CharField(max_length=8)),
                ("answer", models.CharField(blank=True, max_length=16)),
                ("channel", models.CharField(blank=True, max_length=8)),
                ("steps", models.IntegerField()),
                ("version", models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.campaignversion")),
            ],
        ),
        migrations.CreateModel(
            name="StayCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(max_length=6)),
                ("left_because", models.CharField(blank=True, max_length=10)),
                ("stays", models.IntegerField()),
                ("version", models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.campaignversion")),
            ],
        ),
        migrations.RunSQL(COUNT, UNCOUNT),
        migrations.RemoveIndex(model_name="touchstep", name="touch_step_counts"),
    ]
