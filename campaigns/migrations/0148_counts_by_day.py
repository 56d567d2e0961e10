"""Steps are counted by the day that they are planned for, too, so that the page of a plan reads a day
without its steps. What was added up stands in rows of its own, to which what came since is added:
there may be many days, and they are not written anew each time."""

from django.db import migrations, models

_COLUMNS = "version_id, code, state, answer, channel, day"
_ROW = (
    "SELECT version_id, code, state, answer, channel,"
    " (planned_at AT TIME ZONE 'Asia/Shanghai')::date AS day, {sign} AS sign FROM {rows}"
)
_COME, _GONE = _ROW.format(sign=1, rows="come"), _ROW.format(sign=-1, rows="gone")
_FUNCTION = """
CREATE OR REPLACE FUNCTION campaigns_stepcount_{event}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO campaigns_stepcount ({columns}, steps{also})
    SELECT {columns}, sum(sign){value} FROM ({rows}) changed
    GROUP BY {columns} HAVING sum(sign) <> 0;
    RETURN NULL;
END $$;
"""
_EVENTS = (
    ("insert", (_COME,)), ("update", (_COME, _GONE)), ("delete", (_GONE,)),
)  # fmt: skip
BY_DAY = "".join(
    _FUNCTION.format(
        event=event, columns=_COLUMNS, rows=" UNION ALL ".join(rows), also=", is_sum",
        value=", FALSE",
    )
    for event, rows in _EVENTS
)  # fmt: skip
_ALL = "version_id, code, state, answer, channel"
WITHOUT_DAYS = "".join(
    _FUNCTION.format(
        event=event, columns=_ALL, also="", value="", rows=" UNION ALL ".join(rows)
    )
    for event, rows in _EVENTS
)  # fmt: skip
RECOUNT = f"""
DELETE FROM campaigns_stepcount;
INSERT INTO campaigns_stepcount ({_COLUMNS}, steps, is_sum)
SELECT {_COLUMNS}, sum(sign), TRUE
FROM ({_ROW.format(sign=1, rows="campaigns_touchstep")}) counted GROUP BY {_COLUMNS};
"""

class Migration(migrations.Migration):
    dependencies = [("campaigns", "0147_steps_follow_messages")]

    operations = [
        migrations.AddField(
            model_name="stepcount", name="day", field=models.DateField(null=True)
        ),
        migrations.AddField(
            model_name="stepcount",
            name="is_sum",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RunSQL(BY_DAY + RECOUNT, WITHOUT_DAYS),
        migrations.AddConstraint(
            model_name="stepcount",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_sum", True)),
                fields=("version", "code", "state", "answer", "channel", "day"),
                name="step_count_sum_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddIndex(
            model_name="stepcount",
            index=models.Index(fields=["version", "day"], name="step_count_day"),
        ),
        migrations.AddIndex(
            model_name="stepcount",
            index=models.Index(
                condition=models.Q(("is_sum", False)), fields=["version"], name="step_count_new"
            ),
        ),
    ]
