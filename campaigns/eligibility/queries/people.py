"""The customers of a run: how they are cut into chunks, who is a candidate for a reward, and what
a message may say to those who have it."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import connection

from campaigns.eligibility import rules
from campaigns.eligibility.models import RunChunk
from campaigns.eligibility.queries.statements import frame_of, statement_of
from campaigns.planning import queries as planning
from campaigns.planning.rules import plans
from campaigns.rewards import queries as rewards
from campaigns.rewards.rules import Candidate, read_met, ruled_out_by
from portal.kit import masking

# Every n-th customer begins a chunk, so that gaps in the ids do not make chunks uneven.
_SPANS = """
SELECT id FROM (
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM journeys_customer
) numbered WHERE place %% %(size)s = 0 ORDER BY id
"""
# On a later evening of a back-test, whoever was given something before is asked about apart.
_CANDIDATES = """
SELECT decision.customer_id, decision.card_id, customer.branch_id, decision.reached{more}
FROM campaigns_decision decision JOIN journeys_customer customer
    ON customer.id = decision.customer_id
WHERE decision.run_id = %(run_id)s AND decision.outcome = 'qualified' AND decision.award = ''
  AND decision.customer_id >= %(first_id)s AND decision.customer_id < %(end_id)s
ORDER BY decision.customer_id
"""
_NONE, _FACTS = ", ''", ", decision.facts::text"
_MET = ", jsonb_path_query_array(decision.facts, '$[*][0]')::text"
_NAMED = """
SELECT decision.customer_id, right(card.masked_number, 4), customer.name
FROM campaigns_decision decision
JOIN journeys_card card ON card.id = decision.card_id
JOIN journeys_customer customer ON customer.id = decision.customer_id
WHERE decision.run_id = %(run_id)s AND decision.customer_id = ANY(%(customer_ids)s)
ORDER BY decision.customer_id
"""


def customer_spans() -> list[tuple[int, int]]:
    """This will cut the customers there are now into half-open spans of ids."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), max(id) FROM journeys_customer")
        count, last = cursor.fetchone()
        if not count:
            return []
        cursor.execute(_SPANS, {"size": rules.chunk_size(count)})
        starts = [row[0] for row in cursor.fetchall()]
    return list(zip(starts, [*starts[1:], last + 1], strict=True))


def candidates(chunk: RunChunk, plan: plans.Plan) -> list[Candidate]:
    """This will list those of a chunk who qualify and about whom no reward was asked yet, in the
    order of their ids. Facts are read only where a reward follows from them, and what was decided
    of each condition only where other campaigns may rule the reward out."""
    values = {"run_id": chunk.run_id, "first_id": chunk.first_id, "end_id": chunk.end_id}
    more = (_FACTS if plan.measures() else _NONE) + (_MET if ruled_out_by(plan) else _NONE)
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES.format(more=more), values)
        return [
            Candidate(
                customer, card, branch, tuple(reached), *_measured(plan, facts), read_met(met)
            )
            for customer, card, branch, reached, facts, met in cursor.fetchall()
        ]


# Those whom a back-test gave something before, by what is decided about them on this evening.
_AGAIN = """
SELECT decided.customer_id, decided.card_id, customer.branch_id, decided.reached,
       decided.facts::text, jsonb_path_query_array(decided.facts, '$[*][0]')::text
FROM ({decisions}) AS decided JOIN journeys_customer customer ON customer.id = decided.customer_id
WHERE decided.outcome = 'qualified'
ORDER BY decided.customer_id
"""


def candidates_again(chunk: RunChunk, plan: plans.Plan) -> list[tuple[Candidate, str]]:
    """This will list those of a chunk of a back-test who qualify on its evening and were given
    something on an earlier one, where more can be given, with the facts as JSON."""
    if not chunk.run.is_back_test or not rules.gives_more(plan.rewards):
        return []
    span = {"first": chunk.first_id, "end": chunk.end_id}
    people = rewards.customers_between(run_id=chunk.run_id, **span)
    if not people:
        return []
    found = statement_of(plan, among=True)
    values = found.parameters | frame_of(plan) | span | {
        "run_id": chunk.run_id, "on": chunk.day, "among": people,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_AGAIN.format(decisions=found.sql), values)
        return [
            (
                Candidate(
                    customer, card, branch, tuple(reached),
                    *_measured(plan, facts if plan.measures() else ""), read_met(met),
                ),
                facts,
            )
            for customer, card, branch, reached, facts, met in cursor.fetchall()
        ]  # fmt: skip


def _measured(
    plan: plans.Plan, facts: str = ""
) -> tuple[dict[int, Decimal], dict[int, tuple[int, ...]]]:
    """What the facts say of the sums that tiers multiply, and of persons brought, by the tier's
    position; nothing where no tier is measured so."""
    spent, brought = {}, {}
    found = json.loads(facts) if facts else []
    for at, place in plan.measures().items() if facts else ():
        if plan.rewards.tiers[at].multiple is not None:
            spent[at] = Decimal(found[place][1])
        else:
            brought[at] = tuple(found[place][1])
    return spent, brought


def contexts_of(chunk: RunChunk, customer_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """This will return what a message may say to those who have the reward, by customer id: the
    last digits of the card, the masked name, and what was given, which an earlier version of the
    campaign may have done."""
    running = chunk.run.version
    tiers = planning.tiers_of(running.campaign_id)
    given = rewards.given_to(campaign_id=running.campaign_id, customer_ids=customer_ids)
    values: dict[str, Any] = {"run_id": chunk.run_id, "customer_ids": list(customer_ids)}
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, values)
        return {
            customer_id: {
                "card_tail": tail,
                "name": masking.mask_name(name),
                **rewards.told(given[customer_id], tiers),
            }
            for customer_id, tail, name in cursor.fetchall()
            if customer_id in given
        }
