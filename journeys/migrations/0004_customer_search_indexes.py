"""Searches by the start of a name are answered, and sorted, by their index."""

from django.db import migrations, models

INDEXES = {"customer_pinyin": "name_pinyin", "customer_name": "name"}


class Migration(migrations.Migration):
    dependencies = [("journeys", "0003_contact_guard")]
    operations = [
        operation
        for name, field in INDEXES.items()
        for operation in (
            migrations.RemoveIndex("customer", name),
            migrations.AddIndex("customer", models.Index(name=name, fields=[field, "id"])),
        )
    ]
