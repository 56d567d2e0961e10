"""Adding up what the triggers counted."""

from django.db import connection

# So many rows of a version are read without being added up first.
MOST_ROWS = 200
_TABLES = (
    ("campaigns_stepcount", "version_id, code, state, answer, channel", "steps"),
    ("campaigns_staycount", "version_id, state, left_because", "stays"),
)
# One statement: whoever reads sees the rows from before it, or the one from after it. What another
# process adds up at this moment is left to it.
_ADD_UP = """
WITH gone AS (
    DELETE FROM {table} WHERE id IN (
        SELECT id FROM {table} WHERE version_id IN (
            SELECT version_id FROM {table} GROUP BY version_id HAVING count(*) > %(most)s
        ) FOR UPDATE SKIP LOCKED
    ) RETURNING {columns}, {number}
)
INSERT INTO {table} ({columns}, {number})
SELECT {columns}, sum({number}) FROM gone GROUP BY {columns} HAVING sum({number}) <> 0
"""


def add_up(*, most: int = MOST_ROWS) -> None:
    """This will put one row for each way to stand in the place of what statements changed, of the
    versions that have more than `most` rows."""
    with connection.cursor() as cursor:
        for table, columns, number in _TABLES:
            cursor.execute(
                _ADD_UP.format(table=table, columns=columns, number=number), {"most": most}
            )
