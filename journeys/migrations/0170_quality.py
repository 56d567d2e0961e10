"""Calls that are read for their quality: policies, forms, draws, cases, readings, disputes."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("journeys", "0169_supervised"),
        ("portal", "0019_parts_of_authors"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='QualityCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('called_at', models.DateTimeField(verbose_name='called at')),
                ('reason', models.CharField(choices=[('random', 'At random'), ('complained', 'A complaint after the call'), ('refused', 'Never to be called again, after the call'), ('quick_sale', 'An application after a quick call'), ('short', 'A short call'), ('new_caller', 'A new caller')], max_length=20, verbose_name='reason')),
                ('wants', models.PositiveSmallIntegerField(default=1, verbose_name='readers it needs')),
                ('readings', models.PositiveSmallIntegerField(default=0)),
                ('closed_at', models.DateTimeField(null=True, verbose_name='read at')),
                ('branch', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.branch')),
                ('caller', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('hold', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='journeys.leadhold')),
            ],
        ),
        migrations.CreateModel(
            name='QualityDispute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField(verbose_name='words')),
                ('at', models.DateTimeField(verbose_name='disputed at')),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='dispute', to='journeys.qualitycase')),
            ],
        ),
        migrations.CreateModel(
            name='QualityDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verdict', models.CharField(choices=[('stands', 'It stands'), ('set_aside', 'It is set aside, and counts no more')], max_length=10, verbose_name='verdict')),
                ('words', models.TextField(verbose_name='words')),
                ('at', models.DateTimeField(verbose_name='decided at')),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('dispute', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='journeys.qualitydispute')),
            ],
        ),
        migrations.CreateModel(
            name='QualityDraw',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('called_date', models.DateField(verbose_name='calls of')),
                ('seed', models.CharField(max_length=32)),
                ('holds', models.JSONField()),
                ('calls', models.PositiveIntegerField(verbose_name='calls of the day')),
                ('random', models.PositiveIntegerField(verbose_name='drawn at random')),
                ('by_risk', models.PositiveIntegerField(verbose_name='drawn by risk')),
                ('drawn_at', models.DateTimeField()),
                ('branch', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.branch')),
            ],
        ),
        migrations.AddField(
            model_name='qualitycase',
            name='draw',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='journeys.qualitydraw'),
        ),
        migrations.CreateModel(
            name='QualityForm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effective_date', models.DateField(verbose_name='in force from')),
                ('criteria', models.JSONField(verbose_name='criteria')),
                ('source', models.CharField(max_length=200, verbose_name='source of the rule')),
                ('set_at', models.DateTimeField()),
                ('set_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'form of calls that are read',
                'verbose_name_plural': 'forms of calls that are read',
            },
        ),
        migrations.AddField(
            model_name='qualitydraw',
            name='form',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='journeys.qualityform'),
        ),
        migrations.CreateModel(
            name='QualityPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effective_date', models.DateField(verbose_name='in force from')),
                ('random_percent', models.PositiveSmallIntegerField(verbose_name='calls drawn at random, of 100')),
                ('random_least', models.PositiveSmallIntegerField(verbose_name="of a branch's day at least")),
                ('random_most', models.PositiveSmallIntegerField(verbose_name="of a branch's day at most")),
                ('risk_most', models.PositiveSmallIntegerField(verbose_name='calls drawn by risk at most')),
                ('short_seconds', models.PositiveSmallIntegerField(verbose_name='seconds below which a call is short')),
                ('sale_seconds', models.PositiveSmallIntegerField(verbose_name='seconds below which a sale is quick')),
                ('new_days', models.PositiveSmallIntegerField(verbose_name='days for which a caller is new')),
                ('second_percent', models.PositiveSmallIntegerField(verbose_name='cases with a second reader, of 100')),
                ('dispute_days', models.PositiveSmallIntegerField(verbose_name='days to dispute a result')),
                ('source', models.CharField(max_length=200, verbose_name='source of the rule')),
                ('set_at', models.DateTimeField()),
                ('set_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'policy of calls that are read',
                'verbose_name_plural': 'policies of calls that are read',
            },
        ),
        migrations.AddField(
            model_name='qualitydraw',
            name='policy',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='journeys.qualitypolicy'),
        ),
        migrations.CreateModel(
            name='QualityReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(default=0)),
                ('marks', models.JSONField(verbose_name='marks')),
                ('score', models.PositiveSmallIntegerField(null=True, verbose_name='score')),
                ('missed_grave', models.BooleanField(default=False)),
                ('words', models.TextField(blank=True, default='', verbose_name='words')),
                ('at', models.DateTimeField(verbose_name='read at')),
                ('caller', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='journeys.qualitycase')),
                ('reader', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddConstraint(
            model_name='qualitydispute',
            constraint=models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='quality_dispute_has_words'),
        ),
        migrations.AddConstraint(
            model_name='qualitydecision',
            constraint=models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='quality_decision_has_words'),
        ),
        migrations.AddConstraint(
            model_name='qualitydecision',
            constraint=models.CheckConstraint(condition=models.Q(('verdict__in', ['stands', 'set_aside'])), name='quality_decision_known'),
        ),
        migrations.AddIndex(
            model_name='qualitycase',
            index=models.Index(condition=models.Q(('closed_at', None)), fields=['branch', 'called_at'], name='quality_case_open'),
        ),
        migrations.AddIndex(
            model_name='qualitycase',
            index=models.Index(condition=models.Q(('closed_at__isnull', False)), fields=['branch', 'closed_at'], name='quality_case_closed'),
        ),
        migrations.AddIndex(
            model_name='qualitycase',
            index=models.Index(condition=models.Q(('closed_at__isnull', False)), fields=['caller', '-closed_at'], name='quality_case_of_caller'),
        ),
        migrations.AddConstraint(
            model_name='qualitycase',
            constraint=models.UniqueConstraint(fields=('hold',), name='quality_case_once'),
        ),
        migrations.AddConstraint(
            model_name='qualitycase',
            constraint=models.CheckConstraint(condition=models.Q(('reason__in', ['random', 'complained', 'refused', 'quick_sale', 'short', 'new_caller'])), name='quality_case_reason_known'),
        ),
        migrations.AddConstraint(
            model_name='qualitycase',
            constraint=models.CheckConstraint(condition=models.Q(('wants__range', (1, 2))), name='quality_case_wants_one_or_two'),
        ),
        migrations.AddConstraint(
            model_name='qualitycase',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('readings__lt', models.F('wants'))), models.Q(('closed_at__isnull', False), ('readings', models.F('wants'))), _connector='OR'), name='quality_case_closes_with_the_last'),
        ),
        migrations.AddConstraint(
            model_name='qualityform',
            constraint=models.UniqueConstraint(fields=('effective_date',), name='quality_form_once'),
        ),
        migrations.AddConstraint(
            model_name='qualityform',
            constraint=models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='quality_form_has_source'),
        ),
        migrations.AddConstraint(
            model_name='qualitypolicy',
            constraint=models.UniqueConstraint(fields=('effective_date',), name='quality_policy_once'),
        ),
        migrations.AddConstraint(
            model_name='qualitypolicy',
            constraint=models.CheckConstraint(condition=models.Q(('dispute_days__range', (1, 90)), ('new_days__lte', 365), ('random_least__lte', models.F('random_most')), ('random_most__lte', 500), ('random_percent__lte', 100), ('risk_most__lte', 500), ('sale_seconds__lte', 3600), ('second_percent__lte', 100), ('short_seconds__lte', 600), models.Q(('source', ''), _negated=True)), name='quality_policy_bounds'),
        ),
        migrations.AddConstraint(
            model_name='qualitydraw',
            constraint=models.UniqueConstraint(fields=('branch', 'called_date'), name='quality_draw_once'),
        ),
        migrations.AddConstraint(
            model_name='qualitydraw',
            constraint=models.CheckConstraint(condition=models.Q(('calls__gte', django.db.models.expressions.CombinedExpression(models.F('random'), '+', models.F('by_risk'))), ('calls__gte', 1)), name='quality_draw_of_the_calls'),
        ),
        migrations.AddConstraint(
            model_name='qualitydraw',
            constraint=models.CheckConstraint(condition=models.Q(('seed__regex', '^[0-9a-f]{32}$')), name='quality_draw_has_seed'),
        ),
        migrations.AddConstraint(
            model_name='qualityreview',
            constraint=models.UniqueConstraint(fields=('case', 'number'), name='quality_review_once'),
        ),
        migrations.AddConstraint(
            model_name='qualityreview',
            constraint=models.UniqueConstraint(fields=('case', 'reader'), name='quality_review_by_two'),
        ),
        migrations.AddConstraint(
            model_name='qualityreview',
            constraint=models.CheckConstraint(condition=models.Q(('reader', models.F('caller')), _negated=True), name='quality_reader_is_not_caller'),
        ),
        migrations.AddConstraint(
            model_name='qualityreview',
            constraint=models.CheckConstraint(condition=models.Q(('score', None), ('score__lte', 100), _connector='OR'), name='quality_review_score_of_100'),
        ),
    ]
