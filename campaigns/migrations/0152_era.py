"""Counts of branches by month, the rule by which their era is told, and what is to be counted anew."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0151_drawn_persons_marked'),
        ('portal', '0019_parts_of_authors'),
    ]

    operations = [
        migrations.CreateModel(
            name='EraMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first', models.DateField()),
                ('end', models.DateField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('end', None), ('end__gt', models.F('first')), _connector='OR'), name='era_mark_is_a_span')],
            },
        ),
        migrations.CreateModel(
            name='EraRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effective_date', models.DateField(unique=True, verbose_name='in force from')),
                ('months', models.PositiveSmallIntegerField(verbose_name='whole months judged together')),
                ('fewest_cards', models.PositiveIntegerField(help_text='With fewer cards of known origin the shares of cards are not known.', verbose_name='fewest cards')),
                ('known_percent', models.PositiveSmallIntegerField(help_text='A card without an application on file is of unknown origin.', verbose_name='cards of known origin at least (%)')),
                ('fewest_customers', models.PositiveIntegerField(help_text='With fewer customers in an average month the share reached is not known.', verbose_name='fewest customers')),
                ('pull_percent', models.PositiveSmallIntegerField(verbose_name='1.0 from cards by product pull (%)')),
                ('batch_percent', models.PositiveSmallIntegerField(verbose_name='2.0 from cards by batch acquisition (%)')),
                ('reached_percent', models.PositiveSmallIntegerField(verbose_name='3.0 from customers reached by targeted campaigns (%)')),
                ('partner_percent', models.PositiveSmallIntegerField(help_text='Beside the share of 3.0: an ecosystem is one of customers that are managed.', verbose_name='4.0 from spending at partners (%)')),
                ('source', models.TextField(verbose_name='source of the rule')),
            ],
            options={
                'verbose_name': 'rule of eras',
                'verbose_name_plural': 'rules of eras',
                'constraints': [models.CheckConstraint(condition=models.Q(('batch_percent__range', (1, 100)), ('fewest_cards__gte', 1), ('fewest_customers__gte', 1), ('known_percent__range', (1, 100)), ('months__range', (1, 24)), ('partner_percent__range', (1, 100)), ('pull_percent__range', (1, 100)), ('reached_percent__range', (1, 100)), models.Q(('source', ''), _negated=True)), name='era_rule_bounds')],
            },
        ),
        migrations.CreateModel(
            name='EraMonth',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(verbose_name='month')),
                ('cards', models.PositiveIntegerField(verbose_name='cards issued')),
                ('pulled', models.PositiveIntegerField(verbose_name='by product pull')),
                ('batched', models.PositiveIntegerField(verbose_name='by batch acquisition')),
                ('brought', models.PositiveIntegerField(verbose_name='brought by a customer')),
                ('customers', models.PositiveIntegerField(verbose_name='customers')),
                ('reached', models.PositiveIntegerField(verbose_name='reached')),
                ('spent', models.DecimalField(decimal_places=2, max_digits=18, verbose_name='spending (CNY)')),
                ('placed', models.DecimalField(decimal_places=2, max_digits=18, verbose_name='at known merchants (CNY)')),
                ('at_partners', models.DecimalField(decimal_places=2, max_digits=18, verbose_name='at partners (CNY)')),
                ('branch', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portal.branch')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('month', 'branch'), name='era_month_once'), models.CheckConstraint(condition=models.Q(('month__day', 1)), name='era_month_is_whole'), models.CheckConstraint(condition=models.Q(('at_partners__gte', 0), ('cards__gte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('pulled'), '+', models.F('batched')), '+', models.F('brought'))), ('customers__gte', models.F('reached')), ('placed__gte', models.F('at_partners')), ('spent__gte', models.F('placed'))), name='era_month_parts')],
            },
        ),
    ]
