"""Which values were revealed to whom, and how often that is allowed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("journeys", "0026_index_key_ids"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RevealRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effective_date', models.DateField(unique=True, verbose_name='in force from')),
                ('per_day', models.PositiveSmallIntegerField(help_text='With 0 nothing is revealed.', verbose_name='values per person and day')),
                ('reason_length', models.PositiveSmallIntegerField(verbose_name='fewest signs of a reason')),
                ('source', models.TextField(verbose_name='source of the rule')),
            ],
            options={
                'verbose_name': 'reveal rule',
                'verbose_name_plural': 'reveal rules',
                'constraints': [models.CheckConstraint(condition=models.Q(('reason_length__range', (4, 200))), name='reveal_rule_asks_reason')],
            },
        ),
        migrations.CreateModel(
            name='Reveal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(choices=[('phone', 'Phone'), ('id_number', 'ID number'), ('email', 'E-mail'), ('address', 'Postal address'), ('name', 'Full name')], max_length=12)),
                ('kind', models.CharField(choices=[('customer_asked', 'The customer asked for something'), ('complaint', 'A complaint or service case'), ('correction', 'Checking or correcting the data'), ('fraud', 'Suspicion of fraud'), ('authority', 'Request of an authority or the supervisor'), ('review', 'Compliance review')], max_length=16)),
                ('words', models.TextField()),
                ('at', models.DateTimeField()),
                ('on_date', models.DateField()),
                ('number_of_day', models.PositiveSmallIntegerField()),
                ('allowed', models.PositiveSmallIntegerField()),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.branch')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reveals', to='journeys.customer')),
            ],
            options={
                'indexes': [models.Index(fields=['-at', '-id'], name='reveal_newest'), models.Index(fields=['on_date', 'actor'], name='reveal_day')],
                'constraints': [models.UniqueConstraint(fields=('actor', 'on_date', 'number_of_day'), name='reveal_number_once'), models.CheckConstraint(condition=models.Q(('number_of_day__gte', 1), ('number_of_day__lte', models.F('allowed'))), name='reveal_within_limit'), models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='reveal_has_words'), models.CheckConstraint(condition=models.Q(('field__in', ['phone', 'id_number', 'email', 'address', 'name'])), name='reveal_field_known'), models.CheckConstraint(condition=models.Q(('kind__in', ['customer_asked', 'complaint', 'correction', 'fraud', 'authority', 'review'])), name='reveal_kind_known')],
            },
        ),
    ]
