"""Merchants that are on file are compared by name too."""

from django.db import migrations

from merchants.directory.rules.naming import name_key


def spell(apps, _schema_editor) -> None:
    """This will write what each name is compared by, a block of merchants at a time."""
    model = apps.get_model("merchants", "Merchant")
    block = []
    for row in model.objects.filter(name_key="").only("id", "name").iterator(chunk_size=2000):
        row.name_key = name_key(row.name)
        block.append(row)
        if len(block) == 2000:
            model.objects.bulk_update(block, ["name_key"])
            block.clear()
    model.objects.bulk_update(block, ["name_key"])


class Migration(migrations.Migration):
    dependencies = [("merchants", "0005_directory_guards")]
    operations = [migrations.RunPython(spell, migrations.RunPython.noop)]
