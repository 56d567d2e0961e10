"""No copy of a person's data is made beyond the limit of the rule in force."""

from django.db import migrations, models
from django.db.models import F, Q

GUARD = """
CREATE FUNCTION journeys_rights_copy_within_rule() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE most integer;
BEGIN
    SELECT copies_per_day INTO most FROM journeys_rightsrule WHERE effective_date <= NEW.on_date
     ORDER BY effective_date DESC LIMIT 1;
    IF most IS NULL OR NEW.allowed <> most OR NEW.number_of_day > most THEN
        RAISE EXCEPTION 'copy % of % is not within the rule in force',
            NEW.number_of_day, NEW.allowed
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rights_copy_within_rule';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rights_copy_within_rule BEFORE INSERT ON journeys_rightscopy
    FOR EACH ROW EXECUTE FUNCTION journeys_rights_copy_within_rule();
"""

UNGUARDED = """
DROP TRIGGER rights_copy_within_rule ON journeys_rightscopy;
DROP FUNCTION journeys_rights_copy_within_rule();
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0046_copies_counted")]
    operations = [
        migrations.AlterField("rightscopy", "on_date", models.DateField(verbose_name="made on")),
        migrations.AlterField("rightscopy", "number_of_day", models.PositiveSmallIntegerField()),
        migrations.AlterField("rightscopy", "allowed", models.PositiveSmallIntegerField()),
        migrations.AddConstraint(
            "rightscopy",
            models.UniqueConstraint(
                fields=("made_by", "on_date", "number_of_day"), name="rights_copy_number_once"
            ),
        ),
        migrations.AddConstraint(
            "rightscopy",
            models.CheckConstraint(
                condition=Q(number_of_day__gte=1, number_of_day__lte=F("allowed")),
                name="rights_copy_within_limit",
            ),
        ),
        migrations.RunSQL(GUARD, UNGUARDED),
    ]
