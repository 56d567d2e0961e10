"""The record of exports is only added to."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("portal", "0006_exports"), ("portal", "0002_audit_chain")]
    operations = [
        migrations.RunSQL(
            """CREATE TRIGGER export_fixed BEFORE UPDATE OR DELETE ON portal_export
               FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();""",
            "DROP TRIGGER export_fixed ON portal_export;",
        )
    ]
