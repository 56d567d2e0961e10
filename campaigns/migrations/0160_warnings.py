"""Early warning: alerts with what became of them, limits and policies, and what was read so far."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0158_effect_guards'),
        ('journeys', '0176_known_before_calls'),
        ('merchants', '0045_shifts_change_places'),
        ('portal', '0019_parts_of_authors'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('budget', 'Budget used up soon'), ('burst', 'Burst of redemptions'), ('never_used', 'Cards issued and never used'), ('splitting', 'Purchases split'), ('shared', 'Customers of one person share phone or address'), ('self', 'Staff rewarded as a customer'), ('desk', 'Same customers served again and again by one person'), ('month_end', 'Month-end push'), ('complaints', 'Complaints above the usual'), ('refund', 'Refund after reward'), ('partner', 'Redemptions at one partner')], max_length=12, verbose_name='kind')),
                ('subject', models.CharField(choices=[('campaign', 'Campaign'), ('version', 'Version of a campaign'), ('script', 'Message text'), ('branch', 'Branch'), ('staff', 'Member of staff'), ('merchant', 'Merchant'), ('customer', 'Customer')], max_length=8, verbose_name='about')),
                ('subject_key', models.CharField(max_length=80)),
                ('period', models.CharField(blank=True, default='', max_length=20)),
                ('severity', models.CharField(choices=[('warn', 'To be looked at'), ('severe', 'Severe')], max_length=6, verbose_name='severity')),
                ('state', models.CharField(choices=[('open', 'Not looked at yet'), ('looking', 'Being looked at'), ('confirmed', 'Confirmed'), ('dismissed', 'Dismissed'), ('settled', 'Settled')], default='open', max_length=9, verbose_name='state')),
                ('round', models.PositiveSmallIntegerField(default=1)),
                ('weight', models.DecimalField(decimal_places=2, max_digits=9, verbose_name='weight')),
                ('judged_weight', models.DecimalField(decimal_places=2, max_digits=9, null=True)),
                ('judged_severity', models.CharField(blank=True, choices=[('warn', 'To be looked at'), ('severe', 'Severe')], max_length=6)),
                ('evidence', models.JSONField()),
                ('first_seen_at', models.DateTimeField(verbose_name='first seen')),
                ('last_seen_at', models.DateTimeField(verbose_name='last seen')),
                ('paused_at', models.DateTimeField(null=True, verbose_name='campaign stopped at')),
            ],
        ),
        migrations.CreateModel(
            name='AlertMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_state', models.CharField(choices=[('open', 'Not looked at yet'), ('looking', 'Being looked at'), ('confirmed', 'Confirmed'), ('dismissed', 'Dismissed'), ('settled', 'Settled')], max_length=9)),
                ('to_state', models.CharField(choices=[('open', 'Not looked at yet'), ('looking', 'Being looked at'), ('confirmed', 'Confirmed'), ('dismissed', 'Dismissed'), ('settled', 'Settled')], max_length=9)),
                ('round', models.PositiveSmallIntegerField()),
                ('weight', models.DecimalField(decimal_places=2, max_digits=9)),
                ('severity', models.CharField(choices=[('warn', 'To be looked at'), ('severe', 'Severe')], max_length=6)),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField()),
                ('words', models.TextField(verbose_name="the person's word")),
                ('said_at', models.DateTimeField(verbose_name='said at')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided at')),
                ('is_upheld', models.BooleanField(null=True)),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
            ],
        ),
        migrations.CreateModel(
            name='GrantHour',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hour', models.DateTimeField()),
                ('grants', models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='PausePolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('budget', 'Budget used up soon'), ('burst', 'Burst of redemptions'), ('never_used', 'Cards issued and never used'), ('splitting', 'Purchases split'), ('shared', 'Customers of one person share phone or address'), ('self', 'Staff rewarded as a customer'), ('desk', 'Same customers served again and again by one person'), ('month_end', 'Month-end push'), ('complaints', 'Complaints above the usual'), ('refund', 'Refund after reward'), ('partner', 'Redemptions at one partner')], max_length=12, verbose_name='kind')),
                ('severity', models.CharField(choices=[('warn', 'To be looked at'), ('severe', 'Severe')], max_length=6, verbose_name='severity')),
                ('effective_date', models.DateField(verbose_name='in force from')),
                ('action', models.CharField(choices=[('tell', 'Tell the owner'), ('pause', 'Stop the campaign, and tell its owner')], max_length=5, verbose_name='what follows')),
                ('source', models.TextField(verbose_name='source of the rule')),
            ],
            options={
                'verbose_name': 'policy of warnings',
                'verbose_name_plural': 'policies of warnings',
            },
        ),
        migrations.CreateModel(
            name='SweepMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20, unique=True)),
                ('read_id', models.BigIntegerField(default=0)),
                ('seen_id', models.BigIntegerField(default=0)),
                ('seen_number', models.BigIntegerField(default=0)),
                ('day', models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Trace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('budget', 'Budget used up soon'), ('burst', 'Burst of redemptions'), ('never_used', 'Cards issued and never used'), ('splitting', 'Purchases split'), ('shared', 'Customers of one person share phone or address'), ('self', 'Staff rewarded as a customer'), ('desk', 'Same customers served again and again by one person'), ('month_end', 'Month-end push'), ('complaints', 'Complaints above the usual'), ('refund', 'Refund after reward'), ('partner', 'Redemptions at one partner')], max_length=12)),
                ('day', models.DateField()),
                ('thing', models.BigIntegerField(default=0)),
                ('times', models.PositiveIntegerField(default=1)),
                ('band', models.CharField(blank=True, default='', max_length=6)),
            ],
        ),
        migrations.CreateModel(
            name='WarningRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('budget', 'Budget used up soon'), ('burst', 'Burst of redemptions'), ('never_used', 'Cards issued and never used'), ('splitting', 'Purchases split'), ('shared', 'Customers of one person share phone or address'), ('self', 'Staff rewarded as a customer'), ('desk', 'Same customers served again and again by one person'), ('month_end', 'Month-end push'), ('complaints', 'Complaints above the usual'), ('refund', 'Refund after reward'), ('partner', 'Redemptions at one partner')], max_length=12, verbose_name='kind')),
                ('effective_date', models.DateField(verbose_name='in force from')),
                ('days', models.PositiveSmallIntegerField(verbose_name='days looked at')),
                ('fewest', models.PositiveIntegerField(help_text='Of fewer nothing is said.', verbose_name='fewest cases')),
                ('wait', models.PositiveSmallIntegerField(help_text='From issue to first use, from reward to refund; the last workdays of a month. 0 where the kind asks for none.', verbose_name='days a fact may take')),
                ('warn', models.DecimalField(decimal_places=2, max_digits=9, verbose_name='warning from')),
                ('severe', models.DecimalField(decimal_places=2, max_digits=9, verbose_name='severe from')),
                ('source', models.TextField(verbose_name='source of the rule')),
            ],
            options={
                'verbose_name': 'rule of warnings',
                'verbose_name_plural': 'rules of warnings',
            },
        ),
        migrations.AddField(
            model_name='alert',
            name='branch',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.branch'),
        ),
        migrations.AddField(
            model_name='alert',
            name='campaign',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='alerts', to='campaigns.campaign'),
        ),
        migrations.AddField(
            model_name='alert',
            name='concerned',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='alert',
            name='customer',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='journeys.customer'),
        ),
        migrations.AddField(
            model_name='alert',
            name='owner',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='alertmove',
            name='actor',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='alertmove',
            name='alert',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='campaigns.alert'),
        ),
        migrations.AddField(
            model_name='appeal',
            name='alert',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='appeals', to='campaigns.alert'),
        ),
        migrations.AddField(
            model_name='appeal',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='appeal',
            name='said_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='granthour',
            name='campaign',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.campaign'),
        ),
        migrations.AddConstraint(
            model_name='pausepolicy',
            constraint=models.UniqueConstraint(fields=('kind', 'severity', 'effective_date'), name='pause_policy_once'),
        ),
        migrations.AddConstraint(
            model_name='pausepolicy',
            constraint=models.CheckConstraint(condition=models.Q(('action__in', ['tell', 'pause']), ('kind__in', ['budget', 'burst', 'never_used', 'splitting', 'shared', 'self', 'desk', 'month_end', 'complaints', 'refund', 'partner']), ('severity__in', ['warn', 'severe']), models.Q(('source', ''), _negated=True)), name='pause_policy_known'),
        ),
        migrations.AddConstraint(
            model_name='sweepmark',
            constraint=models.CheckConstraint(condition=models.Q(('read_id__gte', 0), ('seen_id__gte', models.F('read_id')), ('seen_number__gte', 0)), name='sweep_mark_in_order'),
        ),
        migrations.AddField(
            model_name='trace',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='journeys.customer'),
        ),
        migrations.AddField(
            model_name='trace',
            name='merchant',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='merchants.merchant'),
        ),
        migrations.AddConstraint(
            model_name='warningrule',
            constraint=models.UniqueConstraint(fields=('kind', 'effective_date'), name='warning_rule_once'),
        ),
        migrations.AddConstraint(
            model_name='warningrule',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['budget', 'burst', 'never_used', 'splitting', 'shared', 'self', 'desk', 'month_end', 'complaints', 'refund', 'partner'])), name='warning_rule_kind'),
        ),
        migrations.AddConstraint(
            model_name='warningrule',
            constraint=models.CheckConstraint(condition=models.Q(('days__range', (1, 730)), ('fewest__gte', 1), ('wait__lte', 365), ('warn__gte', 0), models.Q(('source', ''), _negated=True)), name='warning_rule_bounds'),
        ),
        migrations.AddConstraint(
            model_name='warningrule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'budget'), ('severe__gte', 0), ('severe__lte', models.F('warn'))), models.Q(models.Q(('kind', 'budget'), _negated=True), ('severe__gte', models.F('warn'))), _connector='OR'), name='warning_rule_in_order'),
        ),
        migrations.AddIndex(
            model_name='alert',
            index=models.Index(fields=['-last_seen_at', '-id'], name='alert_latest'),
        ),
        migrations.AddIndex(
            model_name='alert',
            index=models.Index(condition=models.Q(('state__in', ['open', 'looking'])), fields=['owner', '-last_seen_at'], name='alert_waiting'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.UniqueConstraint(fields=('kind', 'subject', 'subject_key', 'period'), name='alert_once'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['budget', 'burst', 'never_used', 'splitting', 'shared', 'self', 'desk', 'month_end', 'complaints', 'refund', 'partner']), ('severity__in', ['warn', 'severe']), ('state__in', ['open', 'looking', 'confirmed', 'dismissed', 'settled']), ('subject__in', ['campaign', 'version', 'script', 'branch', 'staff', 'merchant', 'customer']), models.Q(('subject_key', ''), _negated=True)), name='alert_words_known'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('concerned__isnull', False), ('subject', 'staff')), models.Q(models.Q(('subject', 'staff'), _negated=True), ('concerned', None)), _connector='OR'), models.Q(models.Q(('customer__isnull', False), ('subject', 'customer')), models.Q(models.Q(('subject', 'customer'), _negated=True), ('customer', None)), _connector='OR')), name='alert_names_whom_it_concerns'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.CheckConstraint(condition=models.Q(('concerned', None), models.Q(('owner', models.F('concerned')), _negated=True), _connector='OR'), name='alert_not_owned_by_whom_it_concerns'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.CheckConstraint(condition=models.Q(('last_seen_at__gte', models.F('first_seen_at')), ('round__gte', 1), ('weight__gte', 0)), name='alert_seen_in_order'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.CheckConstraint(condition=models.Q(('paused_at', None), ('campaign__isnull', False), _connector='OR'), name='alert_pause_is_of_campaign'),
        ),
        migrations.AddIndex(
            model_name='alertmove',
            index=models.Index(condition=models.Q(('to_state__in', ['confirmed', 'dismissed'])), fields=['alert', 'round', '-id'], name='alert_move_judged'),
        ),
        migrations.AddConstraint(
            model_name='alertmove',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('from_state', 'open'), ('to_state', 'looking')), models.Q(('from_state', 'looking'), ('to_state', 'open')), models.Q(('from_state', 'looking'), ('to_state', 'confirmed')), models.Q(('from_state', 'looking'), ('to_state', 'dismissed')), models.Q(('from_state', 'confirmed'), ('to_state', 'settled')), models.Q(('from_state', 'confirmed'), ('to_state', 'dismissed')), models.Q(('from_state', 'settled'), ('to_state', 'dismissed')), models.Q(('from_state', 'dismissed'), ('to_state', 'open')), models.Q(('from_state', 'settled'), ('to_state', 'open')), _connector='OR'), name='alert_move_allowed'),
        ),
        migrations.AddConstraint(
            model_name='alertmove',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('to_state__in', ['confirmed', 'dismissed', 'settled']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='alert_move_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='alertmove',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('actor', None), ('from_state__in', ['dismissed', 'settled']), ('to_state', 'open')), models.Q(models.Q(('from_state__in', ['dismissed', 'settled']), ('to_state', 'open'), _negated=True), ('actor__isnull', False)), _connector='OR'), name='alert_move_by_person_or_clock'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.UniqueConstraint(fields=('alert', 'round'), name='appeal_once'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='appeal_has_words'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('is_upheld', None), ('reason', '')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('is_upheld__isnull', False), models.Q(('decided_by', models.F('said_by')), _negated=True), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='appeal_decided_by_another'),
        ),
        migrations.AddConstraint(
            model_name='granthour',
            constraint=models.UniqueConstraint(fields=('campaign', 'hour'), name='grant_hour_once'),
        ),
        migrations.AddConstraint(
            model_name='granthour',
            constraint=models.CheckConstraint(condition=models.Q(('grants__gte', 1)), name='grant_hour_is_some'),
        ),
        migrations.AddConstraint(
            model_name='trace',
            constraint=models.UniqueConstraint(fields=('kind', 'day', 'customer', 'merchant', 'thing'), name='trace_once'),
        ),
        migrations.AddConstraint(
            model_name='trace',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['budget', 'burst', 'never_used', 'splitting', 'shared', 'self', 'desk', 'month_end', 'complaints', 'refund', 'partner']), ('times__gte', 1)), name='trace_known'),
        ),
    ]
