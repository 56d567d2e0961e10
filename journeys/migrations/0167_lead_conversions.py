"""Which application came of which lead."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("journeys", "0166_lead_merge_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LeadConversion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('called_at', models.DateTimeField(null=True)),
                ('noted_at', models.DateTimeField()),
                ('application', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='of_lead', to='journeys.application')),
                ('caller', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lead', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='conversion', to='journeys.lead')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('called_at', None), ('caller', None)), models.Q(('called_at__isnull', False), ('caller__isnull', False)), _connector='OR'), name='lead_conversion_caller_called')],
            },
        ),
    ]
