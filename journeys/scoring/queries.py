"""Reading what the scorecard needs, for one customer, in one statement."""

import datetime as dt

from django.db import connection

from journeys.scoring import rules

# Spending comes from the cards' index alone: amounts stand in it.
_FACTS = """
SELECT customer.registered_date, coalesce(journey.step, ''), journey.issued_date,
       journey.activated_date, held.open_cards, spent.now, spent.before, spent.purchases,
       spent.last_used, CASE WHEN %(with_traits)s THEN customer.birth_date END
FROM journeys_customer customer
LEFT JOIN journeys_customerstage journey ON journey.customer_id = customer.id
CROSS JOIN LATERAL (
    SELECT count(*) AS open_cards FROM journeys_card card
    WHERE card.customer_id = customer.id AND card.issued_date <= %(on)s
      AND (card.closed_date IS NULL OR card.closed_date > %(on)s)
) AS held
CROSS JOIN LATERAL (
    SELECT coalesce(sum(t.amount) FILTER (WHERE t.posted_date >= %(middle)s), 0) AS now,
           coalesce(sum(t.amount) FILTER (WHERE t.posted_date < %(middle)s), 0) AS before,
           count(*) FILTER (WHERE t.posted_date >= %(middle)s AND t.amount > 0) AS purchases,
           max(t.posted_date) FILTER (WHERE t.amount > 0) AS last_used
    FROM journeys_card card JOIN journeys_transaction t ON t.card_id = card.id
    WHERE card.customer_id = customer.id
      AND t.posted_date >= %(first)s AND t.posted_date < %(end)s
) AS spent
WHERE customer.id = %(customer_id)s
"""


def score_of(*, customer_id: int, on: dt.date, with_traits: bool) -> rules.Score:
    """This will score a customer as of the end of the day `on`. Without `with_traits` no personal
    trait is even read."""
    end = on + dt.timedelta(days=1)
    span = dt.timedelta(days=rules.SPAN_DAYS)
    values: dict[str, int | bool | dt.date] = {
        "customer_id": customer_id, "on": on, "end": end, "middle": end - span,
        "first": end - 2 * span, "with_traits": with_traits,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, values)
        facts = rules.Facts(on, *cursor.fetchone())
    return rules.score_of(facts, with_traits=with_traits)
