"""How many messages were sent of each origin and text, day by day."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("journeys", "0036_result_notices_fixed"),
        ('portal', '0005_uploads_and_api'),
    ]

    operations = [
        migrations.CreateModel(
            name='SentCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('origin', models.CharField(max_length=80)),
                ('messages', models.PositiveIntegerField()),
                ('branch', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.branch')),
                ('template', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='journeys.messagetemplate')),
            ],
            options={
                'indexes': [models.Index(fields=['template', 'day'], name='sent_count_of_text'), models.Index(fields=['day'], name='sent_count_day')],
                'constraints': [models.UniqueConstraint(fields=('origin', 'day', 'template', 'branch'), name='sent_count_once'), models.CheckConstraint(condition=models.Q(('messages__gte', 1)), name='sent_count_is_some')],
            },
        ),
    ]
