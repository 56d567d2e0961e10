"""Giving rewards."""

import datetime as dt
from decimal import Decimal

from django.db import connection

# A gift before activation and first use is against article 49 of the Measures for the Supervision
# of Credit Card Business (2011): such cards are left out here, and refused by a trigger.
_GRANT = """
INSERT INTO campaigns_grant (campaign_id, version_id, run_id, customer_id, card_id, reward, amount,
                             granted_date, granted_at)
SELECT %(campaign_id)s, %(version_id)s, decision.run_id, decision.customer_id, decision.card_id,
       %(reward)s, %(amount)s, %(granted_date)s, %(at)s
FROM campaigns_decision decision JOIN journeys_card card ON card.id = decision.card_id
WHERE decision.run_id = %(run_id)s AND decision.outcome = 'qualified'
  AND decision.customer_id >= %(first_id)s AND decision.customer_id < %(end_id)s
  AND card.activated_date <= %(on)s AND card.first_used_date <= %(on)s
ORDER BY decision.customer_id
ON CONFLICT (customer_id, campaign_id) DO NOTHING
"""


def grant_qualified(
    *,
    run_id: int,
    version_id: int,
    campaign_id: int,
    reward: str,
    amount: Decimal,
    span: tuple[int, int],
    on: dt.date,
    granted_date: dt.date,
    at: dt.datetime,
) -> int:
    """This will give the reward to those of a run who qualify, within the caller's transaction,
    and return how many got it now.

    `span` is the half-open span of customer ids; `on` the day at whose end the card must be
    activated and used. Nobody is given anything twice by one campaign, whichever
    of its versions gave it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _GRANT,
            {
                "run_id": run_id,
                "version_id": version_id,
                "campaign_id": campaign_id,
                "reward": reward,
                "amount": amount,
                "first_id": span[0],
                "end_id": span[1],
                "on": on,
                "granted_date": granted_date,
                "at": at,
            },
        )
        return cursor.rowcount
