"""How many rows of a file were older than what stood; as of when an uploaded file holds, and
whether it corrects."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0013_authors_and_late_vetoes")]
    operations = [
        migrations.AddField(
            "importbatch",
            "rows_older",
            models.BigIntegerField(db_default=0, default=0, verbose_name="older, kept as is"),
        ),
        migrations.AddField(
            "upload", "as_of", models.DateTimeField(null=True, verbose_name="as of")
        ),
        migrations.AddField(
            "upload",
            "corrects",
            models.BooleanField(
                db_default=False, default=False, verbose_name="corrects what stands"
            ),
        ),
    ]
