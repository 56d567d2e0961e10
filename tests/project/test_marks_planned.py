"""What a trigger joins of the rows before and after a statement is planned for each statement: a
plan that was kept for a few rows takes for ever with many."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db
# Rows before joined with rows after: by a nested loop each is looked for among all others.
JOINING = """
SELECT proname, prosrc ~ 'EXECUTE' FROM pg_proc
WHERE prosrc ~ '\\m(gone|come)( \\w+)?\\s+((FULL|LEFT|INNER)( OUTER)? )?JOIN (gone|come)\\M'
  AND prorettype = 'trigger'::regtype
ORDER BY proname
"""


def test_joins_of_transition_tables_are_planned_each_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute(JOINING)
        found = dict(cursor.fetchall())
    assert [name for name, is_planned in found.items() if not is_planned] == []
    assert len(found) >= 9
