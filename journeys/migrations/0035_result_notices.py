"""Results of applications that customers are told, each once, and how old they may be."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("journeys", "0032_ledgers_open_to_erasure"),
    ]

    operations = [
        migrations.CreateModel(
            name='NoticeRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effective_date', models.DateField(unique=True, verbose_name='in force from')),
                ('days', models.PositiveSmallIntegerField(help_text='Results decided at most so many days before the day they came in are told.', verbose_name='days')),
                ('source', models.TextField(verbose_name='reason of the rule')),
            ],
            options={
                'verbose_name': 'rule for telling results',
                'verbose_name_plural': 'rules for telling results',
                'constraints': [models.CheckConstraint(condition=models.Q(('days__lte', 31), models.Q(('source', ''), _negated=True)), name='notice_rule_days')],
            },
        ),
        migrations.CreateModel(
            name='ResultNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('result', models.CharField(choices=[('approved', 'Approved'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], max_length=10, verbose_name='result')),
                ('decided_date', models.DateField(verbose_name='decided on')),
                ('state', models.CharField(choices=[('due', 'To be told'), ('told', 'Message written'), ('not_told', 'Not told'), ('superseded', 'Replaced by another result')], default='due', max_length=10, verbose_name='state')),
                ('round_number', models.PositiveSmallIntegerField(default=1)),
                ('noted_at', models.DateTimeField(verbose_name='came in at')),
                ('not_before', models.DateTimeField()),
                ('answer', models.CharField(blank=True, max_length=16)),
                ('told_at', models.DateTimeField(null=True)),
                ('is_reopened', models.BooleanField(default=False)),
                ('application', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='journeys.application')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='journeys.customer')),
                ('message', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='result_notice', to='journeys.message')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'due')), fields=['not_before', 'id'], name='notice_due'), models.Index(fields=['-noted_at', '-id'], name='notice_noted')],
                'constraints': [models.UniqueConstraint(fields=('application', 'result', 'decided_date'), name='notice_once'), models.CheckConstraint(condition=models.Q(('result__in', ['approved', 'refused', 'withdrawn'])), name='notice_result_known'), models.CheckConstraint(condition=models.Q(('state__in', ['due', 'told', 'not_told', 'superseded'])), name='notice_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('message__isnull', False), ('state', 'told'), ('told_at__isnull', False)), models.Q(models.Q(('state', 'told'), _negated=True), ('message', None), ('told_at', None)), _connector='OR'), name='notice_told_has_message'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'not_told'), _negated=True), models.Q(('answer', ''), _negated=True), _connector='OR'), name='notice_not_told_has_answer'), models.CheckConstraint(condition=models.Q(('not_before__gte', models.F('noted_at'))), name='notice_tried_after_it_came')],
            },
        ),
    ]
