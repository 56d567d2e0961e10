"""Months of all transactions and contacts are found without reading all of them."""

import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('journeys', '0145_posts'),
        ('merchants', '0030_comparison_guards'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='contact',
            index=django.contrib.postgres.indexes.BrinIndex(autosummarize=True, fields=['at'], name='contact_by_day'),
        ),
        migrations.AddIndex(
            model_name='transaction',
            index=django.contrib.postgres.indexes.BrinIndex(autosummarize=True, fields=['posted_date'], name='transaction_by_day'),
        ),
    ]
