"""What was known stays: entries, their days, proofs' findings and rules are only added, and nothing
becomes known before what was known already."""

from django.db import migrations

_FIXED = ("figureentry", "figureday", "figuregap", "cutoffrule")
GUARDS = "".join(
    f"""
CREATE TRIGGER {table}_fixed BEFORE UPDATE OR DELETE ON journeys_{table}
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
"""
    for table in _FIXED
)
NO_GUARDS = "".join(f"DROP TRIGGER {table}_fixed ON journeys_{table};\n" for table in _FIXED)
IN_ORDER = """
CREATE FUNCTION journeys_figures_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT day_id, min(known_at) AS known_at FROM come GROUP BY day_id) entry
        JOIN journeys_figureentry other ON other.day_id = entry.day_id
            AND other.known_at > entry.known_at
    ) THEN
        RAISE EXCEPTION 'figures of a day become known in order: an earlier instant refused'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER figureentry_in_order AFTER INSERT ON journeys_figureentry
    REFERENCING NEW TABLE AS come
    FOR EACH STATEMENT EXECUTE FUNCTION journeys_figures_in_order();
"""
NO_ORDER = """
DROP TRIGGER figureentry_in_order ON journeys_figureentry;
DROP FUNCTION journeys_figures_in_order();
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0178_kpi_marks")]
    operations = [
        migrations.RunSQL(GUARDS, NO_GUARDS),
        migrations.RunSQL(IN_ORDER, NO_ORDER),
    ]
