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

_BY_ANOTHER = """given.group_id = %(group_id)s AND given.campaign_id <> %(campaign_id)s
      AND given.held @> %(day)s::date"""
# Of several grants of the campaign that holds a customer, the one that holds longest. What holds
# the same person under another number holds this one, unless this campaign gave to it before that
# was known: what a number has goes on.
_HELD = f"""
SELECT DISTINCT ON (found.customer_id) found.customer_id, found.campaign_id, upper(found.held)
FROM (
    SELECT asked.customer_id, given.campaign_id, given.held
    FROM unnest(%(customers)s::bigint[]) AS asked(customer_id)
    JOIN campaigns_grant given ON given.customer_id = asked.customer_id
    WHERE {_BY_ANOTHER}
    UNION ALL
    SELECT me.id, given.campaign_id, given.held
    FROM unnest(%(customers)s::bigint[]) AS asked(customer_id)
    JOIN journeys_customer me ON me.id = asked.customer_id
    JOIN journeys_customer same ON same.bearer = me.bearer AND same.id <> me.id
    JOIN campaigns_grant given ON given.customer_id = same.id
    WHERE {_BY_ANOTHER}
      AND NOT EXISTS (
        SELECT FROM campaigns_grant own
        WHERE own.customer_id = me.id AND own.campaign_id = %(campaign_id)s
          AND own.group_id = %(group_id)s AND own.held @> %(day)s::date)
) found
ORDER BY found.customer_id, upper(found.held) DESC NULLS FIRST
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
