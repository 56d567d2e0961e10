"""Effects of campaigns: rules, what is fixed, who entered which side, counts by day of entry, looks."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0156_call_turns'),
        ('journeys', '0176_known_before_calls'),
    ]

    operations = [
        migrations.CreateModel(
            name='EffectRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effective_date', models.DateField(unique=True, verbose_name='in force from')),
                ('window_days', models.PositiveSmallIntegerField(help_text="Outcomes count from the day after a person's entry, for so many days.", verbose_name='days watched after entry')),
                ('settle_days', models.PositiveSmallIntegerField(help_text='So many days after the window a person is counted.', verbose_name='days waited for late facts')),
                ('fewest', models.PositiveIntegerField(help_text='With fewer on one of the sides nothing is said.', verbose_name='fewest people on a side')),
                ('tuned', models.PositiveIntegerField(help_text='Intervals hold at every look, and are the narrowest about this many people in the control group.', verbose_name='people that intervals are tuned for')),
                ('error_percent', models.DecimalField(decimal_places=2, help_text='Of campaigns without effect, whatever the number of looks.', max_digits=4, verbose_name='false alarms at most (%)')),
                ('power_percent', models.PositiveSmallIntegerField(help_text='The smallest lift that is told is found in so many of a hundred campaigns.', verbose_name='power (%)')),
                ('cap', models.DecimalField(decimal_places=2, help_text='For the check of spending: no single person decides.', max_digits=12, verbose_name='spending of a person capped at (CNY)')),
                ('source', models.TextField(verbose_name='source of the rule')),
            ],
            options={
                'verbose_name': 'rule of effects',
                'verbose_name_plural': 'rules of effects',
                'constraints': [models.CheckConstraint(condition=models.Q(('cap__gt', 0), ('error_percent__gt', 0), ('error_percent__lte', 10), ('fewest__gte', 100), ('power_percent__range', (50, 99)), ('settle_days__lte', 30), ('tuned__gte', models.F('fewest')), ('window_days__range', (7, 366)), models.Q(('source', ''), _negated=True)), name='effect_rule_bounds')],
            },
        ),
        migrations.CreateModel(
            name='EffectDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entered_date', models.DateField(verbose_name='entered on')),
                ('is_held', models.BooleanField(verbose_name='control group')),
                ('control_percent', models.PositiveSmallIntegerField(verbose_name='control group (%)')),
                ('people', models.PositiveIntegerField(default=0)),
                ('crossed', models.PositiveIntegerField(default=0)),
                ('is_ripe', models.BooleanField(default=False)),
                ('converted', models.PositiveIntegerField(default=0)),
                ('active', models.PositiveIntegerField(default=0)),
                ('payers', models.PositiveIntegerField(default=0)),
                ('amount', models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                ('squares', models.DecimalField(decimal_places=4, default=0, max_digits=30)),
                ('capped_amount', models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                ('capped_squares', models.DecimalField(decimal_places=4, default=0, max_digits=30)),
                ('active_before', models.PositiveIntegerField(default=0)),
                ('payers_before', models.PositiveIntegerField(default=0)),
                ('amount_before', models.DecimalField(decimal_places=2, default=0, max_digits=18)),
                ('squares_before', models.DecimalField(decimal_places=4, default=0, max_digits=30)),
                ('due_date', models.DateField(null=True)),
                ('counted_at', models.DateTimeField(null=True, verbose_name='counted at')),
                ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.campaign')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('due_date__isnull', False)), fields=['due_date'], name='effect_day_due')],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'entered_date', 'is_held'), name='effect_day_once'), models.CheckConstraint(condition=models.Q(('active__lte', models.F('people')), ('active_before__lte', models.F('people')), ('capped_squares__gte', 0), ('control_percent__lte', 50), ('converted__lte', models.F('people')), ('payers__lte', models.F('people')), ('payers_before__lte', models.F('people')), ('squares__gte', 0), ('squares_before__gte', 0)), name='effect_day_parts'), models.CheckConstraint(condition=models.Q(('is_ripe', True), models.Q(('active', 0), ('amount', 0), ('capped_amount', 0), ('capped_squares', 0), ('converted', 0), ('payers', 0), ('squares', 0)), _connector='OR'), name='effect_day_ripens')],
            },
        ),
        migrations.CreateModel(
            name='EffectEntrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_held', models.BooleanField(verbose_name='control group')),
                ('entered_date', models.DateField(verbose_name='entered on')),
                ('crossed_date', models.DateField(null=True, verbose_name='crossed on')),
                ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.campaign')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='journeys.customer')),
            ],
            options={
                'indexes': [models.Index(fields=['campaign', 'entered_date'], name='effect_entrant_day')],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'customer'), name='effect_entrant_once'), models.CheckConstraint(condition=models.Q(('crossed_date', None), ('crossed_date__gte', models.F('entered_date')), _connector='OR'), name='effect_entrant_crosses_after')],
            },
        ),
        migrations.CreateModel(
            name='EffectIntake',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('control_percent', models.PositiveSmallIntegerField(verbose_name='control group (%)')),
                ('entered', models.PositiveIntegerField(verbose_name='entered')),
                ('taken_at', models.DateTimeField()),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.campaign')),
                ('run', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.run')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('control_percent__lte', 50)), name='effect_intake_share_is_a_share')],
            },
        ),
        migrations.CreateModel(
            name='EffectLook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on_date', models.DateField(verbose_name='day')),
                ('measure', models.CharField(choices=[('conversion', 'Conversion'), ('activation', 'Card in use'), ('spending', 'Spending for each person (CNY)'), ('capped', 'Spending, single persons capped (CNY)')], max_length=10, verbose_name='measure')),
                ('reached_people', models.PositiveIntegerField(verbose_name='people')),
                ('held_people', models.PositiveIntegerField(verbose_name='control group')),
                ('reached', models.FloatField(verbose_name='for whom it was')),
                ('held', models.FloatField(verbose_name='control group')),
                ('by', models.FloatField(verbose_name='difference')),
                ('low', models.FloatField(verbose_name='lower end')),
                ('high', models.FloatField(verbose_name='upper end')),
                ('once_low', models.FloatField()),
                ('once_high', models.FloatField()),
                ('relative', models.FloatField(null=True)),
                ('relative_low', models.FloatField(null=True)),
                ('relative_high', models.FloatField(null=True)),
                ('at', models.DateTimeField()),
                ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.campaign')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('campaign', 'measure', 'on_date'), name='effect_look_once'), models.CheckConstraint(condition=models.Q(('high__gte', models.F('once_high')), ('low__lte', models.F('once_low')), ('once_high__gte', models.F('by')), ('once_low__lte', models.F('by'))), name='effect_look_within'), models.CheckConstraint(condition=models.Q(('measure__in', ['conversion', 'activation', 'spending', 'capped'])), name='effect_look_measure_known')],
            },
        ),
        migrations.CreateModel(
            name='EffectPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('conversion', models.CharField(choices=[('issued', 'A new primary card was issued'), ('first_use', 'A card was used for the first time'), ('repeat', 'Purchases on two days or more'), ('kept', 'A purchase in the last thirty days of the window')], max_length=10, verbose_name='counts as converted')),
                ('first_date', models.DateField(verbose_name='first live run')),
                ('fixed_at', models.DateTimeField(verbose_name='fixed at')),
                ('campaign', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='effect', to='campaigns.campaign')),
                ('rule', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.effectrule')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('conversion__in', ['issued', 'first_use', 'repeat', 'kept'])), name='effect_plan_conversion_known')],
            },
        ),
    ]
