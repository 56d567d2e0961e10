"""Books of budgets: limits, and the ledger that what is used of them is the sum of."""

from decimal import Decimal

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("campaigns", "0021_grant_reversals"),
        ("journeys", "0045_erasure_asked_anew"),
        ("portal", "0010_tokens_fixed"),
    ]
    operations = [
        migrations.CreateModel(
            name='BudgetBook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opened_at', models.DateTimeField()),
                ('refused_at', models.DateTimeField(null=True)),
                ('refused_kind', models.CharField(blank=True, choices=[('stock', 'Stock of a reward'), ('campaign', 'Whole campaign'), ('day', 'A day'), ('branch', 'A branch and those below it'), ('customer', 'One customer'), ('party', 'Who bears the cost')], max_length=8)),
            ],
        ),
        migrations.CreateModel(
            name='BudgetEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('reserve', 'Charged'), ('release', 'Given back')], max_length=8, verbose_name='kind')),
                ('day', models.DateField(verbose_name='day')),
                ('tier', models.CharField(max_length=40, verbose_name='reward')),
                ('party', models.CharField(max_length=40, verbose_name='borne by')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='amount (CNY)')),
                ('units', models.SmallIntegerField(default=0)),
                ('at', models.DateTimeField(verbose_name='booked at')),
            ],
        ),
        migrations.CreateModel(
            name='BudgetLimit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('stock', 'Stock of a reward'), ('campaign', 'Whole campaign'), ('day', 'A day'), ('branch', 'A branch and those below it'), ('customer', 'One customer'), ('party', 'Who bears the cost')], max_length=8, verbose_name='kind')),
                ('key', models.CharField(blank=True, max_length=40)),
                ('planned', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ('most', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ('used', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=14, verbose_name='used')),
                ('carried', models.DecimalField(decimal_places=6, default=Decimal('0'), max_digits=10)),
            ],
        ),
        migrations.AddField(
            model_name='budgetbook',
            name='campaign',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='books', to='campaigns.campaign'),
        ),
        migrations.AddField(
            model_name='budgetbook',
            name='run',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='book', to='campaigns.run'),
        ),
        migrations.AddField(
            model_name='budgetbook',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='campaigns.campaignversion'),
        ),
        migrations.AddField(
            model_name='budgetentry',
            name='book',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='campaigns.budgetbook'),
        ),
        migrations.AddField(
            model_name='budgetentry',
            name='branch',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.branch'),
        ),
        migrations.AddField(
            model_name='budgetentry',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='journeys.customer'),
        ),
        migrations.AddField(
            model_name='budgetentry',
            name='grant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='campaigns.grant', db_index=False),
        ),
        migrations.AddField(
            model_name='budgetlimit',
            name='book',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='limits', to='campaigns.budgetbook'),
        ),
        migrations.AddField(
            model_name='budgetlimit',
            name='branch',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.branch'),
        ),
        migrations.AddField(
            model_name='budgetlimit',
            name='customer',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='journeys.customer'),
        ),
        migrations.AddConstraint(
            model_name='budgetbook',
            constraint=models.UniqueConstraint(condition=models.Q(('run', None)), fields=('campaign',), name='book_one_live'),
        ),
        migrations.AddConstraint(
            model_name='budgetbook',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('refused_at', None), ('refused_kind', '')), models.Q(('refused_at__isnull', False), models.Q(('refused_kind', ''), _negated=True)), _connector='OR'), name='book_refusal_has_kind'),
        ),
        migrations.AddIndex(
            model_name='budgetentry',
            index=models.Index(fields=['book', '-id'], name='entry_of_book'),
        ),
        migrations.AddIndex(
            model_name='budgetentry',
            index=models.Index(fields=['book', 'day'], name='entry_of_day'),
        ),
        migrations.AddConstraint(
            model_name='budgetentry',
            constraint=models.UniqueConstraint(fields=('grant', 'kind', 'party'), name='entry_once'),
        ),
        migrations.AddConstraint(
            model_name='budgetentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__gte', 0), ('kind', 'reserve'), ('units__gte', 0)), models.Q(('amount__lte', 0), ('kind', 'release'), ('units__lte', 0)), _connector='OR'), name='entry_sign_follows_kind'),
        ),
        migrations.AddConstraint(
            model_name='budgetentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount', 0), _negated=True), models.Q(('units', 0), _negated=True), _connector='OR'), name='entry_moves_something'),
        ),
        migrations.AddConstraint(
            model_name='budgetlimit',
            constraint=models.UniqueConstraint(fields=('book', 'kind', 'key'), name='limit_once'),
        ),
        migrations.AddConstraint(
            model_name='budgetlimit',
            constraint=models.CheckConstraint(condition=models.Q(('used__gte', 0), models.Q(('most', None), ('used__lte', models.F('most')), _connector='OR')), name='limit_holds'),
        ),
        migrations.AddConstraint(
            model_name='budgetlimit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('most', None), ('planned', None)), models.Q(('most__gte', models.F('planned')), ('most__isnull', False), ('planned__isnull', False)), _connector='OR'), name='limit_as_planned'),
        ),
        migrations.AddConstraint(
            model_name='budgetlimit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('branch__isnull', False), ('kind', 'branch')), models.Q(models.Q(('kind', 'branch'), _negated=True), ('branch', None)), _connector='OR'), models.Q(models.Q(('customer__isnull', False), ('kind', 'customer')), models.Q(models.Q(('kind', 'customer'), _negated=True), ('customer', None)), _connector='OR'), models.Q(models.Q(('key', ''), ('kind', 'campaign')), models.Q(models.Q(('kind', 'campaign'), _negated=True), models.Q(('key', ''), _negated=True)), _connector='OR')), name='limit_names_its_thing'),
        ),
        migrations.AddConstraint(
            model_name='budgetlimit',
            constraint=models.CheckConstraint(condition=models.Q(('carried', 0), models.Q(('carried__gt', -1), ('carried__lt', 1), ('kind', 'party')), _connector='OR'), name='limit_carries_for_parties'),
        ),
    ]
