"""Who looked for whom by a full phone, ID number, e-mail or address, and how often that is
allowed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Length
from django.db.models.lookups import Exact


class Migration(migrations.Migration):
    dependencies = [
        ("journeys", "0048_points_follow_spending"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "revealrule",
            "searches_per_day",
            models.PositiveSmallIntegerField(
                default=30,
                help_text="With 0 nobody is looked for by a full value.",
                verbose_name="searches by a full phone, ID number or e-mail, per person and day",
            ),
        ),
        migrations.CreateModel(
            name='ExactSearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(choices=[('phone', 'Phone'), ('id_number', 'ID number'), ('email', 'E-mail'), ('address', 'Postal address')], max_length=12)),
                ('door', models.CharField(choices=[('customers', 'List of customers'), ('rights', 'Everything about a person')], max_length=12)),
                ('asked_hash', models.BinaryField(max_length=16)),
                ('found', models.PositiveSmallIntegerField(null=True)),
                ('at', models.DateTimeField()),
                ('on_date', models.DateField()),
                ('number_of_day', models.PositiveSmallIntegerField(null=True)),
                ('allowed', models.PositiveSmallIntegerField()),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.branch')),
            ],
            options={
                'indexes': [models.Index(fields=['-at', '-id'], name='exact_search_newest'), models.Index(fields=['on_date', 'actor'], name='exact_search_day')],
                'constraints': [
                    models.UniqueConstraint(fields=('actor', 'on_date', 'number_of_day'), name='exact_search_number_once'),
                    models.CheckConstraint(condition=models.Q(models.Q(('found__isnull', True), ('number_of_day__isnull', True)), models.Q(('found__isnull', False), ('number_of_day__gte', 1), ('number_of_day__isnull', False), ('number_of_day__lte', models.F('allowed'))), _connector='OR'), name='exact_search_within_limit'),
                    models.CheckConstraint(condition=models.Q(('field__in', ['phone', 'id_number', 'email', 'address'])), name='exact_search_field_known'),
                    models.CheckConstraint(condition=models.Q(('door__in', ['customers', 'rights'])), name='exact_search_door_known'),
                    models.CheckConstraint(condition=models.Q(Exact(Length('asked_hash'), 16)), name='exact_search_is_hashed'),
                ],
            },
        ),
    ]
