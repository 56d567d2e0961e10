"""Whose files said before what an amount brings: another file does not free them to approve it."""

import django.contrib.postgres.fields
from django.db import migrations, models

KEPT = """
CREATE FUNCTION merchants_level_keeps_whose() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.by_before := CASE
        WHEN OLD.by_id IS NULL OR OLD.by_id IS NOT DISTINCT FROM NEW.by_id
            OR OLD.by_id = ANY (OLD.by_before) THEN OLD.by_before
        ELSE OLD.by_before || OLD.by_id END;
    RETURN NEW;
END $$;
CREATE TRIGGER response_level_keeps_whose BEFORE UPDATE ON merchants_responselevel
    FOR EACH ROW EXECUTE FUNCTION merchants_level_keeps_whose();
"""
NOT_KEPT = """
DROP TRIGGER response_level_keeps_whose ON merchants_responselevel;
DROP FUNCTION merchants_level_keeps_whose();
"""


class Migration(migrations.Migration):
    dependencies = [("merchants", "0042_merges_marked")]
    operations = [
        migrations.AddField(
            model_name="responselevel",
            name="by_before",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), blank=True, default=list, size=None
            ),
        ),
        migrations.RunSQL(KEPT, NOT_KEPT),
    ]
