"""Numbers of customers, complaints and cases stand in the addresses of pages.

A row that stands with another key is changed by nobody here: the key is its source's, and the next
file would bring the old one again. The migration tells which rows those are, and stops.
"""

from django.db import migrations, models

from portal.kit import keys

ADDRESSABLE = r"^(?!\.{1,2}$)[^/\\?#%]+$"
TABLES = {
    "customer": "journeys_customer",
    "complaint": "journeys_complaint",
    "servicecase": "journeys_servicecase",
}


def look(_apps, _editor):
    """This will raise keys.Unaddressable where there is such a row."""
    keys.refuse_unaddressable(TABLES.values())


class Migration(migrations.Migration):
    dependencies = [("journeys", "0093_texts_fixed")]
    operations = [
        migrations.RunPython(look, migrations.RunPython.noop),
        *(
            migrations.AddConstraint(
                model,
                models.CheckConstraint(
                    condition=models.Q(number__regex=ADDRESSABLE), name=f"{model.removeprefix('service')}_number_addressable"
                ),
            )
            for model in TABLES
        ),
    ]
