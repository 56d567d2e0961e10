"""Reading what the other campaigns of an exclusive group hold."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import connection

from campaigns.groups import queries as groups
from campaigns.groups.rules import Group, Held
from campaigns.planning.rules import plans
from campaigns.rewards import rules
from journeys.customers.rules import with_other_numbers

_BY_ANOTHER = """given.group_id = %(group_id)s AND given.campaign_id <> %(campaign_id)s
      AND given.held @> %(day)s::date"""
# Of several grants of the campaign that holds a customer, the one that holds longest. What holds
# the same person under another number holds this one, unless this campaign gave to it before that
# was known: what a number has goes on.
_HELD = f"""
WITH {with_other_numbers()}
SELECT DISTINCT ON (found.who) found.who, found.campaign_id, upper(found.held)
FROM (
    SELECT asked.id AS who, given.campaign_id, given.held
    FROM unnest(%(customers)s::bigint[]) AS asked(id)
    JOIN campaigns_grant given ON given.customer_id = asked.id
    WHERE {_BY_ANOTHER}
    UNION ALL
    SELECT person.who, had.campaign_id, had.held FROM person CROSS JOIN LATERAL (
        SELECT given.campaign_id, given.held FROM campaigns_grant given
        WHERE given.customer_id = person.number AND {_BY_ANOTHER} OFFSET 0
    ) had
    WHERE NOT EXISTS (
        SELECT FROM campaigns_grant own
        WHERE own.customer_id = person.who AND own.campaign_id = %(campaign_id)s
          AND own.group_id = %(group_id)s AND own.held @> %(day)s::date OFFSET 0)
) found
ORDER BY found.who, upper(found.held) DESC NULLS FIRST
"""


def group_of(plan: plans.Plan) -> Group | None:
    """This will return the exclusive group of a plan; None where it names none."""
    return groups.named([plan.group])[plan.group] if plan.group else None


def without_held(
    group: Group | None,
    candidates: Sequence[rules.Candidate],
    *,
    campaign_id: int,
    day: dt.date,
) -> list[rules.Candidate]:
    """This will leave no tier to candidates to whom, under whatever number, another campaign of the
    group gave something that rules them out on a day. Whoever grants has locked the customers
    before."""
    if group is None:
        return list(candidates)
    values: dict[str, Any] = {
        "customers": [one.customer_id for one in candidates],
        "group_id": group.pk, "campaign_id": campaign_id, "day": day,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_HELD, values)
        held = {customer: Held(*found) for customer, *found in cursor.fetchall()}
    return [
        replace(one, reached=(), held=held[one.customer_id]) if one.customer_id in held else one
        for one in candidates
    ]
