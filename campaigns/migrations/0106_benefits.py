"""Member benefits in hand, how often each can still be used, and what was used before it was lost."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("campaigns", "0105_sharing_marked"),
        ('journeys', '0096_refusals_outlive_phones'),
        ('merchants', '0002_numbers_in_addresses'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='lowertier',
            name='answer',
            field=models.CharField(choices=[('granted', 'Gets the reward'), ('had_before', 'Had it before'), ('control', 'Control group: left out for comparison'), ('not_in_use', 'Card not activated and used yet'), ('closed', 'Card closed since'), ('had_elsewhere', 'Had the reward of a campaign that rules this one out'), ('too_late', 'Its last day of use is over'), ('stock_out', 'Out of stock'), ('over_budget_total', 'The budget is used up'), ('over_budget_day', 'The budget of the day is used up'), ('over_budget_branch', 'The budget of the branch is used up'), ('over_budget_customer', "The customer's limit is reached"), ('over_budget_party', "A party's share is used up"), ('not_reached', 'No lower tier is reached'), ('vetoed', 'The version was vetoed: nothing is given by it any more')], max_length=20, verbose_name='answer'),
        ),
        migrations.CreateModel(
            name='Benefit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uses', models.PositiveSmallIntegerField(verbose_name='uses')),
                ('left', models.PositiveSmallIntegerField(verbose_name='left')),
                ('from_date', models.DateField(verbose_name='granted on')),
                ('end_date', models.DateField(null=True, verbose_name='ends before')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='benefits', to='campaigns.campaign')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='benefits', to='journeys.customer')),
                ('grant', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='benefit', to='campaigns.grant')),
            ],
        ),
        migrations.CreateModel(
            name='BenefitEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('use', 'Used'), ('undo', 'Use undone'), ('expire', 'Expired'), ('reopen', 'Expiry undone: a use came late'), ('take_back', 'Taken back'), ('restore', 'Given back')], max_length=9, verbose_name='kind')),
                ('units', models.SmallIntegerField(verbose_name='units')),
                ('used_date', models.DateField(null=True, verbose_name='used on')),
                ('place', models.CharField(blank=True, max_length=80, verbose_name='place')),
                ('reference', models.CharField(blank=True, max_length=40, verbose_name='voucher')),
                ('round', models.PositiveSmallIntegerField(default=1)),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('at', models.DateTimeField(verbose_name='recorded at')),
                ('benefit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='campaigns.benefit')),
                ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='journeys.customer')),
                ('merchant', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='merchants.merchant')),
                ('recorded_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('undoes', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone_by', to='campaigns.benefitentry')),
            ],
        ),
        migrations.CreateModel(
            name='UsedBefore',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('used', models.PositiveSmallIntegerField(verbose_name='used')),
                ('worth', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='worth (CNY)')),
                ('noted_at', models.DateTimeField(verbose_name='noted at')),
                ('outcome', models.CharField(blank=True, choices=[('paid', 'Paid back by the customer'), ('waived', 'Borne by the bank'), ('restored', 'The rest was given back to the customer'), ('undone', 'Not used after all')], max_length=8, verbose_name='outcome')),
                ('words', models.CharField(blank=True, max_length=200, verbose_name='what was agreed')),
                ('settled_at', models.DateTimeField(null=True, verbose_name='settled at')),
                ('benefit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='used_before', to='campaigns.benefit')),
                ('settled_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddIndex(
            model_name='benefit',
            index=models.Index(condition=models.Q(('end_date__isnull', False), ('left__gt', 0)), fields=['end_date'], name='benefit_due'),
        ),
        migrations.AddConstraint(
            model_name='benefit',
            constraint=models.CheckConstraint(condition=models.Q(('uses__gte', 1)), name='benefit_has_uses'),
        ),
        migrations.AddConstraint(
            model_name='benefit',
            constraint=models.CheckConstraint(condition=models.Q(('left__gte', 0), ('left__lte', models.F('uses'))), name='benefit_left_within_uses'),
        ),
        migrations.AddConstraint(
            model_name='benefit',
            constraint=models.CheckConstraint(condition=models.Q(('end_date', None), ('end_date__gt', models.F('from_date')), _connector='OR'), name='benefit_ends_after_grant'),
        ),
        migrations.AddIndex(
            model_name='benefitentry',
            index=models.Index(fields=['customer', '-at', '-id'], name='benefit_entry_of_customer'),
        ),
        migrations.AddConstraint(
            model_name='benefitentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['undo', 'reopen', 'restore']), ('undoes__isnull', False), ('units__gt', 0)), models.Q(('kind__in', ['use', 'expire', 'take_back']), ('undoes', None), ('units__lt', 0)), _connector='OR'), name='benefit_entry_moves_as_its_kind'),
        ),
        migrations.AddConstraint(
            model_name='benefitentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'use'), ('used_date__isnull', False)), models.Q(models.Q(('kind', 'use'), _negated=True), ('merchant', None), ('place', ''), ('reference', ''), ('round', 1), ('used_date', None)), _connector='OR'), name='benefit_entry_use_has_day'),
        ),
        migrations.AddConstraint(
            model_name='benefitentry',
            constraint=models.CheckConstraint(condition=models.Q(('reference', ''), ('merchant__isnull', False), _connector='OR'), name='benefit_entry_voucher_of_partner'),
        ),
        migrations.AddConstraint(
            model_name='benefitentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['undo', 'restore']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='benefit_entry_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='benefitentry',
            constraint=models.CheckConstraint(condition=models.Q(('round', 1), models.Q(('round__gt', 1), models.Q(('reference', ''), _negated=True)), _connector='OR'), name='benefit_entry_round_counts'),
        ),
        migrations.AddConstraint(
            model_name='benefitentry',
            constraint=models.UniqueConstraint(condition=models.Q(('reference', ''), _negated=True), fields=('merchant', 'reference', 'round'), name='benefit_voucher_once'),
        ),
        migrations.AddIndex(
            model_name='usedbefore',
            index=models.Index(condition=models.Q(('outcome', '')), fields=['-noted_at', '-id'], name='used_before_open'),
        ),
        migrations.AddConstraint(
            model_name='usedbefore',
            constraint=models.CheckConstraint(condition=models.Q(('used__gte', 1), ('worth__gt', 0)), name='used_before_is_some'),
        ),
        migrations.AddConstraint(
            model_name='usedbefore',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', ''), ('settled_at', None), ('settled_by', None), ('words', '')), models.Q(('outcome', 'undone'), ('settled_at__isnull', False)), models.Q(('outcome__in', ['paid', 'waived', 'restored']), ('settled_at__isnull', False), ('settled_by__isnull', False), models.Q(('words', ''), _negated=True)), _connector='OR'), name='used_before_settled_whole'),
        ),
        migrations.AddConstraint(
            model_name='usedbefore',
            constraint=models.UniqueConstraint(condition=models.Q(('outcome', '')), fields=('benefit',), name='used_before_open_once'),
        ),
    ]
