"""Reading what the scorecard needs, for one customer, in one statement."""

import datetime as dt

from django.db import connection

from journeys.scoring import rules

_FACTS = f"""
SELECT facts.*, CASE WHEN %(with_traits)s THEN person.birth_date END
FROM ({rules.facts_sql("%(customer_id)s", "%(on)s")}) AS facts
JOIN journeys_customer person ON person.id = %(customer_id)s
"""


def score_of(*, customer_id: int, on: dt.date, with_traits: bool) -> rules.Score:
    """This will score a customer as of the end of the day `on`. Without `with_traits` no personal
    trait is even read."""
    facts = facts_of(customer_id=customer_id, on=on, with_traits=with_traits)
    return rules.score_of(facts, with_traits=with_traits)


def facts_of(*, customer_id: int, on: dt.date, with_traits: bool) -> rules.Facts:
    """This will read what the scorecard reads of a customer as of the end of the day `on`."""
    values: dict[str, int | bool | dt.date] = {
        "customer_id": customer_id, "on": on, "with_traits": with_traits,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, values)
        return rules.Facts(on, *cursor.fetchone())
