"""Who promised what is read from the promises themselves: no query needs it of the leads."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("journeys", "0187_moves_for_a_hurry")]
    operations = [migrations.RemoveIndex("lead", "lead_promised")]
