"""An open service case pauses marketing, as an open complaint does; those open now, too."""

from django.db import migrations, models

OPEN_CASES = """
INSERT INTO journeys_marketingpause (customer_id, kind, reference, since)
SELECT customer_id, 'case', number, opened_date::timestamp AT TIME ZONE 'Asia/Shanghai'
FROM journeys_servicecase WHERE state = 'open' ORDER BY customer_id, id
"""
KINDS = [("complaint", "Complaint"), ("case", "Service case")]


def _known(*kinds):
    return models.CheckConstraint(condition=models.Q(kind__in=kinds), name="pause_kind_known")


class Migration(migrations.Migration):
    dependencies = [("journeys", "0056_as_of")]
    operations = [
        migrations.RemoveConstraint("marketingpause", "pause_kind_known"),
        migrations.AlterField(
            "marketingpause", "kind", models.CharField(choices=KINDS, max_length=12)
        ),
        migrations.AddConstraint("marketingpause", _known("complaint", "case")),
        migrations.RunSQL(OPEN_CASES, migrations.RunSQL.noop),
    ]
