"""Filters of exports are kept as values by the names of their fields; those of before stay words."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0010_tokens_fixed")]
    operations = [
        migrations.AlterField("export", "filters", models.JSONField(default=dict)),
    ]
