"""What was given back of a purchase is found by an index of the few refunds."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("journeys", "0016_supplementary_cards")]
    operations = [
        migrations.AddIndex(
            "transaction",
            models.Index(
                name="transaction_refund_of", fields=["refund_of"], condition=~Q(refund_of="")
            ),
        ),
    ]
