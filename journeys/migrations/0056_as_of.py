"""As of when the source said what stands: the tables whose rows go on from state to state."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journeys", "0055_clock_rules")]
    operations = [
        migrations.AddField(name, "as_of", models.DateTimeField(null=True, verbose_name="as of"))
        for name in ("application", "card", "complaint", "servicecase", "customer")
    ]
