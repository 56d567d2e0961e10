"""Consents, refusals, contacts and points are only added to."""

from django.db import migrations

TABLES = ["consent", "donotcontact", "contactrule", "pointsentry"]


class Migration(migrations.Migration):
    dependencies = [("journeys", "0001_initial"), ("portal", "0002_audit_chain")]
    operations = [
        migrations.RunSQL(
            f"""CREATE TRIGGER {table}_fixed BEFORE UPDATE OR DELETE ON journeys_{table}
                FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();""",
            f"DROP TRIGGER {table}_fixed ON journeys_{table};",
        )
        for table in TABLES
    ]
