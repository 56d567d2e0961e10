"""The calls that are made here are among those that the model of calls learns from."""

import datetime as dt
import json
from typing import Any

from django.db import connection, transaction

from journeys.scoring import operations as scoring
from portal.kit.personal import ERASED

BATCH = 2_000
# When a call that nothing came of is one without success; and how far back it is looked for calls.
OPEN_FOR, BACK = dt.timedelta(days=30), dt.timedelta(days=120)
# Calls of which it is known what came: the lead was called again, so nothing yet; it was won after
# this call, or closed; or time has passed. By `lead_hold_called_on`.
_DUE = """
SELECT hold.id, hold.called_at, hold.known, lead.branch_id, lead.customer_id,
       NOT following.is_there AND lead.state = 'won' AS is_won
FROM journeys_leadhold AS hold JOIN journeys_lead AS lead ON lead.id = hold.lead_id
CROSS JOIN LATERAL (SELECT EXISTS (
    SELECT FROM journeys_leadhold AS other WHERE other.lead_id = hold.lead_id
      AND (other.called_at, other.id) > (hold.called_at, hold.id)) AS is_there) AS following
WHERE hold.called_at > %(since)s AND hold.known IS NOT NULL AND lead.name <> %(erased)s
  AND (following.is_there OR lead.state IN ('won', 'lost') OR hold.called_at <= %(old)s)
  AND NOT EXISTS (SELECT FROM journeys_pastcall AS kept WHERE kept.number = 'call:' || hold.id)
ORDER BY hold.called_at, hold.id LIMIT %(most)s
"""


def teach_calls(*, at: dt.datetime, batch: int = BATCH) -> int:
    """This will keep the calls that were made here as past calls, each once, as soon as it is known
    what came of it, and return how many. What is told of a call is what was known when its lead was
    given (`LeadHold.known`). Once more it finds none."""
    count = 0
    while taught := _teach(at, batch):
        count += taught
    return count


@transaction.atomic
def _teach(at: dt.datetime, batch: int) -> int:
    values: dict[str, Any] = {
        "since": at - BACK,
        "old": at - OPEN_FOR,
        "erased": ERASED,
        "most": batch,
    }
    with connection.cursor() as cursor:
        cursor.execute(_DUE, values)
        rows = cursor.fetchall()
    return scoring.keep_calls(
        calls=[
            scoring.OwnCall(
                f"call:{pk}", branch_id, customer_id, called_at, json.loads(known), is_won
            )
            for pk, called_at, known, branch_id, customer_id, is_won in rows
        ],
        at=at,
    )
