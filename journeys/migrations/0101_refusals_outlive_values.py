"""Phone, ID number and e-mail address of one who refused are kept on the list when they are taken
away from the customer and none is put in their place, whoever writes it."""

from importlib import import_module

from django.db import migrations

_before = import_module("journeys.migrations.0096_refusals_outlive_phones")
_COLUMNS = ("callee", "bearer", "reader")
_TAKEN = " OR ".join(f"OLD.{name} IS NOT NULL AND NEW.{name} IS NULL" for name in _COLUMNS)
FORWARD = f"""
{_before.BACKWARD}
CREATE FUNCTION journeys_keep_refused_values() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO journeys_erasedrefusal AS kept (kind, value_hash, refused_date)
    SELECT held.kind, held.was, (said.at AT TIME ZONE 'Asia/Shanghai')::date
    FROM (VALUES ('phone', OLD.callee, NEW.callee), ('id_number', OLD.bearer, NEW.bearer),
                 ('email', OLD.reader, NEW.reader)) AS held(kind, was, now),
         (SELECT min(at) AS at FROM journeys_donotcontact WHERE customer_id = OLD.id) AS said
    WHERE held.was IS NOT NULL AND held.now IS NULL AND said.at IS NOT NULL
    ON CONFLICT (value_hash) DO UPDATE SET refused_date = excluded.refused_date
        WHERE excluded.refused_date < kept.refused_date;
    RETURN NULL;
END $$;
CREATE TRIGGER refused_values_kept AFTER UPDATE OF {', '.join(_COLUMNS)} ON journeys_customer
    FOR EACH ROW WHEN ({_TAKEN}) EXECUTE FUNCTION journeys_keep_refused_values();
"""
BACKWARD = f"""
DROP TRIGGER refused_values_kept ON journeys_customer;
DROP FUNCTION journeys_keep_refused_values();
{_before.FORWARD}
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0100_kinds_of_kept_refusals")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
