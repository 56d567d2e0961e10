"""Counting what was sent, day by day, so that pages need not."""

import datetime as dt
import itertools
import time

from django.conf import settings
from django.db import connection, transaction

from journeys.outreach import queries
from portal.kit import clock

_LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended('outreach:count_sent', 0))"
_FORGET = "DELETE FROM journeys_sentcount WHERE day >= %(first)s AND day < %(end)s"
_COUNT = """
INSERT INTO journeys_sentcount (day, origin, template_id, branch_id, messages)
SELECT (message.sent_at AT TIME ZONE %(zone)s)::date, message.origin, message.template_id,
       customer.branch_id, count(*)
FROM journeys_message AS message
JOIN journeys_customer AS customer ON customer.id = message.customer_id
WHERE message.state = 'sent' AND message.sent_at >= %(from)s AND message.sent_at < %(to)s
GROUP BY 1, 2, 3, 4
"""
_DAYS_AT_ONCE = 7
_FEWEST_SPANS = 2


def count_sent(*, at: dt.datetime, seconds: float) -> dt.date | None:
    """This will count the messages sent until the bank's day of `at`, the last counted days anew,
    and return the last day counted (None where nothing was ever sent). What `seconds` do not
    suffice for is left to the next call. Safe to repeat, and to run twice at once."""
    end = time.monotonic() + seconds
    today, day = clock.bank_day(at), queries.first_day_to_count()
    counted = None
    for spans in itertools.count(1):
        if day is None or day > today:
            return counted and today  # nothing was sent since
        last = min(day + dt.timedelta(days=_DAYS_AT_ONCE - 1), today)
        if not _count_days(day, last):
            return None  # another process counts
        # The first span may hold days counted before alone: the second one always gets further.
        if last == today or (spans >= _FEWEST_SPANS and time.monotonic() >= end):
            return last
        counted, day = last, queries.next_sent_day(after=last)
    return None


@transaction.atomic
def _count_days(first: dt.date, last: dt.date) -> bool:
    after = last + dt.timedelta(days=1)
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
        if not cursor.fetchone()[0]:
            return False
        cursor.execute(_FORGET, {"first": first, "end": after})
        cursor.execute(
            _COUNT,
            {
                "from": clock.start_of(first),
                "to": clock.start_of(after),
                "zone": settings.TIME_ZONE,
            },
        )
    return True
