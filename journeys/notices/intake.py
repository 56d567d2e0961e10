"""The file of applications, with what follows from it: each new result is to be told.

The notice is written in the import's own transaction, so that there is never a result without it,
whichever way the rows came; telling is asked for after the commit. What a statement reads of the
time is the import's instant. A result older than the rule allows leaves no row: a first load of a
bank's past brings a million of them.
"""

import dataclasses

from django.conf import settings

from journeys.cards import intake as cards
from journeys.cards.enums import OPEN_STATES

TELL = "journeys.tell_results"

_ZONE = settings.TIME_ZONE
_OPEN = ", ".join(f"'{state.value}'" for state in OPEN_STATES)
# Results from before an application was opened again are answered no more by the next one.
_REOPENED = f"""
UPDATE journeys_resultnotice notice SET is_reopened = TRUE
FROM intake_staging s JOIN journeys_application a ON a.number = s.number
WHERE s.state IN ({_OPEN}) AND notice.application_id = a.id AND NOT notice.is_reopened
"""
# One for each result: the same file again, or a result whose day alone was corrected, is none.
# One that was replaced before anybody heard of it, and comes again, is to be told after all.
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
SELECT a.id, a.customer_id, a.state, a.decided_date, 'due', 1, told_since.at,
       greatest(told_since.at, a.decided_date::timestamp AT TIME ZONE '{_ZONE}'), '', FALSE
FROM told_since
JOIN intake_staging s ON s.state NOT IN ({_OPEN}) AND s.decided_date >= told_since.first
JOIN journeys_application a ON a.number = s.number
WHERE a.state IS DISTINCT FROM (
    SELECT told.result FROM journeys_resultnotice told
    WHERE told.application_id = a.id AND told.state <> 'superseded' AND NOT told.is_reopened
    ORDER BY told.noted_at DESC, told.id DESC LIMIT 1
)
ORDER BY a.id
ON CONFLICT (application_id, result, decided_date) DO UPDATE
SET state = 'due', round_number = known.round_number + 1, noted_at = excluded.noted_at,
    not_before = excluded.not_before, answer = '', is_reopened = FALSE
WHERE known.state = 'superseded'
"""

APPLICATIONS = dataclasses.replace(
    cards.APPLICATIONS,
    after=(*cards.APPLICATIONS.after, _REOPENED, _NOTED),
    asks_for=(*cards.APPLICATIONS.asks_for, TELL),
)
