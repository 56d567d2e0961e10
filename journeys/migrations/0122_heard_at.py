"""When a row came in that did not say as of when it holds: it may have held as late as then."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journeys", "0121_answers_found_by_phone")]
    operations = [
        migrations.AddField(
            name,
            "heard_at",
            models.DateTimeField(null=True, verbose_name="received without an instant"),
        )
        for name in ("application", "card", "complaint", "servicecase", "customer")
    ]
