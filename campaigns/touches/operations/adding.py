"""Adding up what the triggers counted."""

from django.db import connection

# So many rows of a version are read without being added up first.
MOST_ROWS = 200
# One statement each: whoever reads sees the rows from before it, or the ones from after it. What
# another process adds up at this moment is left to it.
_ADD_UP_STAYS = """
WITH gone AS (
    DELETE FROM campaigns_staycount WHERE id IN (
        SELECT id FROM campaigns_staycount WHERE version_id IN (
            SELECT version_id FROM campaigns_staycount
            GROUP BY version_id HAVING count(*) > %(most)s
        ) FOR UPDATE SKIP LOCKED
    ) RETURNING version_id, state, left_because, stays
)
INSERT INTO campaigns_staycount (version_id, state, left_because, stays)
SELECT version_id, state, left_because, sum(stays) FROM gone
GROUP BY version_id, state, left_because HAVING sum(stays) <> 0
"""
# Of steps there is a sum for each day, and only those are written to which something was added.
_ADD_UP_STEPS = """
WITH gone AS (
    DELETE FROM campaigns_stepcount WHERE id IN (
        SELECT id FROM campaigns_stepcount WHERE NOT is_sum AND version_id IN (
            SELECT version_id FROM campaigns_stepcount WHERE NOT is_sum
            GROUP BY version_id HAVING count(*) > %(most)s
        ) FOR UPDATE SKIP LOCKED
    ) RETURNING version_id, code, state, answer, channel, day, steps
)
INSERT INTO campaigns_stepcount AS known
    (version_id, code, state, answer, channel, day, steps, is_sum)
SELECT version_id, code, state, answer, channel, day, sum(steps), TRUE FROM gone
GROUP BY version_id, code, state, answer, channel, day HAVING sum(steps) <> 0
ORDER BY version_id, code, state, answer, channel, day
ON CONFLICT (version_id, code, state, answer, channel, day) WHERE is_sum
DO UPDATE SET steps = known.steps + excluded.steps
"""
_DROP_EMPTY = """
DELETE FROM campaigns_stepcount WHERE id IN (
    SELECT id FROM campaigns_stepcount WHERE is_sum AND steps = 0 FOR UPDATE SKIP LOCKED)
"""


def add_up(*, most: int = MOST_ROWS) -> None:
    """This will put one row for each way to stand in the place of what statements changed, of the
    versions that have more than `most` rows of these."""
    with connection.cursor() as cursor:
        cursor.execute(_ADD_UP_STAYS, {"most": most})
        cursor.execute(_ADD_UP_STEPS, {"most": most})
        if cursor.rowcount:
            cursor.execute(_DROP_EMPTY)
