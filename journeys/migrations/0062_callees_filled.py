"""The hash of who answers it, for every phone that stands there: opened and hashed in batches, each
a transaction of its own. What is done is done; begun again it passes over it."""

from django.db import connection, migrations

from portal.kit import sealed

BATCH = 5_000
# As in journeys.customers.models and queries: a hash is for good.
SEALED_AS, HASHED_AS = "customer.phone", "callee"
READ = """
SELECT id, phone_sealed FROM journeys_customer
WHERE id > %s AND phone_sealed IS NOT NULL AND callee IS NULL ORDER BY id LIMIT %s
"""
# Compared with what was read: a phone that came meanwhile is not given the hash of the older one.
WRITE = """
UPDATE journeys_customer t SET callee = made.callee
FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[]) AS made(id, phone, callee)
WHERE t.id = made.id AND t.phone_sealed = made.phone
"""


class Unopened(Exception):
    """Raised where a phone does not open: for whom a refusal holds could not be told."""


def fill(_apps, _editor):
    last, broken = -1, []
    while True:
        with connection.cursor() as cursor:
            cursor.execute(READ, [last, BATCH])
            if not (rows := cursor.fetchall()):
                break
            last, made = rows[-1][0], []
            for key, value in rows:
                try:
                    phone = sealed.unseal(value, SEALED_AS)
                except sealed.SealBroken:
                    broken.append(key)
                else:
                    made.append((key, value, sealed.lasting_index(phone, HASHED_AS)))
            if made:
                keys, phones, callees = zip(*made, strict=True)
                cursor.execute(WRITE, [list(keys), _array(phones), _array(callees)])
    if broken:
        raise Unopened(
            f"{len(broken)} phones open under no key that is named, first of rows"
            f" {', '.join(map(str, broken[:20]))} of journeys_customer. Name their key in"
            " FIELD_KEYS, or take these phones out, and migrate again."
        )


def _array(values):
    """As PostgreSQL writes it, which is several times faster than the driver's own way."""
    return "{" + ",".join(f'"\\\\x{bytes(value).hex()}"' for value in values) + "}"


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("journeys", "0061_callees")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
