"""Numbers of customers, complaints and cases stand in the addresses of pages.

A row that stands with another key is changed by nobody here: the key is its source's, and the next
file would bring the old one again. The migration tells which rows those are, and stops.
"""

from django.db import connection, migrations, models

ADDRESSABLE = r"^(?!\.{1,2}$)[^/\\?#%]+$"
TABLES = {
    "customer": "journeys_customer",
    "complaint": "journeys_complaint",
    "servicecase": "journeys_servicecase",
}


class Unaddressable(Exception):
    """Raised where keys stand that no address of a page can hold."""


def look(_apps, _editor):
    """This will raise Unaddressable where there is such a row."""
    found = []
    for table in TABLES.values():
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id, count(*) OVER () FROM {table} WHERE number !~ %s ORDER BY id LIMIT 20",
                [ADDRESSABLE],
            )
            if rows := cursor.fetchall():
                first = ", ".join(str(key) for key, _number in rows)
                found.append(f"{rows[0][1]} in {table}, first the rows {first}")
    if found:
        raise Unaddressable(
            "Numbers hold / \\ ? # %, or are . or ..: no page can be opened that names them. There are "
            f"{'; '.join(found)}. Put other signs in their place, such as hyphens, here and in the "
            "files of the source, and migrate again."
        )


class Migration(migrations.Migration):
    dependencies = [("journeys", "0093_texts_fixed")]
    operations = [
        migrations.RunPython(look, migrations.RunPython.noop),
        *(
            migrations.AddConstraint(
                model,
                models.CheckConstraint(
                    condition=models.Q(number__regex=ADDRESSABLE), name=f"{model.removeprefix('service')}_number_addressable"
                ),
            )
            for model in TABLES
        ),
    ]
