"""A lead that a message asked for says what the call is about."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("journeys", "0117_receipts_and_answers"),
    ]

    operations = [
        migrations.AddField(
            model_name='lead',
            name='reason',
            field=models.TextField(blank=True, db_default='', default='', verbose_name='what the call is about'),
        ),
    ]
