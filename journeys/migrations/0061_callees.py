"""Who answers a phone: a hash that no change of keys touches, beside the blind index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journeys", "0060_case_pauses")]
    operations = [
        migrations.AddField("customer", "callee", models.BinaryField(max_length=16, null=True)),
    ]
