"""Reasons of reveals and exports are words that may name a person: they open to erasures."""

from django.db import migrations

OF_CUSTOMER = "''customer:'' || ($1 ->> ''customer_id'')"
OPENED = [
    ("journeys_reveal", "reveal_fixed", OF_CUSTOMER, "'words'"),
    ("portal_export", "export_fixed", "", "'reason', 'filters'"),
]


class Migration(migrations.Migration):
    dependencies = [("journeys", "0037_sent_counts"), ("portal", "0007_exports_fixed")]
    operations = [
        migrations.RunSQL(
            f"SELECT journeys_open_to_erasure('{ledger}', '{guard}', '{owner}', {columns})",
            f"SELECT journeys_close_to_erasure('{ledger}', '{guard}')",
        )
        for ledger, guard, owner, columns in OPENED
    ]
