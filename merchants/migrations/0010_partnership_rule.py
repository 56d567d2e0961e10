"""The rule that holds for moves of partnerships until the bank sets another."""

import datetime as dt

from django.db import migrations

FIRST = dt.date(2000, 1, 1)
SECOND_PERSON = ["prospect-confirmed", "confirmed-ended", "perfect-ended"]


def set_rule(apps, _editor):
    """This will set the first rule."""
    apps.get_model("merchants", "PartnershipRule").objects.create(
        effective_date=FIRST, least_days=14, return_days=30, stable_days=60, most_fall=10,
        alarms_a_week=5, second_person=SECOND_PERSON, source="出厂设置，待本行确定 / As delivered",
    )


class Migration(migrations.Migration):
    dependencies = [("merchants", "0009_partnership_guards")]
    operations = [migrations.RunPython(set_rule, migrations.RunPython.noop)]
