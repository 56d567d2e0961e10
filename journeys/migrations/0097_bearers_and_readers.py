"""Who bears an ID number and who reads an e-mail address: hashes that no change of keys touches,
beside the blind indexes, as there is one of the phone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journeys", "0096_refusals_outlive_phones")]
    operations = [
        migrations.AddField("customer", "bearer", models.BinaryField(max_length=16, null=True)),
        migrations.AddField("customer", "reader", models.BinaryField(max_length=16, null=True)),
    ]
