"""A call of a message may be called off while nobody is on it; codes for own test addresses are counted
by the address that they go to."""

from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact


class Migration(migrations.Migration):
    dependencies = [("journeys", "0143_own_addresses")]

    operations = [
        migrations.AlterField(
            model_name="lead",
            name="state",
            field=models.CharField(
                choices=[
                    ("new", "New"), ("working", "In progress"), ("won", "Applied"),
                    ("lost", "Closed"), ("off", "Called off"),
                ],
                default="new", max_length=8, verbose_name="state",
            ),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                condition=models.Q(
                    ("number__startswith", "M-"), ("owner", None), ("state", "new")
                ),
                fields=["number"],
                name="lead_free_call",
            ),
        ),
        migrations.AddField(
            model_name="ownaddress",
            name="address_hash",
            field=models.BinaryField(max_length=16, null=True),
        ),
        migrations.AddConstraint(
            model_name="ownaddress",
            constraint=models.CheckConstraint(
                condition=Q(address_hash=None) | Q(Exact(Length("address_hash"), 16)),
                name="own_address_hash_whole",
            ),
        ),
        migrations.AddIndex(
            model_name="ownaddress",
            index=models.Index(
                condition=models.Q(("address_hash__isnull", False)),
                fields=["address_hash", "code_sent_at"],
                name="own_address_to",
            ),
        ),
    ]
