"""The file of applications, with what follows from it: each new result is to be told.

The notice is written in the import's own transaction, so that there is never a result without it,
whichever way the rows came; telling is asked for after the commit. What a statement reads of the
time is the import's instant. A result older than the rule allows leaves no row, unless it corrects
what its customer was told: a first load of a bank's past brings a million of them.
"""

import dataclasses

from django.conf import settings

from journeys.cards import intake as cards
from journeys.cards.enums import OPEN_STATES

TELL = "journeys.tell_results"

_ZONE = settings.TIME_ZONE
_OPEN = ", ".join(f"'{state.value}'" for state in OPEN_STATES)
# By its key for each row: a join may read all messages for each.
_MESSAGE_STATE = "(SELECT state FROM journeys_message WHERE id = notice.message_id)"
_HEARD = "('queued', 'held', 'parked', 'sending', 'sent', 'in_doubt')"
# Results from before an application was opened again are answered no more by the next one.
_REOPENED = f"""
UPDATE journeys_resultnotice notice SET is_reopened = TRUE
FROM intake_staging s JOIN journeys_application a ON a.number = s.number
WHERE s.state IN ({_OPEN}) AND notice.application_id = a.id AND NOT notice.is_reopened
"""
# One for each change of the result: the same file again, or a result whose day alone was corrected,
# is none. `last` is what the customer hears last as things stand: another result that was never
# told counts for nothing. One that was replaced before anybody heard of it, and comes again, is to
# be told after all; one that still waits is the latest from then on; one that was told, and holds
# again after another one, has a row of its own.
_NOTED = f"""
WITH day AS (
    SELECT at, (at AT TIME ZONE '{_ZONE}')::date AS day
    FROM (SELECT current_setting('intake.at')::timestamptz AS at) AS import
), told_since AS MATERIALIZED (
    SELECT day.at, day.day - (
        SELECT days FROM journeys_noticerule WHERE effective_date <= day.day
        ORDER BY effective_date DESC LIMIT 1
    ) AS first FROM day
)
INSERT INTO journeys_resultnotice AS known
    (application_id, customer_id, result, decided_date, state, round_number, noted_at, not_before,
     answer, is_reopened)
SELECT a.id, a.customer_id, a.state, a.decided_date, 'due', coalesce(round.number, 1),
       told_since.at,
       greatest(told_since.at, a.decided_date::timestamp AT TIME ZONE '{_ZONE}'), '', FALSE
FROM told_since
JOIN intake_staging s ON s.state NOT IN ({_OPEN}) AND told_since.first IS NOT NULL
JOIN journeys_application a ON a.number = s.number
LEFT JOIN LATERAL (
    SELECT notice.result, notice.decided_date, notice.state, notice.is_reopened
    FROM journeys_resultnotice notice
    WHERE notice.application_id = a.id AND notice.state <> 'superseded'
      AND (notice.result = a.state OR notice.state = 'due' OR {_MESSAGE_STATE} IN {_HEARD})
    ORDER BY notice.noted_at DESC, notice.id DESC LIMIT 1
) last ON TRUE
LEFT JOIN LATERAL (
    SELECT notice.round_number + (
        notice.state = 'not_told'
        OR notice.state = 'told' AND {_MESSAGE_STATE} NOT IN ('queued', 'held', 'parked')
    )::int AS number
    FROM journeys_resultnotice notice
    WHERE notice.application_id = a.id AND notice.result = a.state
      AND notice.decided_date = a.decided_date
    ORDER BY notice.round_number DESC LIMIT 1
) round ON TRUE
WHERE (s.decided_date >= told_since.first OR last.state = 'told' AND NOT last.is_reopened)
  AND (last.result IS DISTINCT FROM a.state
       OR last.is_reopened AND last.decided_date <> a.decided_date)
ORDER BY a.id
ON CONFLICT (application_id, result, decided_date, round_number) DO UPDATE
SET state = 'due', round_number = known.round_number + (known.state = 'superseded')::int,
    noted_at = excluded.noted_at, not_before = excluded.not_before, answer = '', is_reopened = FALSE
WHERE known.state IN ('superseded', 'due')
"""

APPLICATIONS = dataclasses.replace(
    cards.APPLICATIONS,
    after=(*cards.APPLICATIONS.after, _REOPENED, _NOTED),
    asks_for=(*cards.APPLICATIONS.asks_for, TELL),
)
