"""Imports of the very same rows are found, with the instant as of which they were said to hold."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("portal", "0017_titles_fixed")]
    operations = [
        migrations.AddField(
            "importbatch", "as_of", models.DateTimeField(null=True, verbose_name="as of")
        ),
        migrations.AddIndex(
            "importbatch",
            models.Index(
                fields=["kind", "file_hash"],
                condition=Q(state="done", is_dry_run=False),
                name="import_same_rows",
            ),
        ),
    ]
