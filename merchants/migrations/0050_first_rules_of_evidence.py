"""The rules of evidence that hold until the bank sets others."""

import datetime as dt

from django.db import migrations

FIRST = dt.date(2000, 1, 1)
# Suggests from, is over at, and what percentage of a year's turnover is at stake.
RULES = {
    "rivals": (1, 0, 10),
    "contract": (60, 90, 10),
    "merchant_broke": (2, 0, 5),
    "bank_broke": (2, 0, 5),
    "complaints": (3, 1, 3),
    "kept": (3, 0, 0),
}


def set_rules(apps, _editor):
    """This will set the first rule of each kind."""
    rules = apps.get_model("merchants", "EvidenceRule")
    rules.objects.bulk_create(
        rules(
            kind=kind, effective_date=FIRST, limit=limit, over=over, stake=stake,
            source="出厂设置，待本行确定 / As delivered",
        )
        for kind, (limit, over, stake) in RULES.items()
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("merchants", "0049_rules_of_evidence")]
    operations = [migrations.RunPython(set_rules, migrations.RunPython.noop)]
