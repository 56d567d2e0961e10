"""Plans of targets, scorecards with their rule, and the ledger of pay."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('journeys', '0181_activity_marks'),
        ('portal', '0019_parts_of_authors'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PayCard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='amount (CNY)')),
                ('card', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='journeys.card')),
            ],
        ),
        migrations.CreateModel(
            name='PayEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pay_month', models.DateField(verbose_name='month')),
                ('kind', models.CharField(choices=[('earned', 'Earned'), ('taken_back', 'Taken back')], max_length=12, verbose_name='kind')),
                ('actual', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ('goal', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ('points', models.DecimalField(decimal_places=2, max_digits=7, null=True)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='amount (CNY)')),
                ('because', models.CharField(blank=True, choices=[('closed', 'The card was closed soon after its issue'), ('unused', 'The card was never used'), ('complaint', 'A complaint about the seller was upheld')], default='', max_length=12)),
                ('at', models.DateTimeField(verbose_name='booked at')),
                ('staff', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('takes_back', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='taken', to='journeys.paycard')),
            ],
        ),
        migrations.AddField(
            model_name='paycard',
            name='entry',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='cards', to='journeys.payentry'),
        ),
        migrations.CreateModel(
            name='PayMonth',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(verbose_name='month')),
                ('carried_in', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='carried over from before')),
                ('earned', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='earned')),
                ('taken_back', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='taken back')),
                ('payable', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='to be paid')),
                ('carried_out', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='carried over')),
                ('closed_at', models.DateTimeField(verbose_name='closed at')),
                ('staff', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Scorecard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('version', models.PositiveSmallIntegerField(verbose_name='version')),
                ('first_date', models.DateField(verbose_name='in force from')),
                ('point_value', models.DecimalField(decimal_places=2, max_digits=10, verbose_name='a point (CNY)')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('waiting', 'Waits for approval'), ('approved', 'Approved')], default='draft', max_length=8, verbose_name='state')),
                ('made_at', models.DateTimeField(verbose_name='made at')),
                ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.branch')),
                ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('submission', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.submission')),
            ],
        ),
        migrations.CreateModel(
            name='ScorecardMeasure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('measure', models.CharField(max_length=40, verbose_name='measure')),
                ('kind', models.CharField(choices=[('volume', 'Volume'), ('quality', 'Quality'), ('compliance', 'Compliance'), ('risk', 'Risk'), ('service', 'Service')], max_length=12)),
                ('weight', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='weight (%)')),
                ('goal', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='goal of a month')),
                ('floor', models.PositiveSmallIntegerField(default=0, verbose_name='counts from (% of the goal)')),
                ('cap', models.PositiveSmallIntegerField(default=120, verbose_name='counts up to (% of the goal)')),
                ('unknown', models.PositiveSmallIntegerField(default=0, verbose_name='where nothing is known (%)')),
                ('scorecard', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='measures', to='journeys.scorecard')),
            ],
        ),
        migrations.AddField(
            model_name='payentry',
            name='measure',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='journeys.scorecardmeasure'),
        ),
        migrations.CreateModel(
            name='ScorecardRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effective_date', models.DateField(unique=True, verbose_name='in force from')),
                ('margin', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='points by which compliance and risk lead')),
                ('hold_months', models.PositiveSmallIntegerField(verbose_name='months in which a card may take back')),
                ('unused_days', models.PositiveSmallIntegerField(verbose_name='days after which a card counts as unused')),
                ('settle_day', models.PositiveSmallIntegerField(verbose_name='day of the next month that closes a month')),
                ('source', models.TextField(verbose_name='source of the rule')),
            ],
            options={
                'verbose_name': 'rule of scorecards',
                'verbose_name_plural': 'rules of scorecards',
                'constraints': [models.CheckConstraint(condition=models.Q(('hold_months__range', (1, 36)), ('margin__gt', 0), ('margin__lte', 50), ('settle_day__range', (1, 28)), ('unused_days__range', (1, 1100)), models.Q(('source', ''), _negated=True)), name='scorecard_rule_bounds')],
            },
        ),
        migrations.CreateModel(
            name='TargetNode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.branch')),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='journeys.targetnode')),
                ('staff', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.team')),
            ],
        ),
        migrations.CreateModel(
            name='TargetCell',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(verbose_name='month')),
                ('value', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='target')),
                ('node', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='cells', to='journeys.targetnode')),
            ],
        ),
        migrations.CreateModel(
            name='TargetPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('measure', models.CharField(max_length=40, verbose_name='measure')),
                ('is_additive', models.BooleanField()),
                ('period', models.CharField(choices=[('year', 'Year'), ('quarter', 'Quarter'), ('month', 'Month')], max_length=8, verbose_name='period')),
                ('first_date', models.DateField(verbose_name='first day')),
                ('basis', models.CharField(max_length=300, verbose_name='what it was planned from')),
                ('version', models.PositiveSmallIntegerField(default=1, verbose_name='version')),
                ('why', models.CharField(blank=True, default='', max_length=300, verbose_name='why it is replaced')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('waiting', 'Waits for approval'), ('approved', 'In force'), ('replaced', 'Replaced')], default='draft', max_length=8, verbose_name='state')),
                ('made_at', models.DateTimeField(verbose_name='made at')),
                ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.branch')),
                ('derives_from', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='journeys.targetnode')),
                ('owner', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('product', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='journeys.cardproduct')),
                ('replaces', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='journeys.targetplan')),
                ('submission', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.submission')),
            ],
        ),
        migrations.AddField(
            model_name='targetnode',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='nodes', to='journeys.targetplan'),
        ),
        migrations.AddConstraint(
            model_name='paycard',
            constraint=models.UniqueConstraint(fields=('entry', 'card'), name='pay_card_once'),
        ),
        migrations.AddConstraint(
            model_name='paycard',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='pay_card_not_negative'),
        ),
        migrations.AddIndex(
            model_name='paymonth',
            index=models.Index(fields=['-month', 'staff'], name='pay_month_newest'),
        ),
        migrations.AddConstraint(
            model_name='paymonth',
            constraint=models.UniqueConstraint(fields=('staff', 'month'), name='pay_month_once'),
        ),
        migrations.AddConstraint(
            model_name='paymonth',
            constraint=models.CheckConstraint(condition=models.Q(('carried_in__lte', 0), ('carried_out__lte', 0), ('earned__gte', 0), ('payable', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('carried_in'), '+', models.F('earned')), '+', models.F('taken_back')), '-', models.F('carried_out'))), ('payable__gte', 0), ('taken_back__lte', 0), models.Q(('payable', 0), ('carried_out', 0), _connector='OR')), name='pay_month_adds_up'),
        ),
        migrations.AddConstraint(
            model_name='paymonth',
            constraint=models.CheckConstraint(condition=models.Q(('month__day', 1)), name='pay_month_of_a_month'),
        ),
        migrations.AddIndex(
            model_name='scorecard',
            index=models.Index(fields=['-first_date', '-id'], name='scorecard_newest'),
        ),
        migrations.AddConstraint(
            model_name='scorecard',
            constraint=models.UniqueConstraint(fields=('branch', 'version'), name='scorecard_version_once'),
        ),
        migrations.AddConstraint(
            model_name='scorecard',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'approved')), fields=('branch', 'first_date'), name='scorecard_one_from_a_day'),
        ),
        migrations.AddConstraint(
            model_name='scorecard',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('reason', ''), _negated=True)), name='scorecard_said'),
        ),
        migrations.AddConstraint(
            model_name='scorecard',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'waiting', 'approved'])), name='scorecard_state_known'),
        ),
        migrations.AddConstraint(
            model_name='scorecard',
            constraint=models.CheckConstraint(condition=models.Q(('first_date__day', 1)), name='scorecard_from_a_month'),
        ),
        migrations.AddConstraint(
            model_name='scorecard',
            constraint=models.CheckConstraint(condition=models.Q(('point_value__gt', 0), ('point_value__lte', 10000)), name='scorecard_point_has_value'),
        ),
        migrations.AddConstraint(
            model_name='scorecard',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'draft'), ('submission__isnull', False), _connector='OR'), name='scorecard_submitted'),
        ),
        migrations.AddConstraint(
            model_name='scorecardmeasure',
            constraint=models.UniqueConstraint(fields=('scorecard', 'measure'), name='scorecard_measure_once'),
        ),
        migrations.AddConstraint(
            model_name='scorecardmeasure',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['volume', 'quality', 'compliance', 'risk', 'service']), models.Q(('measure', ''), _negated=True)), name='scorecard_measure_known'),
        ),
        migrations.AddConstraint(
            model_name='scorecardmeasure',
            constraint=models.CheckConstraint(condition=models.Q(('cap__range', (100, 300)), ('floor__lte', 100), ('goal__gte', 0), ('unknown__lte', 100), ('weight__gt', 0), ('weight__lte', 100)), name='scorecard_measure_bounds'),
        ),
        migrations.AddIndex(
            model_name='payentry',
            index=models.Index(fields=['staff', '-pay_month', 'id'], name='pay_entry_of_staff'),
        ),
        migrations.AddConstraint(
            model_name='payentry',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'earned')), fields=('staff', 'pay_month', 'measure'), name='pay_entry_earned_once'),
        ),
        migrations.AddConstraint(
            model_name='payentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__gte', 0), ('because', ''), ('goal__isnull', False), ('kind', 'earned'), ('points__isnull', False), ('takes_back', None)), models.Q(('actual', None), ('amount__lt', 0), ('because__in', ['closed', 'unused', 'complaint']), ('goal', None), ('kind', 'taken_back'), ('points', None), ('takes_back__isnull', False)), _connector='OR'), name='pay_entry_of_its_kind'),
        ),
        migrations.AddConstraint(
            model_name='payentry',
            constraint=models.CheckConstraint(condition=models.Q(('pay_month__day', 1)), name='pay_entry_of_a_month'),
        ),
        migrations.AddConstraint(
            model_name='targetcell',
            constraint=models.UniqueConstraint(fields=('node', 'month'), name='target_cell_once'),
        ),
        migrations.AddConstraint(
            model_name='targetcell',
            constraint=models.CheckConstraint(condition=models.Q(('value__gte', 0)), name='target_cell_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='targetcell',
            constraint=models.CheckConstraint(condition=models.Q(('month__day', 1)), name='target_cell_of_a_month'),
        ),
        migrations.AddIndex(
            model_name='targetplan',
            index=models.Index(fields=['-first_date', '-id'], name='target_plan_newest'),
        ),
        migrations.AddConstraint(
            model_name='targetplan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('measure', ''), _negated=True), models.Q(('basis', ''), _negated=True)), name='target_plan_said'),
        ),
        migrations.AddConstraint(
            model_name='targetplan',
            constraint=models.CheckConstraint(condition=models.Q(('period__in', ['year', 'quarter', 'month']), ('state__in', ['draft', 'waiting', 'approved', 'replaced'])), name='target_plan_known'),
        ),
        migrations.AddConstraint(
            model_name='targetplan',
            constraint=models.CheckConstraint(condition=models.Q(('first_date__day', 1)), name='target_plan_from_a_month'),
        ),
        migrations.AddConstraint(
            model_name='targetplan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('replaces', None), ('version', 1), ('why', '')), models.Q(('replaces__isnull', False), ('version__gt', 1), models.Q(('why', ''), _negated=True)), _connector='OR'), name='target_plan_version_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='targetplan',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'draft'), ('submission__isnull', False), _connector='OR'), name='target_plan_submitted'),
        ),
        migrations.AddConstraint(
            model_name='targetplan',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'approved')), fields=('measure', 'branch', 'product', 'period', 'first_date'), name='target_plan_one_in_force', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='targetnode',
            constraint=models.UniqueConstraint(fields=('plan', 'branch', 'team', 'staff'), name='target_node_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='targetnode',
            constraint=models.UniqueConstraint(condition=models.Q(('parent', None)), fields=('plan',), name='target_node_one_root'),
        ),
        migrations.AddConstraint(
            model_name='targetnode',
            constraint=models.CheckConstraint(condition=models.Q(('team', None), ('staff', None), _connector='OR'), name='target_node_of_one'),
        ),
    ]
