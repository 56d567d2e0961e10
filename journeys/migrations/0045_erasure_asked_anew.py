"""An erasure that was allowed goes back where its person has other rows than those allowed."""

from django.db import migrations

OLD, NEW = "('asked', 'returned'),", "('asked', 'returned'), ('approved', 'returned'),"

# The guard of 0031 with one more step; its text stands there alone.
REPLACE = """
DO $do$ BEGIN
    EXECUTE replace(pg_get_functiondef('journeys_guard_erasure()'::regprocedure), $a${}$a$, $b${}$b$);
END $do$;
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0041_result_notices_by_round")]
    operations = [migrations.RunSQL(REPLACE.format(OLD, NEW), REPLACE.format(NEW, OLD))]
