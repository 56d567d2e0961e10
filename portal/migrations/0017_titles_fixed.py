"""The English title of a submission stays what it is, as all that was submitted does."""

from django.db import migrations

GUARD = """
CREATE TRIGGER submission_title_stays BEFORE UPDATE OF title_en ON portal_submission
    FOR EACH ROW WHEN (NEW.title_en IS DISTINCT FROM OLD.title_en)
    EXECUTE FUNCTION portal_refuse_change();
"""
UNGUARD = "DROP TRIGGER submission_title_stays ON portal_submission;"


class Migration(migrations.Migration):
    dependencies = [("portal", "0016_titles_in_english")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
