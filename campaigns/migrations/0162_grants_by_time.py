"""The grants of an hour are found by the blocks of their time."""

import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0161_warning_guards")]

    operations = [
        migrations.AddIndex(
            model_name="grant",
            index=django.contrib.postgres.indexes.BrinIndex(
                autosummarize=True, fields=["granted_at"], name="grant_by_time"
            ),
        ),
    ]
