"""The hash of who answers it, for the phone of every lead: opened and hashed in batches, each a
transaction of its own. Begun again it passes over what is done."""

from django.db import connection, migrations

from portal.kit import sealed

BATCH = 5_000
# As in journeys.telemarketing.models and journeys.customers.rules: a hash is for good.
SEALED_AS, HASHED_AS = "lead.phone", "callee"
READ = """
SELECT id, phone_sealed FROM journeys_lead
WHERE id > %s AND phone_sealed IS NOT NULL AND callee IS NULL ORDER BY id LIMIT %s
"""
WRITE = "UPDATE journeys_lead SET callee = %s WHERE id = %s AND phone_sealed = %s"


class Unopened(Exception):
    """Raised where a phone does not open: whether it was refused could not be told."""


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
                    made.append((sealed.lasting_index(phone, HASHED_AS), key, value))
            cursor.executemany(WRITE, made)
    if broken:
        raise Unopened(
            f"{len(broken)} phones open under no key that is named, first of rows"
            f" {', '.join(map(str, broken[:20]))} of journeys_lead. Name their key in FIELD_KEYS,"
            " or take these phones out, and migrate again."
        )


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("journeys", "0102_callees_of_leads")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
