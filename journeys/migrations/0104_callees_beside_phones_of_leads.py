"""No phone of a lead without the hash of who answers it."""

from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact


class Migration(migrations.Migration):
    dependencies = [("journeys", "0103_callees_of_leads_filled")]
    operations = [
        migrations.AddConstraint(
            "lead",
            models.CheckConstraint(
                name="lead_phone_with_callee",
                condition=Q(phone_sealed=None, callee=None)
                | Q(phone_sealed__isnull=False, callee__isnull=False)
                & Q(Exact(Length("callee"), 16)),
            ),
        ),
    ]
