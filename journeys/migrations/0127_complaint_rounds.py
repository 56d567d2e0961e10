"""The rounds of complaints that are over, and the day on which an extension was allowed."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("journeys", "0126_instants_of_postings"),
        ('portal', '0017_titles_fixed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ComplaintRound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('opened_date', models.DateField()),
                ('limit_days', models.PositiveSmallIntegerField()),
                ('extension_days', models.PositiveSmallIntegerField()),
                ('due_date', models.GeneratedField(db_persist=True, expression=models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('opened_date'), '+', models.F('limit_days')), '+', models.F('extension_days')), output_field=models.DateField()), output_field=models.DateField())),
                ('answered_date', models.DateField(null=True)),
                ('closed_date', models.DateField(null=True)),
                ('cause_kind', models.CharField(blank=True, choices=[('campaign', 'Campaign version'), ('script', 'Message text or call script'), ('staff', 'Member of staff'), ('product', 'Card product or its terms'), ('process', 'Process or system'), ('unfounded', 'No fault found')], max_length=10)),
                ('cause_reference', models.CharField(blank=True, max_length=80)),
            ],
        ),
        migrations.AddField(
            model_name='complaint',
            name='extended_date',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='complaintround',
            name='cause_staff',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='complaintround',
            name='complaint',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='journeys.complaint'),
        ),
        migrations.AddConstraint(
            model_name='complaintround',
            constraint=models.UniqueConstraint(fields=('complaint', 'number'), name='complaint_round_once'),
        ),
        migrations.AddConstraint(
            model_name='complaintround',
            constraint=models.CheckConstraint(condition=models.Q(('limit_days__gte', 1), ('number__gte', 1)), name='complaint_round_counted'),
        ),
        migrations.AddConstraint(
            model_name='complaintround',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_date', None), ('answered_date__gte', models.F('opened_date')), _connector='OR'), models.Q(('closed_date', None), ('answered_date', None), ('closed_date__gte', models.F('answered_date')), _connector='OR')), name='complaint_round_in_order'),
        ),
    ]
