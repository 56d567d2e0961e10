"""As of when a posting, or a product, holds in its source: nothing is rewritten, old rows say none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journeys", "0125_house_references")]
    operations = [
        migrations.AddField(model, field, models.DateTimeField(null=True, verbose_name=name))
        for model in ("transaction", "cardproduct")
        for field, name in (("as_of", "as of"), ("heard_at", "received without an instant"))
    ]
