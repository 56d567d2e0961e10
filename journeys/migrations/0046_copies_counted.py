"""Copies of a person's data are counted by who makes them and day; those made before get theirs."""

from django.db import migrations, models

# A ledger: only this filling may pass its guard. Days of before have the limit that they reached.
FILL = """
ALTER TABLE journeys_rightscopy DISABLE TRIGGER USER;
UPDATE journeys_rightscopy copy
   SET on_date = counted.day, number_of_day = counted.place,
       allowed = greatest(counted.most, rule.usual)
  FROM (SELECT id, day, row_number() OVER (PARTITION BY made_by_id, day ORDER BY id) AS place,
               count(*) OVER (PARTITION BY made_by_id, day) AS most
          FROM (SELECT id, made_by_id,
                       (made_at AT TIME ZONE 'Asia/Shanghai')::date AS day
                  FROM journeys_rightscopy) dated) counted,
       (SELECT 5 AS usual) rule
 WHERE counted.id = copy.id;
ALTER TABLE journeys_rightscopy ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0045_erasure_asked_anew")]
    operations = [
        migrations.AddField(
            "rightsrule",
            "copies_per_day",
            models.PositiveSmallIntegerField(
                default=5,
                help_text="With 0 no copy is made.",
                verbose_name="copies that a member of staff may make in a day",
            ),
        ),
        migrations.AddField("rightscopy", "on_date", models.DateField(null=True, verbose_name="made on")),
        migrations.AddField(
            "rightscopy", "number_of_day", models.PositiveSmallIntegerField(null=True)
        ),
        migrations.AddField("rightscopy", "allowed", models.PositiveSmallIntegerField(null=True)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
