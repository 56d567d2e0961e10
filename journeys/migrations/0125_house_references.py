"""References of the house's own entries in the ledger of points are of a form of their own.

Rows that stand are not looked at: the ledger is large, and an entry is never changed.
"""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("journeys", "0122_heard_at")]
    operations = [
        AddConstraintNotValid(
            "pointsentry",
            models.CheckConstraint(
                name="points_house_references",
                condition=~Q(reference__regex="^(earned|adjusted|expired|restored|reward):")
                | Q(kind="earned", reference__regex="^earned:[0-9]+:[0-9]{4}-[0-9]{2}$")
                | Q(kind="earned", reference__regex="^reward:[0-9]+$")
                | Q(kind="expired", batch__isnull=False, reference__regex="^expired:")
                | Q(kind="restored", reference__regex="^restored:")
                | Q(kind="adjusted", reference__regex="^adjusted:"),
            ),
        )
    ]
