"""For leads that are there: who is credited, by what they look like others, and which one is the
one of its phone. In batches, each a transaction of its own; begun again it passes over what is
done."""

import hashlib

from django.db import connection, migrations

from merchants.directory.rules import name_key
from portal.kit import sealed

BATCH = 5_000
READ = """
SELECT id, kind, name, company FROM journeys_lead
WHERE id > %s AND credit_branch_id IS NULL ORDER BY id LIMIT %s
"""
WRITE = """
UPDATE journeys_lead SET credit_branch_id = branch_id, credit_team_id = team_id, alike = %s
WHERE id = %s
"""
SOLE = """
UPDATE journeys_lead SET is_sole = TRUE WHERE id IN (
    SELECT min(id) FROM journeys_lead
     WHERE state IN ('new', 'working') AND callee IS NOT NULL AND number NOT LIKE 'M-%'
     GROUP BY callee)
"""
ERASED = "[已删除]"


def _hash(words):
    key = name_key(words) if words and words != ERASED else ""
    return sealed.lasting_index(key, "alike") if key else None


def _alike(kind, name, company):
    # As in journeys.telemarketing.queries.alike_of: a hash is for good.
    who, firm = _hash(name), _hash(company)
    if kind == "company":
        who, firm = b"", firm or who
    if who is None or firm is None:
        return None
    return hashlib.sha256(who + firm).digest()[:16]


def fill(_apps, _editor):
    last = -1
    while True:
        with connection.cursor() as cursor:
            cursor.execute(READ, [last, BATCH])
            if not (rows := cursor.fetchall()):
                break
            last = rows[-1][0]
            cursor.executemany(WRITE, [(_alike(*words), key) for key, *words in rows])
    with connection.cursor() as cursor:
        cursor.execute(SOLE)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("journeys", "0164_lead_merges")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
