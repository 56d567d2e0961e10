"""What one customer paid at most, of each sum of customers. Of what stands it is not known and taken
for all of it, so that nothing of it is handed over before it is counted again."""

from decimal import Decimal

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("merchants", "0034_one_post_at_a_time")]
    operations = [
        migrations.AddField(
            model_name="merchantreach",
            name="largest",
            field=models.DecimalField(
                decimal_places=2, default=Decimal(0), max_digits=18,
                verbose_name="most of one customer",
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(
            "UPDATE merchants_merchantreach SET largest = amount", migrations.RunSQL.noop
        ),
        migrations.AddConstraint(
            model_name="merchantreach",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("largest__gt", 0), ("largest__lte", models.F("amount"))
                ),
                name="reach_largest_within",
            ),
        ),
    ]  # fmt: skip
