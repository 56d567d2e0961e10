"""The phone of one who refused is kept on the list when it is taken away from the customer and none
is put in its place: by an erasure, an empty cell of a file or a correction, whoever writes it."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION journeys_keep_refused_phone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO journeys_erasedrefusal AS kept (callee, refused_date)
    SELECT OLD.callee, (min(at) AT TIME ZONE 'Asia/Shanghai')::date
    FROM journeys_donotcontact WHERE customer_id = OLD.id HAVING count(*) > 0
    ON CONFLICT (callee) DO UPDATE SET refused_date = excluded.refused_date
        WHERE excluded.refused_date < kept.refused_date;
    RETURN NULL;
END $$;
CREATE TRIGGER refused_phone_kept AFTER UPDATE OF callee ON journeys_customer
    FOR EACH ROW WHEN (OLD.callee IS NOT NULL AND NEW.callee IS NULL)
    EXECUTE FUNCTION journeys_keep_refused_phone();
"""
BACKWARD = """
DROP TRIGGER refused_phone_kept ON journeys_customer;
DROP FUNCTION journeys_keep_refused_phone();
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0095_earliest_refusal_kept")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
