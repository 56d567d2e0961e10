"""The rule that holds for negotiations until the bank sets another."""

import datetime as dt

from django.db import migrations

FIRST = dt.date(2000, 1, 1)


def set_rule(apps, _editor):
    """This will set the first rule."""
    apps.get_model("merchants", "NegotiationRule").objects.create(
        effective_date=FIRST, most_cost_share=60, most_months=24, most_paid=500_000,
        most_conceded=100_000, quiet_days=14, renewal_days=90,
        source="出厂设置，待本行确定 / As delivered",
    )


class Migration(migrations.Migration):
    dependencies = [("merchants", "0017_negotiation_guards")]
    operations = [migrations.RunPython(set_rule, migrations.RunPython.noop)]
