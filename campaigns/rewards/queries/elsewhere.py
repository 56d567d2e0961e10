"""Reading what campaigns gave that rule out the rewards of another one."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from django.db import connection

from campaigns.planning.rules import plans
from campaigns.rewards import rules
from campaigns.rewards.models import Grant
from campaigns.rewards.queries.asking import about_card
from journeys.customers.rules import with_other_numbers

# Taken back or not, and under whatever number of the same person, as the condition counts it.
_NAMED = """given.campaign_id = ANY(ARRAY(
        SELECT named.id FROM campaigns_campaign named WHERE named.code = ANY(%(codes)s)))
      AND (%(until)s::date IS NULL OR given.granted_date <= %(until)s)"""
_HAD = f"""
WITH {with_other_numbers()}
SELECT found.who, array_agg(DISTINCT campaign.code::text)
FROM (
    SELECT asked.id AS who, given.campaign_id
    FROM unnest(%(customers)s::bigint[]) AS asked(id)
    JOIN campaigns_grant given ON given.customer_id = asked.id
    WHERE {_NAMED}
    UNION ALL
    SELECT person.who, had.campaign_id FROM person CROSS JOIN LATERAL (
        SELECT given.campaign_id FROM campaigns_grant given
        WHERE given.customer_id = person.number AND {_NAMED} OFFSET 0
    ) had
) found JOIN campaigns_campaign campaign ON campaign.id = found.campaign_id
GROUP BY found.who
"""
_MET = """
SELECT jsonb_path_query_array(decided.facts, '$[*][0]')::text FROM ({decisions}) AS decided
"""


def narrowed(
    plan: plans.Plan, candidates: Sequence[rules.Candidate], *, until: dt.date | None
) -> list[rules.Candidate]:
    """This will leave to candidates the tiers that they still reach, given what the campaigns that
    the plan names have given them, under whatever number, up to a day, or up to now."""
    named = rules.ruled_out_by(plan)
    if not named:
        return list(candidates)
    had = _had([one.customer_id for one in candidates], named, until)
    return [
        replace(one, reached=rules.still_reached(plan, one, had.get(one.customer_id, ())))
        for one in candidates
    ]


def _had(
    customer_ids: Sequence[int], codes: Collection[str], until: dt.date | None
) -> dict[int, list[str]]:
    values: dict[str, Any] = {
        "customers": list(customer_ids), "codes": sorted(codes), "until": until,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_HAD, values)
        return dict(cursor.fetchall())


def met_on(plan: plans.Plan, grant: Grant, day: dt.date) -> tuple[bool, ...]:
    """This will tell which conditions of a plan the card of a grant meets at the end of a day, as
    `Candidate.met`; nothing where the plan names no campaign."""
    if not rules.ruled_out_by(plan):
        return ()
    sql, values = about_card(grant, plan.rule, [tier.asks for tier in plan.rewards.tiers])
    with connection.cursor() as cursor:
        cursor.execute(_MET.format(decisions=sql), values | {"on": day})
        return rules.read_met(cursor.fetchone()[0])
