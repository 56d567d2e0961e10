"""Making one row of what triggers counted, so that a page reads few."""

from django.db import connection

_GATHER = """
WITH gone AS (
    DELETE FROM campaigns_benefitcount
    WHERE id IN (SELECT id FROM campaigns_benefitcount ORDER BY id FOR UPDATE SKIP LOCKED)
    RETURNING *
)
INSERT INTO campaigns_benefitcount
    (campaign_id, reward, version_id, grants, uses, used, expired, taken_back, unused)
SELECT campaign_id, reward, max(version_id), sum(grants), sum(uses), sum(used), sum(expired),
       sum(taken_back), sum(unused)
FROM gone GROUP BY campaign_id, reward ORDER BY campaign_id, reward
"""


def gather_counts() -> int:
    """This will make one row of the counts of each reward, and return how many rows there are of
    what was gathered. It changes no sum, is safe to repeat, and to run twice at once."""
    with connection.cursor() as cursor:
        cursor.execute(_GATHER)
        return int(cursor.rowcount)
