"""Negotiations: stages, offers, figures, signed terms, reminders."""

import django.db.models.deletion
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('merchants', '0015_merged_and_led'),
        ('portal', '0018_imports_again'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Negotiation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('first', 'First contract'), ('renewal', 'Renewal'), ('amendment', 'Amendment')], max_length=10, verbose_name='what about')),
                ('opened_at', models.DateTimeField(verbose_name='opened at')),
                ('stage', models.CharField(blank=True, choices=[('opening', 'Opening'), ('needs', 'Needs'), ('proposal', 'Proposal'), ('bargaining', 'Bargaining'), ('agreement', 'Agreement'), ('signing', 'Signing'), ('review', 'Review'), ('closed', 'Closed'), ('lost', 'Lost')], max_length=10, verbose_name='stage')),
                ('since', models.DateField(null=True, verbose_name='in the stage since')),
                ('moved', models.PositiveIntegerField(default=0)),
                ('contract', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='merchants.merchantcontract')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='negotiations', to='merchants.partnership')),
            ],
        ),
        migrations.CreateModel(
            name='NegotiationRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effective_date', models.DateField(unique=True, verbose_name='in force from')),
                ('most_cost_share', models.PositiveSmallIntegerField(verbose_name="bank's share of the cost up to (%)")),
                ('most_months', models.PositiveSmallIntegerField(verbose_name='term up to (months)')),
                ('most_paid', models.PositiveIntegerField(verbose_name='bank pays up to (CNY a year)')),
                ('most_conceded', models.PositiveIntegerField(verbose_name='bank gives up to (CNY a year)')),
                ('quiet_days', models.PositiveSmallIntegerField(verbose_name='days without a step')),
                ('renewal_days', models.PositiveSmallIntegerField(verbose_name='days before the end of a contract')),
                ('source', models.TextField(verbose_name='source of the rule')),
            ],
            options={
                'verbose_name': 'rule of negotiations',
                'verbose_name_plural': 'rules of negotiations',
                'constraints': [models.CheckConstraint(condition=models.Q(('most_cost_share__lte', 100), ('most_months__range', (1, 120)), ('quiet_days__range', (1, 365)), ('renewal_days__range', (1, 730)), models.Q(('source', ''), _negated=True)), name='negotiation_rule_bounds')],
            },
        ),
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('round', models.PositiveSmallIntegerField(verbose_name='round')),
                ('side', models.CharField(choices=[('bank', 'Bank'), ('merchant', 'Merchant')], max_length=8, verbose_name='side')),
                ('cost_share', models.DecimalField(decimal_places=2, max_digits=5)),
                ('gain_share', models.DecimalField(decimal_places=2, max_digits=5)),
                ('discount', models.DecimalField(decimal_places=2, max_digits=5)),
                ('exclusivity', models.CharField(choices=[('none', 'With anybody'), ('scenario', 'With us alone for the same kind of offer'), ('full', 'With us alone for any offer on cards')], max_length=8)),
                ('months', models.PositiveSmallIntegerField()),
                ('posts', models.PositiveSmallIntegerField()),
                ('minimum_turnover', models.DecimalField(decimal_places=2, max_digits=14)),
                ('data_clause', models.CharField(choices=[('none', 'Nothing'), ('totals', 'Totals only, no single customer'), ('clause', 'Single customers, by a signed clause')], max_length=8)),
                ('words', models.TextField(blank=True, verbose_name='remarks')),
                ('on_date', models.DateField(verbose_name='on')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('negotiation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offers', to='merchants.negotiation')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('renewal', 'A contract comes to its end'), ('quiet', 'A negotiation stands still')], max_length=8)),
                ('key', models.CharField(max_length=60, unique=True)),
                ('raised_date', models.DateField(verbose_name='raised on')),
                ('due_date', models.DateField(verbose_name='due on')),
                ('state', models.CharField(choices=[('open', 'Reminder open'), ('done', 'Followed by a step'), ('dismissed', 'Reminder set aside')], default='open', max_length=10)),
                ('settled_at', models.DateTimeField(null=True)),
                ('words', models.TextField(blank=True, verbose_name='why it was set aside')),
                ('contract', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='merchants.merchantcontract')),
                ('negotiation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='merchants.negotiation')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='merchants.partnership')),
                ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='SignedTerms',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('signed_date', models.DateField(verbose_name='signed on')),
                ('first_date', models.DateField(verbose_name='holds from')),
                ('last_date', models.DateField(verbose_name='last day')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('change', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='merchants.phasechange')),
                ('clause', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='signed_terms', to='merchants.dataclause')),
                ('contract', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='signed_terms', to='merchants.merchantcontract')),
                ('negotiation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='signed', to='merchants.negotiation')),
                ('offer', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='merchants.offer')),
                ('signed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='StageChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('from_stage', models.CharField(blank=True, choices=[('opening', 'Opening'), ('needs', 'Needs'), ('proposal', 'Proposal'), ('bargaining', 'Bargaining'), ('agreement', 'Agreement'), ('signing', 'Signing'), ('review', 'Review'), ('closed', 'Closed'), ('lost', 'Lost')], max_length=10)),
                ('to_stage', models.CharField(choices=[('opening', 'Opening'), ('needs', 'Needs'), ('proposal', 'Proposal'), ('bargaining', 'Bargaining'), ('agreement', 'Agreement'), ('signing', 'Signing'), ('review', 'Review'), ('closed', 'Closed'), ('lost', 'Lost')], max_length=10)),
                ('on_date', models.DateField(verbose_name='on')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('reason', models.TextField(verbose_name='reason')),
                ('refusal', models.CharField(blank=True, choices=[('unaware', 'Not aware of the use'), ('not_urgent', 'The need is not urgent'), ('need_missed', 'The real need was missed')], max_length=12, verbose_name='root of the refusal')),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('approval', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.submission')),
                ('negotiation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='merchants.negotiation')),
                ('offer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='merchants.offer')),
            ],
        ),
        migrations.CreateModel(
            name='TermsFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(choices=[('turnover', 'Card turnover at the merchant a year'), ('joint_cost', 'Cost of joint activities a year'), ('joint_gain', 'Gain of joint activities a year'), ('post_cost', 'Cost of one on-site post a year')], max_length=12, verbose_name='figure')),
                ('value', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='CNY a year')),
                ('source', models.CharField(max_length=200, verbose_name='source')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('negotiation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='figures', to='merchants.negotiation')),
            ],
        ),
        migrations.CreateModel(
            name='TermsRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('after', models.PositiveIntegerField()),
                ('reason', models.TextField(verbose_name='reason')),
                ('asked_at', models.DateTimeField(verbose_name='asked at')),
                ('state', models.CharField(choices=[('waiting', 'Waits for a second person'), ('approved', 'Move approved'), ('returned', 'Move not approved')], default='waiting', max_length=8)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('negotiation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='merchants.negotiation')),
                ('offer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='merchants.offer')),
                ('submission', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.submission')),
            ],
        ),
        migrations.AddIndex(
            model_name='negotiation',
            index=models.Index(fields=['stage', 'since', 'id'], name='negotiation_of_stage'),
        ),
        migrations.AddConstraint(
            model_name='negotiation',
            constraint=models.UniqueConstraint(condition=models.Q(('stage__in', ['review', 'closed', 'lost']), _negated=True), fields=('partnership',), name='negotiation_in_talks_once'),
        ),
        migrations.AddConstraint(
            model_name='negotiation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('contract', None), ('purpose', 'first')), models.Q(('contract__isnull', False), ('purpose__in', ['renewal', 'amendment'])), _connector='OR'), name='negotiation_is_about_a_contract'),
        ),
        migrations.AddConstraint(
            model_name='negotiation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('moved', 0), ('since', None), ('stage', '')), models.Q(('moved__gte', 1), ('since__isnull', False), ('stage__in', ['opening', 'needs', 'proposal', 'bargaining', 'agreement', 'signing', 'review', 'closed', 'lost'])), _connector='OR'), name='negotiation_stage_is_told'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.UniqueConstraint(fields=('negotiation', 'number'), name='offer_number_once'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.UniqueConstraint(fields=('negotiation', 'round', 'side'), name='offer_of_round_once'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(('cost_share__range', (Decimal('0'), Decimal('100'))), ('discount__range', (Decimal('0'), Decimal('100'))), ('gain_share__range', (Decimal('0'), Decimal('100')))), name='offer_shares_are_shares'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(('minimum_turnover__gte', 0), ('months__range', (1, 120)), ('posts__lte', 50)), name='offer_terms_bounded'),
        ),
        migrations.AddConstraint(
            model_name='offer',
            constraint=models.CheckConstraint(condition=models.Q(('data_clause__in', ['none', 'totals', 'clause']), ('exclusivity__in', ['none', 'scenario', 'full']), ('side__in', ['bank', 'merchant'])), name='offer_words_known'),
        ),
        migrations.AddIndex(
            model_name='reminder',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['partnership', 'due_date'], name='reminder_open'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('contract__isnull', False), ('kind', 'renewal'), ('negotiation', None)), models.Q(('contract', None), ('kind', 'quiet'), ('negotiation__isnull', False)), _connector='OR'), name='reminder_names_its_cause'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at', None), ('settled_by', None), ('state', 'open'), ('words', '')), models.Q(('settled_at__isnull', False), ('state', 'done'), ('words', '')), models.Q(('settled_at__isnull', False), ('settled_by__isnull', False), ('state', 'dismissed'), models.Q(('words', ''), _negated=True)), _connector='OR'), name='reminder_settled_whole'),
        ),
        migrations.AddConstraint(
            model_name='signedterms',
            constraint=models.CheckConstraint(condition=models.Q(('last_date__gt', models.F('first_date')), ('signed_date__lte', models.F('last_date'))), name='signed_terms_days_in_order'),
        ),
        migrations.AddConstraint(
            model_name='stagechange',
            constraint=models.UniqueConstraint(fields=('negotiation', 'number'), name='stage_change_once'),
        ),
        migrations.AddConstraint(
            model_name='stagechange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('from_stage', ''), ('to_stage', 'opening')), models.Q(('from_stage', 'opening'), ('to_stage', 'needs')), models.Q(('from_stage', 'needs'), ('to_stage', 'proposal')), models.Q(('from_stage', 'proposal'), ('to_stage', 'bargaining')), models.Q(('from_stage', 'proposal'), ('to_stage', 'agreement')), models.Q(('from_stage', 'proposal'), ('to_stage', 'needs')), models.Q(('from_stage', 'bargaining'), ('to_stage', 'agreement')), models.Q(('from_stage', 'bargaining'), ('to_stage', 'needs')), models.Q(('from_stage', 'agreement'), ('to_stage', 'signing')), models.Q(('from_stage', 'agreement'), ('to_stage', 'bargaining')), models.Q(('from_stage', 'signing'), ('to_stage', 'review')), models.Q(('from_stage', 'signing'), ('to_stage', 'bargaining')), models.Q(('from_stage', 'review'), ('to_stage', 'closed')), models.Q(('from_stage', 'opening'), ('to_stage', 'lost')), models.Q(('from_stage', 'needs'), ('to_stage', 'lost')), models.Q(('from_stage', 'proposal'), ('to_stage', 'lost')), models.Q(('from_stage', 'bargaining'), ('to_stage', 'lost')), models.Q(('from_stage', 'agreement'), ('to_stage', 'lost')), models.Q(('from_stage', 'signing'), ('to_stage', 'lost')), _connector='OR'), name='stage_change_allowed'),
        ),
        migrations.AddConstraint(
            model_name='stagechange',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='stage_change_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='stagechange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('offer__isnull', False), ('to_stage', 'agreement')), models.Q(models.Q(('to_stage', 'agreement'), _negated=True), ('offer', None)), _connector='OR'), name='stage_change_agrees_on_an_offer'),
        ),
        migrations.AddConstraint(
            model_name='stagechange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('refusal__in', ['unaware', 'not_urgent', 'need_missed']), ('to_stage', 'lost')), models.Q(models.Q(('to_stage', 'lost'), _negated=True), ('refusal', '')), _connector='OR'), name='stage_change_lost_has_root'),
        ),
        migrations.AddIndex(
            model_name='termsfigure',
            index=models.Index(fields=['negotiation', 'code', 'id'], name='terms_figure_latest'),
        ),
        migrations.AddConstraint(
            model_name='termsfigure',
            constraint=models.CheckConstraint(condition=models.Q(('code__in', ['turnover', 'joint_cost', 'joint_gain', 'post_cost']), ('value__gte', 0), models.Q(('source', ''), _negated=True)), name='terms_figure_has_source'),
        ),
        migrations.AddConstraint(
            model_name='termsrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('negotiation',), name='terms_request_waits_once'),
        ),
        migrations.AddConstraint(
            model_name='termsrequest',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'approved', 'returned'])), name='terms_request_state_known'),
        ),
        migrations.AddConstraint(
            model_name='termsrequest',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='terms_request_has_reason'),
        ),
    ]
