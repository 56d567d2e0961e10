"""The hashes of every ID number and e-mail address that stands there: each is opened once and
hashed, in batches, each a transaction of its own. What is done is done; begun again it passes over
it."""

from django.db import connection, migrations

from portal.kit import sealed

BATCH = 5_000
# As in journeys.customers.models and rules: a hash is for good.
HASHED = (("id_number", "customer.id_number", "bearer"), ("email", "customer.email", "reader"))
READ = """
SELECT id, id_number_sealed, bearer IS NULL, email_sealed, reader IS NULL FROM journeys_customer
WHERE id > %s AND (id_number_sealed IS NOT NULL AND bearer IS NULL
                   OR email_sealed IS NOT NULL AND reader IS NULL)
ORDER BY id LIMIT %s
"""
# Compared with what was read: a value that came meanwhile is not given the hash of the older one.
WRITE = """
UPDATE journeys_customer t SET
    bearer = CASE WHEN t.id_number_sealed = made.id_number THEN coalesce(made.bearer, t.bearer)
                  ELSE t.bearer END,
    reader = CASE WHEN t.email_sealed = made.email THEN coalesce(made.reader, t.reader)
                  ELSE t.reader END
FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[], %s::bytea[], %s::bytea[])
    AS made(id, id_number, bearer, email, reader)
WHERE t.id = made.id
"""


class Unopened(Exception):
    """Raised where a value does not open: for whom a refusal holds could not be told."""


def fill(_apps, _editor):
    last, broken = -1, []
    while True:
        with connection.cursor() as cursor:
            cursor.execute(READ, [last, BATCH])
            if not (rows := cursor.fetchall()):
                break
            last = rows[-1][0]
            made = [_made(row, broken) for row in rows]
            keys, *values = zip(*made, strict=True)
            cursor.execute(WRITE, [list(keys), *map(_array, values)])
    if broken:
        named = ", ".join(f"{key} ({field})" for key, field in broken[:20])
        raise Unopened(
            f"{len(broken)} values open under no key that is named, first of rows {named} of"
            " journeys_customer. Name their key in FIELD_KEYS, or take these values out, and"
            " migrate again."
        )


def _made(row, broken):
    """The row's key, and of each field what stands there with its hash."""
    key, *read = row
    made = [key]
    for (field, seal, label), value, is_due in zip(HASHED, read[::2], read[1::2], strict=True):
        hashed = None
        if value is not None and is_due:
            try:
                hashed = sealed.lasting_index(sealed.unseal(value, seal), label)
            except sealed.SealBroken:
                broken.append((key, field))
        made += [value, hashed]
    return made


def _array(values):
    """As PostgreSQL writes it, which is several times faster than the driver's own way."""
    said = ("NULL" if one is None else f'"\\\\x{bytes(one).hex()}"' for one in values)
    return "{" + ",".join(said) + "}"


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("journeys", "0097_bearers_and_readers")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
