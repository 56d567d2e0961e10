"""What parties carry over is not bound to a yuan: each reward that is taken back gives back exactly
what it was charged, and after many of them the odd cents add up."""

from decimal import Decimal

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0100_contacts_marked")]
    operations = [
        migrations.RemoveConstraint(model_name='budgetlimit', name='limit_carries_for_parties'),
        migrations.AlterField(
            model_name='budgetlimit',
            name='carried',
            field=models.DecimalField(decimal_places=6, default=Decimal('0'), max_digits=18),
        ),
        migrations.AddConstraint(
            model_name='budgetlimit',
            constraint=models.CheckConstraint(
                condition=models.Q(('carried', 0), ('kind', 'party'), _connector='OR'),
                name='limit_carries_for_parties',
            ),
        ),
    ]
