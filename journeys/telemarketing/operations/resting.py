"""Leads that are passed over for a while, since something stood against their call."""

import datetime as dt
from collections.abc import Sequence

from django.db import connection, transaction

# How many a walk must have looked at in vain before it is worth a note; fewer are looked at anew.
FEW = 256
# From half an hour on, and not all at one moment (seconds): the odd ones out by their numbers. A
# call with a last instant that is near is looked at each time.
_SHORTEST, _SPREAD = 1_800, 1_801
_NOTE = f"""
INSERT INTO journeys_leadrest (lead_id, until)
SELECT id, %(at)s::timestamptz + make_interval(secs => {_SHORTEST} + id %% {_SPREAD})
FROM journeys_lead WHERE id = ANY(%(ids)s::bigint[])
  AND (call_before IS NULL OR call_before > %(at)s::timestamptz + interval '2 hours')
ON CONFLICT (lead_id) DO UPDATE SET until = excluded.until
WHERE journeys_leadrest.until < excluded.until
"""
_MIND = "SELECT pg_try_advisory_xact_lock(hashtext('journeys.leadrest'))"


@transaction.atomic
def pass_over(*, lead_ids: Sequence[int], at: dt.datetime) -> None:
    """This will note that these leads of the pool need not be looked at again for half an hour to
    an hour, where there are more than FEW; nothing, where another walk notes its own at this
    moment."""
    if len(lead_ids) <= FEW:
        return
    with connection.cursor() as cursor:
        cursor.execute(_MIND)
        if cursor.fetchone()[0]:
            cursor.execute(_NOTE, {"ids": list(lead_ids), "at": at})
