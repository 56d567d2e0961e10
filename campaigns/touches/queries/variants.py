"""Who is told a step in which of its variants: drawn by the person, the same each time.

Each variant has a draw of its own for each person, and the one wins whose draw, weighed by its
share, comes out highest. So the shares are kept, whatever their order; where a new version changes
them, people move only to a variant whose share grew against that of their own, and all others stay.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from campaigns.planning.rules.touches import Step
from journeys.customers.rules import PLACES, place_sql


def drawn_sql(customer: str) -> str:
    """This will return the expression for the code of the variant that the row `customer` is told,
    of those whose `codes`, `shares` and `salts` are given."""
    place = f"({place_sql('each.salt', customer)} + 0.5)::float8 / {PLACES}"
    return f"""(
    SELECT each.code
    FROM unnest(%(codes)s::text[], %(shares)s::int[], %(salts)s::bytea[]) AS each(code, share, salt)
    ORDER BY ln({place}) / each.share DESC, each.code LIMIT 1
)"""


_DRAWN = f"""
SELECT customer.id, {drawn_sql("customer")} FROM journeys_customer AS customer
WHERE customer.id = ANY(%(ids)s::bigint[])
"""


def values_of(campaign: str, step: Step) -> dict[str, Any]:
    """This will return the values of `drawn_sql` for a step of the campaign of this code."""
    return {
        "codes": [one.code for one in step.variants],
        "shares": [one.share for one in step.variants],
        "salts": [f"variant:{campaign}:{step.code}:{one.code}:".encode() for one in step.variants],
    }


def drawn(campaign: str, step: Step, customer_ids: Sequence[int]) -> Mapping[int, str]:
    """This will tell in which variant each of these people is told a step, "" for all where it has
    none."""
    if not step.variants:
        return dict.fromkeys(customer_ids, "")
    with connection.cursor() as cursor:
        cursor.execute(_DRAWN, values_of(campaign, step) | {"ids": list(customer_ids)})
        return dict(cursor.fetchall())
