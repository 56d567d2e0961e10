"""What was credited stays."""

from django.db import migrations

GUARD = """
CREATE TRIGGER leadconversion_fixed BEFORE UPDATE OR DELETE ON journeys_leadconversion
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""
NO_GUARD = "DROP TRIGGER leadconversion_fixed ON journeys_leadconversion;"


class Migration(migrations.Migration):
    dependencies = [("journeys", "0167_lead_conversions")]
    operations = [migrations.RunSQL(GUARD, NO_GUARD)]
