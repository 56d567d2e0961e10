"""A message of a text that is sent in variants says which one it is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journeys", "0138_control_group")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="variant",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=40, verbose_name="variant"
            ),
        ),
    ]
