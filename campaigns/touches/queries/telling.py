"""What the text of a step says to each person, and which wordings were approved for it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from campaigns.eligibility import queries as eligibility
from campaigns.planning import queries as planning
from campaigns.planning.rules import plans
from campaigns.planning.rules.touch_linting import COUNTED, OF_GRANT, OF_POINTS
from campaigns.planning.rules.touches import Step
from campaigns.rewards import queries as rewards
from campaigns.touches.queries import asking
from campaigns.touches.queries.asking import Found
from journeys.outreach import queries as outreach
from journeys.outreach import rules as filling
from portal.kit import masking, money

_NAMED = """
SELECT customer.id, customer.name, right(card.masked_number, 4)
FROM ROWS FROM (unnest(%(ids)s::bigint[]), unnest(%(cards)s::bigint[])) AS one(id, card_id)
JOIN journeys_customer customer ON customer.id = one.id
LEFT JOIN journeys_card card ON card.id = one.card_id
ORDER BY customer.id
"""
_POINTS = """
SELECT DISTINCT ON (batch.customer_id) batch.customer_id, batch.expires_date,
       sum(batch.points - batch.used - batch.expired) OVER (
           PARTITION BY batch.customer_id, batch.expires_date)
FROM journeys_pointsbatch batch
WHERE batch.customer_id = ANY(%(ids)s) AND batch.expires_date >= %(on)s
  AND batch.points > batch.used + batch.expired
ORDER BY batch.customer_id, batch.expires_date
"""


@dataclass(frozen=True)
class Texts:
    """The wordings that were approved for the text `code` of a step, and what they need; `is_whole`
    where each channel has one that everybody can be sent."""

    code: str
    ids: list[int]
    needed: frozenset[str]
    is_whole: bool

    @property
    def counts_down(self) -> bool:
        return not self.needed.isdisjoint(COUNTED)


def texts_of(version: Any, plan: plans.Plan, step: Step) -> dict[str, Texts]:
    """This will return the wordings with which a version's step was approved, by the codes of its
    variants; "" where it has none."""
    approved = planning.approved_messages(version)
    return {
        variant: _texts(planning.texts_for(approved, plan, code), code, step)
        for variant, code in step.texts.items()
    }


def _texts(ids: Sequence[int], code: str, step: Step) -> Texts:
    found = [one for one in outreach.texts_by_id(ids) if one.channel in step.channels]
    needed = frozenset[str]().union(
        *(filling.variables_of(text) for one in found for text in (one.subject, one.body))
    )
    missing = outreach.without_text(found, step.channels)
    return Texts(code, [one.pk for one in found], needed, not missing)


def contexts_of(
    version: Any, plan: plans.Plan, found: Mapping[int, Found], texts: Texts, *, on: dt.date
) -> dict[int, dict[str, str]]:
    """This will return what the texts of a step say to each person, by customer id; who lacks what
    they need is left out."""
    ids = sorted(found)
    contexts = _named(plan, ids, found)
    if not texts.needed.isdisjoint(OF_GRANT):
        tiers = planning.tiers_of(version.campaign_id)
        given = rewards.given_to(campaign_id=version.campaign_id, customer_ids=ids)
        for customer_id, had in given.items():
            contexts[customer_id] |= rewards.told(had, tiers)
    if texts.counts_down:
        # Nobody is told how much is missing for what is not given to them any more.
        for customer_id in eligibility.still_given(version.pk, ids, on=on):
            contexts[customer_id] |= _countdown(plan, found[customer_id], on)
    if not texts.needed.isdisjoint(OF_POINTS):
        for customer_id, expires, points in _points(ids, on):
            contexts[customer_id] |= {"points": f"{points:,}", "expires": expires.isoformat()}
    return {
        customer_id: context
        for customer_id, context in contexts.items()
        if texts.needed <= context.keys()
    }


def _named(
    plan: plans.Plan, ids: Sequence[int], found: Mapping[int, Found]
) -> dict[int, dict[str, str]]:
    values: dict[str, Any] = {
        "ids": list(ids),
        "cards": [found[customer_id].card_id for customer_id in ids],
    }
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, values)
        return {
            customer_id: {
                "campaign": plan.facts.name,
                "campaign_en": plan.facts.name_en,
                "name": masking.mask_name(name),
                **({"card_tail": tail} if tail else {}),
            }
            for customer_id, name, tail in cursor.fetchall()
        }


def _countdown(plan: plans.Plan, one: Found, on: dt.date) -> dict[str, str]:
    """What is missing and for how long, where something is and the last day is not over: what is
    asked about is the end of the day before, and today still counts."""
    leaf = asking.counted(plan)
    if leaf is None or one.gap is None or one.deadline is None or one.deadline < on:
        return {}
    is_money = leaf.condition.kind == "spending_in_window"
    return {
        "to_go": money.show(one.gap) if is_money else f"{one.gap:,.0f}",
        "days_left": str((one.deadline - on).days),
        "deadline": one.deadline.isoformat(),
    }


def _points(ids: Sequence[int], on: dt.date) -> list[tuple[int, dt.date, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_POINTS, {"ids": list(ids), "on": on})
        return cursor.fetchall()
