"""The calendar of rest days and workdays."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("journeys", "0012_contact_hours"),
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarDay',
            fields=[
                ('day', models.DateField(primary_key=True, serialize=False, verbose_name='day')),
                ('is_workday', models.BooleanField()),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('source', models.TextField(verbose_name='source')),
            ],
        ),
        migrations.CreateModel(
            name='CalendarYear',
            fields=[
                ('year', models.PositiveSmallIntegerField(primary_key=True, serialize=False, verbose_name='year')),
                ('source', models.TextField(verbose_name='source')),
                ('is_assumed', models.BooleanField(default=False)),
            ],
        ),
        migrations.AddConstraint(
            model_name='calendarday',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='calendar_day_has_name'),
        ),
        migrations.AddConstraint(
            model_name='calendaryear',
            constraint=models.CheckConstraint(condition=models.Q(('year__gte', 2000), ('year__lte', 2199)), name='calendar_year_in_range'),
        ),
    ]
