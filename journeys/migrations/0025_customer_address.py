"""A customer's postal address, sealed like the phone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journeys", "0023_stage_levels_follow")]
    operations = [
        migrations.AddField(
            model_name='customer',
            name='address_sealed',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='customer',
            name='address_index',
            field=models.BinaryField(max_length=17, null=True),
        ),
        migrations.AddField(
            model_name='customer',
            name='address_masked',
            field=models.CharField(blank=True, db_default='', default='', max_length=80, verbose_name='postal address'),
        ),
        migrations.AddConstraint(
            model_name='customer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('address_index', None), ('address_sealed', None)), models.Q(('address_index__isnull', False), ('address_sealed__isnull', False)), _connector='OR'), name='customer_address_sealed_with_index'),
        ),
    ]
