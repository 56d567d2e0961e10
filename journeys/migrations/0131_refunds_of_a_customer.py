"""What was given back to a customer is found by an index of refunds alone."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("journeys", "0130_search_as_typed")]

    operations: ClassVar = [
        migrations.AddIndex(
            model_name="transaction",
            index=models.Index(
                condition=models.Q(("amount__lt", 0)),
                fields=["customer", "posted_date"],
                name="transaction_refund",
            ),
        ),
    ]
