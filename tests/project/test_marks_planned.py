"""What a trigger joins of the rows before and after a statement is planned for each statement: a
plan that was kept for a few rows takes for ever with many."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db
JOINING = """
SELECT proname FROM pg_proc
WHERE prosrc ~ '(JOIN (gone|come)\\M|(gone|come)[^()]* JOIN )' AND prosrc !~ 'EXECUTE'
  AND prorettype = 'trigger'::regtype
ORDER BY proname
"""


def test_joins_of_transition_tables_are_planned_each_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute(JOINING)
        assert cursor.fetchall() == []
        cursor.execute(
            "SELECT count(*) FROM pg_proc WHERE prosrc ~ 'JOIN come' AND prosrc ~ 'EXECUTE'"
        )
        assert cursor.fetchone()[0] >= 9
