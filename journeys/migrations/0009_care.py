"""Service cases and complaints; their limits and history are only added to."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


ONLY_ADDED_TO = """
CREATE TRIGGER careevent_fixed BEFORE UPDATE OR DELETE ON journeys_careevent
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
CREATE TRIGGER complaintrule_fixed BEFORE UPDATE OR DELETE ON journeys_complaintrule
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""
FREE = """
DROP TRIGGER careevent_fixed ON journeys_careevent;
DROP TRIGGER complaintrule_fixed ON journeys_complaintrule;
"""
NUMBER = "CREATE SEQUENCE journeys_care_number"


class Migration(migrations.Migration):

    dependencies = [
        ('journeys', '0008_marketing_pause'),
        ('portal', '0004_staff_guards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Complaint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=40, unique=True, verbose_name='complaint number')),
                ('channel', models.CharField(choices=[('hotline', 'Hotline'), ('branch', 'At the branch'), ('app', 'Mobile app'), ('email', 'E-mail'), ('supervisor', 'Through the supervisor')], max_length=12, verbose_name='channel')),
                ('grade', models.CharField(choices=[('simple', 'Simple complaint'), ('complex', 'Complex complaint'), ('special', 'Special complaint')], max_length=8, verbose_name='grade')),
                ('state', models.CharField(choices=[('open', 'Open complaint'), ('answered', 'Answered'), ('closed', 'Complaint closed')], default='open', max_length=10, verbose_name='state')),
                ('words', models.TextField(verbose_name="the customer's words")),
                ('opened_date', models.DateField(verbose_name='opened on')),
                ('limit_days', models.PositiveSmallIntegerField()),
                ('extension_days', models.PositiveSmallIntegerField(default=0)),
                ('due_date', models.GeneratedField(db_persist=True, expression=models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('opened_date'), '+', models.F('limit_days')), '+', models.F('extension_days')), output_field=models.DateField()), output_field=models.DateField(verbose_name='to be answered by'))),
                ('extension_reason', models.TextField(blank=True, verbose_name='reason of the extension')),
                ('answered_date', models.DateField(null=True, verbose_name='answered on')),
                ('closed_date', models.DateField(null=True, verbose_name='closed on')),
                ('cause_kind', models.CharField(blank=True, choices=[('campaign', 'Campaign version'), ('script', 'Message text or call script'), ('staff', 'Member of staff'), ('product', 'Card product or its terms'), ('process', 'Process or system'), ('unfounded', 'No fault found')], max_length=10, verbose_name='root cause')),
                ('cause_reference', models.CharField(blank=True, max_length=80, verbose_name='reference of the cause')),
                ('remedy', models.TextField(blank=True, verbose_name='remedy')),
                ('is_handled_here', models.BooleanField(default=True)),
                ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.branch')),
                ('cause_staff', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='complaints', to='journeys.customer')),
                ('extended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('extension_asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='ComplaintRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effective_date', models.DateField(unique=True, verbose_name='in force from')),
                ('simple_days', models.PositiveSmallIntegerField(verbose_name='days for a simple complaint')),
                ('complex_days', models.PositiveSmallIntegerField(verbose_name='days for a complex or special one')),
                ('extension_days', models.PositiveSmallIntegerField(verbose_name='further days for a special one')),
                ('source', models.TextField(verbose_name='source of the rule')),
            ],
            options={
                'verbose_name': 'complaint rule',
                'verbose_name_plural': 'complaint rules',
                'constraints': [models.CheckConstraint(condition=models.Q(('complex_days__gte', models.F('simple_days')), ('extension_days__gte', 1), ('simple_days__gte', 1)), name='complaint_rule_days')],
            },
        ),
        migrations.CreateModel(
            name='ServiceCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=40, unique=True, verbose_name='case number')),
                ('channel', models.CharField(choices=[('hotline', 'Hotline'), ('branch', 'At the branch'), ('app', 'Mobile app'), ('email', 'E-mail'), ('supervisor', 'Through the supervisor')], max_length=12, verbose_name='channel')),
                ('subject', models.CharField(max_length=200, verbose_name='subject')),
                ('state', models.CharField(choices=[('open', 'Open case'), ('closed', 'Case closed')], default='open', max_length=8, verbose_name='state')),
                ('opened_date', models.DateField(verbose_name='opened on')),
                ('closed_date', models.DateField(null=True, verbose_name='closed on')),
                ('is_handled_here', models.BooleanField(default=True)),
                ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.branch')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='journeys.customer')),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='CareEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('opened', 'Was opened'), ('answered', 'Was answered'), ('extension_asked', 'Extension asked for'), ('extended', 'Extension allowed'), ('extension_refused', 'Extension not allowed'), ('closed', 'Was closed'), ('reopened', 'Was opened again')], max_length=20, verbose_name='step')),
                ('at', models.DateTimeField()),
                ('words', models.TextField(blank=True)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('complaint', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='journeys.complaint')),
                ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='journeys.servicecase')),
            ],
        ),
        migrations.AddIndex(
            model_name='complaint',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['due_date', 'id'], name='complaint_running'),
        ),
        migrations.AddIndex(
            model_name='complaint',
            index=models.Index(fields=['-opened_date', '-id'], name='complaint_opened'),
        ),
        migrations.AddConstraint(
            model_name='complaint',
            constraint=models.CheckConstraint(condition=models.Q(('grade__in', ['simple', 'complex', 'special'])), name='complaint_grade_known'),
        ),
        migrations.AddConstraint(
            model_name='complaint',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'answered', 'closed'])), name='complaint_state_known'),
        ),
        migrations.AddConstraint(
            model_name='complaint',
            constraint=models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='complaint_has_words'),
        ),
        migrations.AddConstraint(
            model_name='complaint',
            constraint=models.CheckConstraint(condition=models.Q(('limit_days__gte', 1)), name='complaint_has_limit'),
        ),
        migrations.AddConstraint(
            model_name='complaint',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_date', None), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('answered_date__isnull', False)), _connector='OR'), name='complaint_answered_has_date'),
        ),
        migrations.AddConstraint(
            model_name='complaint',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_date__isnull', False), ('state', 'closed'), models.Q(('remedy', ''), _negated=True)), models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_date', None)), _connector='OR'), name='complaint_closed_has_end'),
        ),
        migrations.AddConstraint(
            model_name='complaint',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), ('cause_kind__in', ['campaign', 'script', 'staff', 'product', 'process', 'unfounded']), _connector='OR'), name='complaint_closed_has_cause'),
        ),
        migrations.AddConstraint(
            model_name='complaint',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_date', None), ('answered_date__gte', models.F('opened_date')), _connector='OR'), models.Q(('closed_date', None), ('closed_date__gte', models.F('answered_date')), _connector='OR')), name='complaint_days_in_order'),
        ),
        migrations.AddConstraint(
            model_name='complaint',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cause_kind__in', ['campaign', 'script']), _negated=True), models.Q(('cause_reference', ''), _negated=True), _connector='OR'), name='complaint_cause_has_reference'),
        ),
        migrations.AddConstraint(
            model_name='complaint',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cause_kind', 'staff'), ('cause_staff__isnull', False)), models.Q(models.Q(('cause_kind', 'staff'), _negated=True), ('cause_staff', None)), _connector='OR'), name='complaint_cause_names_staff'),
        ),
        migrations.AddConstraint(
            model_name='complaint',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('extended_by', None), ('extension_days', 0)), models.Q(('extended_by__isnull', False), ('extension_days__gt', 0), ('grade', 'special'), ('extension_asked_by__isnull', False), models.Q(('extension_reason', ''), _negated=True), models.Q(('extended_by', models.F('extension_asked_by')), _negated=True)), _connector='OR'), name='complaint_extended_by_another'),
        ),
        migrations.AddIndex(
            model_name='servicecase',
            index=models.Index(fields=['-opened_date', '-id'], name='case_opened'),
        ),
        migrations.AddConstraint(
            model_name='servicecase',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'closed'])), name='case_state_known'),
        ),
        migrations.AddConstraint(
            model_name='servicecase',
            constraint=models.CheckConstraint(condition=models.Q(('subject', ''), _negated=True), name='case_has_subject'),
        ),
        migrations.AddConstraint(
            model_name='servicecase',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_date__gte', models.F('opened_date')), ('state', 'closed'), ('closed_date__isnull', False)), models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_date', None)), _connector='OR'), name='case_closed_has_date'),
        ),
        migrations.AddConstraint(
            model_name='careevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('case__isnull', False), ('complaint', None)), models.Q(('case', None), ('complaint__isnull', False)), _connector='OR'), name='care_event_of_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='careevent',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['opened', 'answered', 'extension_asked', 'extended', 'extension_refused', 'closed', 'reopened'])), name='care_event_kind_known'),
        ),
        migrations.RunSQL(ONLY_ADDED_TO, FREE),
        migrations.RunSQL(NUMBER, 'DROP SEQUENCE journeys_care_number'),
    ]
