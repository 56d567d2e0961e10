"""No ID number and no e-mail address without its hash, and indexes by which a refusal finds the
others."""

from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact

HASHED = {"id_number": "bearer", "email": "reader"}


class Migration(migrations.Migration):
    dependencies = [("journeys", "0098_bearers_and_readers_filled")]
    operations = [
        *(
            migrations.AddConstraint(
                "customer",
                models.CheckConstraint(
                    name=f"customer_{field}_with_{name}",
                    condition=Q(**{f"{field}_sealed": None, name: None})
                    | Q(**{f"{field}_sealed__isnull": False, f"{name}__isnull": False})
                    & Q(Exact(Length(name), 16)),
                ),
            )
            for field, name in HASHED.items()
        ),
        *(
            migrations.AddIndex("customer", models.Index(fields=[name], name=f"customer_{name}"))
            for name in HASHED.values()
        ),
    ]
