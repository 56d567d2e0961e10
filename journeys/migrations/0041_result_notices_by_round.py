"""A result that holds again after another one went out is told again: a row for each round, and
one that waits."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("journeys", "0040_reveals_and_exports_open_to_erasure"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="resultnotice", name="notice_once"),
        migrations.AddConstraint(
            model_name="resultnotice",
            constraint=models.UniqueConstraint(
                fields=["application", "result", "decided_date", "round_number"],
                name="notice_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="resultnotice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "due")),
                fields=["application", "result", "decided_date"],
                name="notice_due_once",
            ),
        ),
    ]
