"""Telling again what was not told because its text was withdrawn."""

import datetime as dt

from django.db import connection, transaction

from journeys.notices import rules
from journeys.notices.enums import Result

_FREE = """
UPDATE journeys_resultnotice AS notice
SET state = 'superseded', message_id = NULL, told_at = NULL, answer = ''
FROM journeys_message AS message
WHERE message.id = notice.message_id AND notice.state = 'told' AND message.origin = ANY(%s)
  AND message.state = 'cancelled' AND message.failure = 'text_withdrawn'
RETURNING notice.id
"""
# A further row of the same result stands for it. What came in when stays as it was, so that nobody
# is left out as told too late.
_AGAIN = """
UPDATE journeys_resultnotice AS notice
SET state = 'due', round_number = round_number + 1, not_before = greatest(noted_at, %s)
WHERE id = ANY(%s) AND NOT EXISTS (
    SELECT FROM journeys_resultnotice other
    WHERE (other.application_id, other.result, other.decided_date)
        = (notice.application_id, notice.result, notice.decided_date)
      AND (other.state = 'due' OR other.round_number > notice.round_number)
)
"""


@transaction.atomic
def tell_withdrawn_again(*, at: dt.datetime) -> int:
    """This will take up the results whose message was cancelled because its text was withdrawn,
    and return how many: they are told with the wording that comes after it, and wait until there
    is one. What holds no more by then is not told."""
    origins = [rules.origin_of(result) for result in Result.values]
    with connection.cursor() as cursor:
        cursor.execute(_FREE, [origins])
        freed = [row[0] for row in cursor.fetchall()]
        if not freed:
            return 0
        cursor.execute(_AGAIN, [at, freed])
        return cursor.rowcount
