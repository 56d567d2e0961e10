"""What the supervisor's page reads by: promises of an owner, calls of a person, and what went back
into the pools or was called off."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("journeys", "0168_lead_conversion_guard")]

    operations = [
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                condition=Q(("promised_at__isnull", False), ("state__in", ["new", "working"])),
                fields=["owner", "promised_at"],
                name="lead_promised",
            ),
        ),
        migrations.AddIndex(
            model_name="leadmove",
            index=models.Index(
                condition=Q(("path__in", ("release", "take_back", "return", "call_off"))),
                fields=["at"],
                name="lead_move_back",
            ),
        ),
        migrations.AddIndex(
            model_name="leadhold",
            index=models.Index(
                condition=Q(("called_at__isnull", False)),
                fields=["holder", "called_at"],
                include=("lead",),
                name="lead_hold_called",
            ),
        ),
    ]
