"""Who answers the phone of a lead: the hash by which a refusal of the phone is found."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journeys", "0101_refusals_outlive_values")]
    operations = [
        migrations.AddField("lead", "callee", models.BinaryField(max_length=16, null=True)),
    ]
