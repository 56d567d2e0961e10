"""The order of a pool is whole: leads that are alike in all else follow one another by their ids, so
that a list goes on from where it was."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journeys", "0172_quality_filled")]
    operations = [
        migrations.RemoveIndex(model_name="lead", name="lead_next"),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                name="lead_next",
                fields=["branch", "-priority", "attempts", "-created_at", "-id"],
                condition=models.Q(owner=None, state="new", holder=None),
            ),
        ),
    ]
