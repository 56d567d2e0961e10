"""Telling since when cards rest, from their marks."""

import datetime as dt
from collections.abc import Callable

from django.db import connection, transaction

from journeys.activity.enums import CountKind
from portal.kit import clock as kit

# One at a time tells rests and counts figures: nothing is counted while rests are half told.
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('journeys.activity', 0))"
BATCH = 20_000
# Days after the issue that the figures of a month's cards look at (rules.COHORT_DAYS).
_LOOKED_AT = 90

_MADE = """
DROP TABLE IF EXISTS pg_temp.activity_cards, pg_temp.activity_rests, pg_temp.activity_changes;
CREATE TEMP TABLE activity_cards (card_id bigint PRIMARY KEY, first date, months date[])
    ON COMMIT DROP
"""
_TAKE = """
WITH taken AS (
    DELETE FROM journeys_cardmark WHERE id IN (
        SELECT id FROM journeys_cardmark ORDER BY id LIMIT %(batch)s)
    RETURNING card_id, first, month
)
INSERT INTO activity_cards
SELECT card_id, min(first) AS first,
    array_agg(DISTINCT month) FILTER (WHERE month IS NOT NULL) AS months
FROM taken GROUP BY card_id
"""
# All spans between one use and the next, the issue before the first. What a card did before it was
# issued is not its own.
_TELL = """
CREATE TEMP TABLE activity_rests ON COMMIT DROP AS
WITH used AS (
    SELECT DISTINCT c.id AS card_id, t.posted_date AS day
    FROM activity_cards a JOIN journeys_card c ON c.id = a.card_id
    JOIN journeys_transaction t ON t.card_id = c.id
    WHERE t.amount > 0 AND t.posted_date >= c.issued_date
), days AS (
    SELECT card_id, day, TRUE AS is_used FROM used
    UNION ALL
    SELECT c.id, c.issued_date, FALSE FROM activity_cards a JOIN journeys_card c ON c.id = a.card_id
    WHERE NOT EXISTS (SELECT FROM used u WHERE u.card_id = c.id AND u.day = c.issued_date)
), spans AS (
    SELECT card_id, day AS since, is_used,
        lead(day) OVER (PARTITION BY card_id ORDER BY day) AS until
    FROM days
)
SELECT *, until IS NULL OR NOT is_used OR until - since > 30 AS is_kept FROM spans
"""
# From which day on, and to which, what is told of a card differs from what stands. Both sides name
# rests by their first day: of one that ended earlier or later the days between both ends differ.
_DIFFER = """
CREATE TEMP TABLE activity_changes ON COMMIT DROP AS
SELECT coalesce(old.card_id, new.card_id) AS card_id,
    CASE WHEN old.card_id IS NULL THEN new.since
        WHEN new.card_id IS NULL OR old.is_used <> new.is_used THEN old.since
        ELSE LEAST(old.until, new.until) END AS first,
    CASE WHEN old.card_id IS NULL THEN new.until
        WHEN new.card_id IS NULL THEN old.until
        WHEN old.until IS NOT NULL AND new.until IS NOT NULL THEN GREATEST(old.until, new.until)
        END AS "end"
FROM (SELECT r.* FROM journeys_cardrest r JOIN activity_cards a ON a.card_id = r.card_id) old
FULL JOIN activity_rests new ON new.card_id = old.card_id AND new.since = old.since
WHERE CASE WHEN old.card_id IS NULL THEN new.is_kept
    ELSE (old.until, old.is_used) IS DISTINCT FROM (new.until, new.is_used) END
"""
_FORGET = """
DELETE FROM journeys_cardrest r USING activity_cards a
WHERE a.card_id = r.card_id AND NOT EXISTS (
    SELECT FROM activity_rests n WHERE n.card_id = r.card_id AND n.since = r.since AND n.is_kept
        AND n.is_used = r.is_used AND n.until IS NOT DISTINCT FROM r.until)
"""
_KEEP = """
INSERT INTO journeys_cardrest (card_id, since, until, is_used)
SELECT n.card_id, n.since, n.until, n.is_used FROM activity_rests n
WHERE n.is_kept AND NOT EXISTS (
    SELECT FROM journeys_cardrest r WHERE r.card_id = n.card_id AND r.since = n.since)
ORDER BY n.card_id, n.since
"""
# Days that were counted before what changes them was known.
_STALE_DAYS = f"""
UPDATE journeys_activitycount d SET is_stale = TRUE
WHERE d.kind = '{CountKind.DAY.value}' AND NOT d.is_stale AND (
    d.day >= (SELECT min(first) FROM activity_cards)
    OR EXISTS (SELECT FROM activity_changes c
               WHERE c.first <= d.day AND (c."end" IS NULL OR c."end" > d.day)))
"""
_STALE_MONTHS = f"""
INSERT INTO journeys_activitycount AS d (kind, day, is_stale)
SELECT '{CountKind.COHORT.value}', found.month, TRUE FROM (
    SELECT unnest(months) AS month FROM activity_cards
    UNION
    SELECT date_trunc('month', c.issued_date)::date FROM activity_changes x
    JOIN journeys_card c ON c.id = x.card_id WHERE x.first <= c.issued_date + {_LOOKED_AT}
) found ORDER BY found.month
ON CONFLICT (kind, day) DO UPDATE SET is_stale = TRUE WHERE NOT d.is_stale
"""


def settle_marks(
    *, clock: Callable[[], dt.datetime] = kit.now, seconds: float | None = None, batch: int = BATCH
) -> int:
    """This will tell anew since when the marked cards rest, batch by batch, and note which days and
    months that were counted already it changes. Stops after `seconds`; what is left waits for the
    next time. Returns how many cards were told."""
    begun, told = clock(), 0
    while True:
        found = _settle(batch)
        told += found
        is_over = seconds is not None and (clock() - begun).total_seconds() >= seconds
        if not found or is_over:
            return told


@transaction.atomic
def _settle(batch: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
        cursor.execute(_MADE)
        cursor.execute(_TAKE, {"batch": batch})
        count = cursor.rowcount
        if not count:
            return 0
        cursor.execute("ANALYZE activity_cards")
        cursor.execute(_TELL)
        cursor.execute("ANALYZE activity_rests")
        cursor.execute(_DIFFER)
        for statement in (_FORGET, _KEEP, _STALE_DAYS, _STALE_MONTHS):
            cursor.execute(statement)
    return count
