"""Grants that could not be looked at after a refund."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0041_flash_guards")]
    operations = [
        migrations.CreateModel(
            name='ReversalFailure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=500, verbose_name='reason')),
                ('first_at', models.DateTimeField(verbose_name='failed first at')),
                ('last_at', models.DateTimeField(verbose_name='failed last at')),
                ('grant', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='reversal_failure', to='campaigns.grant')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('last_at__gte', models.F('first_at'))), name='reversal_failure_in_order'),
                    models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='reversal_failure_has_reason'),
                ],
            },
        ),
    ]
