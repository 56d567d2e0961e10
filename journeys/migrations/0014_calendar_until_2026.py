"""The calendar of the State Council from 2004 to 2026, from the public data beside this file."""

import csv
from pathlib import Path

from django.db import migrations

FILE = Path(__file__).with_name("china_calendar_2004_2026.csv")
SOURCE = "国务院办公厅关于节假日安排的通知（chinesecalendar，MIT）"


def read_days() -> list[tuple[str, bool, str]]:
    """This will return the days of the file: day, whether it is a workday, name."""
    lines = [line for line in FILE.read_text("utf-8").splitlines() if not line.startswith("#")]
    return [(row["day"], row["kind"] == "work", row["name"]) for row in csv.DictReader(lines)]


def seed(apps, _schema_editor) -> None:
    """This will write the years and their days."""
    years, days = apps.get_model("journeys", "CalendarYear"), apps.get_model("journeys", "CalendarDay")
    years.objects.bulk_create(years(year=year, source=SOURCE) for year in range(2004, 2027))
    days.objects.bulk_create(
        days(day=day, is_workday=is_workday, name=name, source=SOURCE)
        for day, is_workday, name in read_days()
    )


class Migration(migrations.Migration):
    dependencies = [("journeys", "0013_calendar")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
