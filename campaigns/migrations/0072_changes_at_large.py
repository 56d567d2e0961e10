"""What concerns everybody besides: a category that comes or goes, and a campaign's new code.

Postings name their category by its code alone, so a category that comes gives a scenario to postings
that were there before it. Branches, merchants and products are named by foreign keys: nothing can
refer to one before it is there.
"""

from django.db import migrations

TABLES = ("merchants_merchantcategory",)
FORWARD = (
    "".join(
        f"CREATE TRIGGER changes_mark_everybody_{event.lower()} AFTER {event} ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION campaigns_mark_everybody();\n"
        for table in TABLES
        for event in ("INSERT", "DELETE")
    )
    + """
CREATE TRIGGER changes_mark_everybody AFTER UPDATE ON campaigns_campaign
    FOR EACH ROW WHEN (OLD.code IS DISTINCT FROM NEW.code)
    EXECUTE FUNCTION campaigns_mark_everybody();
"""
)
BACKWARD = (
    "".join(
        f"DROP TRIGGER changes_mark_everybody_{event} ON {table};\n"
        for table in TABLES
        for event in ("insert", "delete")
    )
    + "DROP TRIGGER changes_mark_everybody ON campaigns_campaign;"
)


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0071_changes_marked")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
