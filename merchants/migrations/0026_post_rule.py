"""The rule that holds for shifts at posts until the bank sets another."""

import datetime as dt

from django.db import migrations

FIRST = dt.date(2000, 1, 1)


def set_rule(apps, _editor):
    """This will set the first rule."""
    apps.get_model("merchants", "PostRule").objects.create(
        effective_date=FIRST, needs=["cards", "on_site"], early_minutes=30, late_minutes=10,
        close_minutes=60, most_hours=10, source="出厂设置，待本行确定 / As delivered",
    )


class Migration(migrations.Migration):
    dependencies = [("merchants", "0025_post_guards")]
    operations = [migrations.RunPython(set_rule, migrations.RunPython.noop)]
