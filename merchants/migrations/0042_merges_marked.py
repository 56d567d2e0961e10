"""A merge, and its undoing, concern every campaign whose rule names a merchant: what was decided
before is not carried over. The function is that of campaigns, as for the other columns of a
merchant that rules read."""

from django.db import migrations

MARK = """
CREATE TRIGGER changes_mark_everybody_merged AFTER UPDATE OF merged_into_id ON merchants_merchant
    FOR EACH ROW WHEN (OLD.merged_into_id IS DISTINCT FROM NEW.merged_into_id)
    EXECUTE FUNCTION campaigns_mark_everybody();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("merchants", "0041_amended_plans"),
        ("campaigns", "0071_changes_marked"),
    ]
    operations = [
        migrations.RunSQL(
            MARK, "DROP TRIGGER changes_mark_everybody_merged ON merchants_merchant;"
        )
    ]
