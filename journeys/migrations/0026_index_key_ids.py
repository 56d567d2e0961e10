"""A blind index made with a key other than the first carries the key's id: one byte more. The
column is bytea and takes it as it is; nothing is written."""

from django.db import migrations, models

INDEXES = [
    ("customer", "phone"), ("customer", "id_number"), ("customer", "email"), ("lead", "phone"),
]


class Migration(migrations.Migration):
    dependencies = [("journeys", "0025_customer_address")]
    operations = [
        migrations.AlterField(
            model_name=model,
            name=f"{field}_index",
            field=models.BinaryField(max_length=17, null=True),
        )
        for model, field in INDEXES
    ]
