"""A decided application has the day of its decision: NULL no longer slips through the check."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('journeys', '0002_only_added_to'),
        ('merchants', '0001_initial'),
        ('portal', '0003_real_maker'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='application',
            name='application_decided_has_date',
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_date', None), ('state', 'filed')), models.Q(models.Q(('state', 'filed'), _negated=True), ('decided_date__gte', models.F('filed_date')), ('decided_date__isnull', False)), _connector='OR'), name='application_decided_has_date'),
        ),
    ]
