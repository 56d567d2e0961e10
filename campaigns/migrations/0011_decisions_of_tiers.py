"""Decisions know the tiers reached and what became of the reward."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0010_runs_in_two_phases")]
    operations = [
        migrations.AddField(
            model_name='decision',
            name='award',
            field=models.CharField(blank=True, max_length=20, verbose_name='reward'),
        ),
        migrations.AddField(
            model_name='decision',
            name='awarded',
            field=models.DecimalField(decimal_places=2, max_digits=12, null=True, verbose_name='awarded (CNY)'),
        ),
        migrations.AddField(
            model_name='decision',
            name='came_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='decision',
            name='decided_date',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='decision',
            name='reached',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), default=list, size=None),
        ),
        migrations.AlterField(
            model_name='decision',
            name='outcome',
            field=models.CharField(choices=[('qualified', 'Qualified'), ('no_card', 'No card of this campaign'), ('not_qualified', 'Not qualified'), ('no_tier', 'Reaches no tier'), ('other_branch', 'Customer of another branch')], max_length=14, verbose_name='outcome'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('award', ''), ('awarded', None)), models.Q(models.Q(('award', ''), _negated=True), ('awarded__isnull', False), ('outcome', 'qualified')), _connector='OR'), name='decision_award_of_qualified'),
        ),
    ]
