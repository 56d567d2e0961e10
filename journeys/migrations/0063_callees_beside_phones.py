"""No phone without the hash of who answers it, and an index by which a refusal finds the others."""

from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact


class Migration(migrations.Migration):
    dependencies = [("journeys", "0062_callees_filled")]
    operations = [
        migrations.AddConstraint(
            "customer",
            models.CheckConstraint(
                name="customer_phone_with_callee",
                condition=Q(phone_sealed=None, callee=None)
                | Q(phone_sealed__isnull=False, callee__isnull=False)
                & Q(Exact(Length("callee"), 16)),
            ),
        ),
        migrations.AddIndex("customer", models.Index(fields=["callee"], name="customer_callee")),
    ]
