"""The latest entries of a customer's points, and their sum, come from one index."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journeys", "0020_customer_search")]
    operations = [
        migrations.AddIndex(
            "pointsentry",
            models.Index(
                fields=["customer", "on_date", "id"],
                include=["points"],
                name="points_customer_day",
            ),
        ),
        migrations.AlterField(
            "pointsentry",
            "customer",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="points",
                to="journeys.customer",
            ),
        ),
    ]
