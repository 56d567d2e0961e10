"""The divisions of China, from the public data beside this file."""

import csv
from pathlib import Path

from django.db import migrations

FILE = Path(__file__).with_name("china_divisions_2023.csv")


def read_divisions() -> list[tuple[str, str, str]]:
    """This will return the divisions of the file: code, name, English name."""
    lines = [line for line in FILE.read_text("utf-8").splitlines() if not line.startswith("#")]
    return [(row["code"], row["name"], row["name_en"]) for row in csv.DictReader(lines)]


def seed(apps, _schema_editor) -> None:
    """This will write the divisions."""
    model = apps.get_model("merchants", "Division")
    model.objects.bulk_create(
        model(code=code, name=name, name_en=name_en) for code, name, name_en in read_divisions()
    )


class Migration(migrations.Migration):
    dependencies = [("merchants", "0003_directory")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
