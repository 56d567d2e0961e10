"""A message may have a last day, and so may the call that it becomes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journeys", "0139_message_variant")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="valid_until",
            field=models.DateTimeField(null=True, verbose_name="not after"),
        ),
        migrations.AddField(
            model_name="lead",
            name="call_before",
            field=models.DateTimeField(null=True, verbose_name="call before"),
        ),
    ]
