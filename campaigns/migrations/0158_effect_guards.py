"""Rules of effects, what is fixed for a campaign, runs that were taken in and looks are only added to."""

from django.db import migrations

TABLES = ("effectrule", "effectplan", "effectintake", "effectlook")
GUARD = "".join(
    f"""
CREATE TRIGGER {table}_fixed BEFORE UPDATE OR DELETE ON campaigns_{table}
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""
    for table in TABLES
)
UNGUARD = "".join(f"DROP TRIGGER {table}_fixed ON campaigns_{table};\n" for table in TABLES)


class Migration(migrations.Migration):

    dependencies = [("campaigns", "0157_effect")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
