"""Partnerships with merchants: phases, moves, suggestions, playbooks, tasks."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('merchants', '0007_prospects'),
        ('portal', '0018_imports_again'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Partnership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scenarios', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), size=None)),
                ('opened_at', models.DateTimeField(verbose_name='opened at')),
                ('phase', models.CharField(blank=True, choices=[('prospect', 'Prospect'), ('comparison', 'Comparison'), ('confirmed', 'Confirmed'), ('perfect', 'Perfect'), ('wavering', 'Wavering'), ('adjustment', 'Adjustment'), ('ended', 'Partnership ended')], max_length=12, verbose_name='phase')),
                ('since', models.DateField(null=True, verbose_name='in the phase since')),
                ('moved', models.PositiveIntegerField(default=0)),
                ('contract_number', models.CharField(blank=True, max_length=40, verbose_name='contract number')),
                ('contract_from', models.DateField(null=True, verbose_name='contract from')),
                ('contract_end', models.DateField(null=True, verbose_name='contract ends before')),
                ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='partnerships', to='portal.branch')),
                ('manager', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='partnerships', to=settings.AUTH_USER_MODEL)),
                ('merchant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='partnerships', to='merchants.merchant')),
            ],
        ),
        migrations.CreateModel(
            name='PartnershipRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effective_date', models.DateField(unique=True, verbose_name='in force from')),
                ('least_days', models.PositiveSmallIntegerField(verbose_name='days in a phase at least')),
                ('return_days', models.PositiveSmallIntegerField(verbose_name='days without return to a phase')),
                ('stable_days', models.PositiveSmallIntegerField(verbose_name='days of stability before perfect')),
                ('most_fall', models.PositiveSmallIntegerField(verbose_name='turnover may fall by (%)')),
                ('alarms_a_week', models.PositiveSmallIntegerField(verbose_name='suggestions for a manager a week')),
                ('second_person', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), blank=True, default=list, help_text='Such as comparison-confirmed, with commas between them.', size=None, verbose_name='moves that need a second person')),
                ('source', models.TextField(verbose_name='source of the rule')),
            ],
            options={
                'verbose_name': 'rule of partnerships',
                'verbose_name_plural': 'rules of partnerships',
                'constraints': [models.CheckConstraint(condition=models.Q(('alarms_a_week__range', (1, 50)), ('least_days__lte', 365), ('most_fall__lte', 100), ('return_days__lte', 365), ('stable_days__range', (1, 730)), models.Q(('source', ''), _negated=True)), name='partnership_rule_bounds'), models.CheckConstraint(condition=models.Q(('second_person__contained_by', ['prospect-comparison', 'prospect-confirmed', 'comparison-confirmed', 'confirmed-perfect', 'confirmed-wavering', 'confirmed-adjustment', 'perfect-wavering', 'perfect-adjustment', 'wavering-perfect', 'wavering-adjustment', 'wavering-comparison', 'adjustment-confirmed', 'adjustment-wavering', 'adjustment-comparison', 'prospect-ended', 'comparison-ended', 'confirmed-ended', 'perfect-ended', 'wavering-ended', 'adjustment-ended'])), name='partnership_rule_moves_known')],
            },
        ),
        migrations.CreateModel(
            name='PhaseSuggestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on_date', models.DateField(verbose_name='suggested on')),
                ('from_phase', models.CharField(choices=[('prospect', 'Prospect'), ('comparison', 'Comparison'), ('confirmed', 'Confirmed'), ('perfect', 'Perfect'), ('wavering', 'Wavering'), ('adjustment', 'Adjustment'), ('ended', 'Partnership ended')], max_length=12)),
                ('to_phase', models.CharField(choices=[('prospect', 'Prospect'), ('comparison', 'Comparison'), ('confirmed', 'Confirmed'), ('perfect', 'Perfect'), ('wavering', 'Wavering'), ('adjustment', 'Adjustment'), ('ended', 'Partnership ended')], max_length=12)),
                ('reasons', models.JSONField()),
                ('evidence', models.JSONField()),
                ('state', models.CharField(choices=[('open', 'Suggestion open'), ('accepted', 'Suggestion accepted'), ('declined', 'Suggestion declined'), ('lapsed', 'Overtaken by another move')], default='open', max_length=8)),
                ('settled_at', models.DateTimeField(null=True)),
                ('words', models.TextField(blank=True, verbose_name='why it was declined')),
                ('manager', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='suggestions', to='merchants.partnership')),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='PhaseChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('from_phase', models.CharField(blank=True, choices=[('prospect', 'Prospect'), ('comparison', 'Comparison'), ('confirmed', 'Confirmed'), ('perfect', 'Perfect'), ('wavering', 'Wavering'), ('adjustment', 'Adjustment'), ('ended', 'Partnership ended')], max_length=12)),
                ('to_phase', models.CharField(choices=[('prospect', 'Prospect'), ('comparison', 'Comparison'), ('confirmed', 'Confirmed'), ('perfect', 'Perfect'), ('wavering', 'Wavering'), ('adjustment', 'Adjustment'), ('ended', 'Partnership ended')], max_length=12)),
                ('on_date', models.DateField(verbose_name='on')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('reason', models.TextField(verbose_name='reason')),
                ('evidence', models.JSONField()),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('approval', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.submission')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='merchants.partnership')),
                ('suggestion', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='change', to='merchants.phasesuggestion')),
            ],
        ),
        migrations.CreateModel(
            name='MoveRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('after', models.PositiveIntegerField()),
                ('to_phase', models.CharField(choices=[('prospect', 'Prospect'), ('comparison', 'Comparison'), ('confirmed', 'Confirmed'), ('perfect', 'Perfect'), ('wavering', 'Wavering'), ('adjustment', 'Adjustment'), ('ended', 'Partnership ended')], max_length=12)),
                ('reason', models.TextField(verbose_name='reason')),
                ('evidence', models.JSONField()),
                ('asked_at', models.DateTimeField(verbose_name='asked at')),
                ('state', models.CharField(choices=[('waiting', 'Waits for a second person'), ('approved', 'Move approved'), ('returned', 'Move not approved')], default='waiting', max_length=8)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('submission', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.submission')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='merchants.partnership')),
                ('suggestion', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='merchants.phasesuggestion')),
            ],
        ),
        migrations.CreateModel(
            name='Playbook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('phase', models.CharField(choices=[('prospect', 'Prospect'), ('comparison', 'Comparison'), ('confirmed', 'Confirmed'), ('perfect', 'Perfect'), ('wavering', 'Wavering'), ('adjustment', 'Adjustment'), ('ended', 'Partnership ended')], max_length=12, verbose_name='phase')),
                ('number', models.PositiveIntegerField(verbose_name='version')),
                ('content', models.JSONField()),
                ('reason', models.TextField(verbose_name='reason')),
                ('written_at', models.DateTimeField(verbose_name='written at')),
                ('branch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.branch')),
                ('written_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='PartnershipTask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField()),
                ('title', models.CharField(max_length=300, verbose_name='task')),
                ('title_en', models.CharField(max_length=300, verbose_name='task in English')),
                ('due_date', models.DateField(verbose_name='due on')),
                ('state', models.CharField(choices=[('open', 'To do'), ('done', 'Task done'), ('skipped', 'Task skipped'), ('left', 'The phase was left')], default='open', max_length=8)),
                ('settled_at', models.DateTimeField(null=True)),
                ('words', models.TextField(blank=True, verbose_name='what was done, or why not')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='merchants.partnership')),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('change', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='merchants.phasechange')),
                ('playbook', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='merchants.playbook')),
            ],
        ),
        migrations.AddIndex(
            model_name='partnership',
            index=models.Index(fields=['phase', 'since', 'id'], name='partnership_board'),
        ),
        migrations.AddIndex(
            model_name='partnership',
            index=models.Index(fields=['manager', 'phase'], name='partnership_mine'),
        ),
        migrations.AddConstraint(
            model_name='partnership',
            constraint=models.UniqueConstraint(condition=models.Q(('phase', 'ended'), _negated=True), fields=('merchant',), name='partnership_open_once'),
        ),
        migrations.AddConstraint(
            model_name='partnership',
            constraint=models.CheckConstraint(condition=models.Q(('scenarios__contained_by', ['dining', 'groceries', 'travel', 'car', 'health', 'education', 'online', 'other']), ('scenarios__len__gte', 1)), name='partnership_scenarios_known'),
        ),
        migrations.AddConstraint(
            model_name='partnership',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('moved', 0), ('phase', ''), ('since', None)), models.Q(('moved__gte', 1), ('phase__in', ['prospect', 'comparison', 'confirmed', 'perfect', 'wavering', 'adjustment', 'ended']), ('since__isnull', False)), _connector='OR'), name='partnership_phase_is_told'),
        ),
        migrations.AddConstraint(
            model_name='partnership',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('contract_end', None), ('contract_from', None), ('contract_number', '')), models.Q(models.Q(('contract_number', ''), _negated=True), ('contract_end__gt', models.F('contract_from')), ('contract_end__isnull', False), ('contract_from__isnull', False)), _connector='OR'), name='partnership_contract_whole'),
        ),
        migrations.AddIndex(
            model_name='phasesuggestion',
            index=models.Index(fields=['manager', 'on_date'], name='suggestion_budget'),
        ),
        migrations.AddConstraint(
            model_name='phasesuggestion',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('partnership',), name='suggestion_open_once'),
        ),
        migrations.AddConstraint(
            model_name='phasesuggestion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('from_phase', ''), ('to_phase', 'prospect')), models.Q(('from_phase', ''), ('to_phase', 'comparison')), models.Q(('from_phase', 'prospect'), ('to_phase', 'comparison')), models.Q(('from_phase', 'prospect'), ('to_phase', 'confirmed')), models.Q(('from_phase', 'comparison'), ('to_phase', 'confirmed')), models.Q(('from_phase', 'confirmed'), ('to_phase', 'perfect')), models.Q(('from_phase', 'confirmed'), ('to_phase', 'wavering')), models.Q(('from_phase', 'confirmed'), ('to_phase', 'adjustment')), models.Q(('from_phase', 'perfect'), ('to_phase', 'wavering')), models.Q(('from_phase', 'perfect'), ('to_phase', 'adjustment')), models.Q(('from_phase', 'wavering'), ('to_phase', 'perfect')), models.Q(('from_phase', 'wavering'), ('to_phase', 'adjustment')), models.Q(('from_phase', 'wavering'), ('to_phase', 'comparison')), models.Q(('from_phase', 'adjustment'), ('to_phase', 'confirmed')), models.Q(('from_phase', 'adjustment'), ('to_phase', 'wavering')), models.Q(('from_phase', 'adjustment'), ('to_phase', 'comparison')), models.Q(('from_phase', 'prospect'), ('to_phase', 'ended')), models.Q(('from_phase', 'comparison'), ('to_phase', 'ended')), models.Q(('from_phase', 'confirmed'), ('to_phase', 'ended')), models.Q(('from_phase', 'perfect'), ('to_phase', 'ended')), models.Q(('from_phase', 'wavering'), ('to_phase', 'ended')), models.Q(('from_phase', 'adjustment'), ('to_phase', 'ended')), _connector='OR'), name='suggestion_is_a_move'),
        ),
        migrations.AddConstraint(
            model_name='phasesuggestion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at', None), ('settled_by', None), ('state', 'open'), ('words', '')), models.Q(('settled_at__isnull', False), ('state', 'lapsed'), ('words', '')), models.Q(('settled_at__isnull', False), ('settled_by__isnull', False), ('state', 'accepted'), ('words', '')), models.Q(('settled_at__isnull', False), ('settled_by__isnull', False), ('state', 'declined'), models.Q(('words', ''), _negated=True)), _connector='OR'), name='suggestion_settled_whole'),
        ),
        migrations.AddIndex(
            model_name='phasechange',
            index=models.Index(fields=['on_date', 'id'], name='phase_change_on'),
        ),
        migrations.AddConstraint(
            model_name='phasechange',
            constraint=models.UniqueConstraint(fields=('partnership', 'number'), name='phase_change_once'),
        ),
        migrations.AddConstraint(
            model_name='phasechange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('from_phase', ''), ('to_phase', 'prospect')), models.Q(('from_phase', ''), ('to_phase', 'comparison')), models.Q(('from_phase', 'prospect'), ('to_phase', 'comparison')), models.Q(('from_phase', 'prospect'), ('to_phase', 'confirmed')), models.Q(('from_phase', 'comparison'), ('to_phase', 'confirmed')), models.Q(('from_phase', 'confirmed'), ('to_phase', 'perfect')), models.Q(('from_phase', 'confirmed'), ('to_phase', 'wavering')), models.Q(('from_phase', 'confirmed'), ('to_phase', 'adjustment')), models.Q(('from_phase', 'perfect'), ('to_phase', 'wavering')), models.Q(('from_phase', 'perfect'), ('to_phase', 'adjustment')), models.Q(('from_phase', 'wavering'), ('to_phase', 'perfect')), models.Q(('from_phase', 'wavering'), ('to_phase', 'adjustment')), models.Q(('from_phase', 'wavering'), ('to_phase', 'comparison')), models.Q(('from_phase', 'adjustment'), ('to_phase', 'confirmed')), models.Q(('from_phase', 'adjustment'), ('to_phase', 'wavering')), models.Q(('from_phase', 'adjustment'), ('to_phase', 'comparison')), models.Q(('from_phase', 'prospect'), ('to_phase', 'ended')), models.Q(('from_phase', 'comparison'), ('to_phase', 'ended')), models.Q(('from_phase', 'confirmed'), ('to_phase', 'ended')), models.Q(('from_phase', 'perfect'), ('to_phase', 'ended')), models.Q(('from_phase', 'wavering'), ('to_phase', 'ended')), models.Q(('from_phase', 'adjustment'), ('to_phase', 'ended')), _connector='OR'), name='phase_change_allowed'),
        ),
        migrations.AddConstraint(
            model_name='phasechange',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='phase_change_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='phasechange',
            constraint=models.CheckConstraint(condition=models.Q(('evidence__has_key', 'schema'), ('evidence__schema', 1)), name='phase_change_evidence_read'),
        ),
        migrations.AddConstraint(
            model_name='moverequest',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('partnership',), name='move_request_waits_once'),
        ),
        migrations.AddConstraint(
            model_name='moverequest',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'approved', 'returned'])), name='move_request_state_known'),
        ),
        migrations.AddConstraint(
            model_name='moverequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), _negated=True), ('to_phase__in', ['prospect', 'comparison', 'confirmed', 'perfect', 'wavering', 'adjustment', 'ended'])), name='move_request_is_reasoned'),
        ),
        migrations.AddConstraint(
            model_name='playbook',
            constraint=models.UniqueConstraint(fields=('phase', 'branch', 'number'), name='playbook_version_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='playbook',
            constraint=models.CheckConstraint(condition=models.Q(('phase__in', ['prospect', 'comparison', 'confirmed', 'perfect', 'wavering', 'adjustment'])), name='playbook_phase_known'),
        ),
        migrations.AddConstraint(
            model_name='playbook',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='playbook_has_reason'),
        ),
        migrations.AddIndex(
            model_name='partnershiptask',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['partnership', 'due_date'], name='partnership_task_due'),
        ),
        migrations.AddConstraint(
            model_name='partnershiptask',
            constraint=models.UniqueConstraint(fields=('change', 'place'), name='partnership_task_once'),
        ),
        migrations.AddConstraint(
            model_name='partnershiptask',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at', None), ('settled_by', None), ('state', 'open'), ('words', '')), models.Q(('settled_at__isnull', False), ('state', 'left'), ('words', '')), models.Q(('settled_at__isnull', False), ('settled_by__isnull', False), ('state', 'done')), models.Q(('settled_at__isnull', False), ('settled_by__isnull', False), ('state', 'skipped'), models.Q(('words', ''), _negated=True)), _connector='OR'), name='partnership_task_settled_whole'),
        ),
    ]
