"""What the conditions of a touch plan find about people, and the days that its steps are counted
from: SQL for the statements of this topic, and reading by it."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import connection

from campaigns.conditions.rules import findings, tree
from campaigns.eligibility import queries as eligibility
from campaigns.planning.enums import Anchor
from campaigns.planning.rules import plans
from campaigns.planning.rules.touches import countdown_of

# The day of each anchor, of a row `asked` of the findings with an enrolment `stay`. Of a customer
# without a card of the campaign the application that may still bring one counts: the latest of its
# products filed in the days of issue. Points: those that expire first, of what is left of them.
_DAYS = {
    Anchor.APPLICATION_FILED: "coalesce(asked.filed_date, filed.filed_date)",
    Anchor.APPLICATION_RESULT: "filed.decided_date",
    Anchor.ISSUE: "asked.issued_date",
    Anchor.ACTIVATION: "asked.activated_date",
    Anchor.FIRST_USE: "asked.first_used_date",
    Anchor.GRANT: "given.granted_date",
    Anchor.WINDOW_END: "asked.deadline",
    Anchor.POINTS_EXPIRING: "batch.expires_date",
}
_FILED = """LEFT JOIN LATERAL (
    SELECT application.id, application.filed_date,
           CASE WHEN application.state = 'approved' THEN application.decided_date END
               AS decided_date
    FROM journeys_application application
    WHERE application.customer_id = asked.customer_id AND CASE
        WHEN asked.application_id IS NOT NULL THEN application.id = asked.application_id
        ELSE application.product_id IN (
                 SELECT product.id FROM journeys_cardproduct product
                 WHERE product.code = ANY(%(products)s))
             AND application.filed_date >= %(issued_from)s
             AND application.filed_date < %(issued_to)s AND application.filed_date <= %(on)s END
    ORDER BY application.filed_date DESC, application.id DESC LIMIT 1
) AS filed ON true"""
_GIVEN = """LEFT JOIN LATERAL (
    SELECT given.id, given.granted_date, given.granted_at FROM campaigns_grant given
    WHERE given.customer_id = asked.customer_id AND given.campaign_id = %(campaign_id)s
      AND given.granted_date <= %(on)s AND NOT EXISTS (
          SELECT FROM campaigns_grantreversal gone WHERE gone.grant_id = given.id)
    ORDER BY given.granted_date, given.id LIMIT 1
) AS given ON true"""
_BATCH = """LEFT JOIN LATERAL (
    SELECT batch.expires_date FROM journeys_pointsbatch batch
    WHERE batch.customer_id = asked.customer_id AND batch.expires_date >= %(on)s
      AND batch.points > batch.used + batch.expired
    ORDER BY batch.expires_date LIMIT 1
) AS batch ON true"""
_JOINS = {
    Anchor.APPLICATION_FILED: _FILED,
    Anchor.APPLICATION_RESULT: _FILED,
    Anchor.GRANT: _GIVEN,
    Anchor.POINTS_EXPIRING: _BATCH,
}
# What an anchor is of, so that the same event is entered by once.
_KEYS = {
    Anchor.APPLICATION_FILED: "coalesce(asked.application_id, filed.id)",
    Anchor.APPLICATION_RESULT: "filed.id",
    Anchor.GRANT: "given.id",
}


def days_sql(anchors: Sequence[str]) -> tuple[str, str]:
    """This will return the joins beside `asked` that days of anchors need, and the arms of a CASE
    over `step.anchor` that give them."""
    named = [Anchor(one) for one in anchors if one in _DAYS]
    joins = dict.fromkeys(_JOINS[one] for one in named if one in _JOINS)
    arms = [f"WHEN '{one.value}' THEN {_DAYS[one]}" for one in named]
    return "\n".join(joins), " ".join(arms)


def event_sql(anchor: str) -> tuple[str, str, str]:
    """This will return the joins beside `asked`, the day on which an event came, and the id of what
    it came to."""
    one = Anchor(anchor)
    return _JOINS.get(one, ""), _DAYS[one], _KEYS.get(one, "asked.card_id")


def frame_of(plan: plans.Plan, *, campaign_id: int, on: dt.date) -> dict[str, Any]:
    """This will return what the statements of this topic need of a plan."""
    return eligibility.frame_of(plan) | {
        "campaign_id": campaign_id, "on": on, "zone": settings.TIME_ZONE,
    }  # fmt: skip


def needs_window(plan: plans.Plan) -> bool:
    """This will tell whether a step is counted from the last day of the window."""
    steps = plan.touches.steps if plan.touches else ()
    return any(step.anchor == Anchor.WINDOW_END for step in steps)


def counted(plan: plans.Plan) -> tree.Leaf | None:
    """This will return the condition that a plan counts down to."""
    return countdown_of(plan.touches, plan.rule) if plan.touches else None


@dataclass(frozen=True)
class Found:
    """What was found about one person: which trees hold, for each the facts of its conditions, what
    is missing of what is counted down to, and the last day for it."""

    held: list[bool]
    facts: list[Any]
    gap: Decimal | None
    deadline: dt.date | None
    card_id: int | None


def find(
    plan: plans.Plan,
    trees: Sequence[tree.Node | None],
    customer_ids: Sequence[int],
    *,
    on: dt.date,
    counts: bool = False,
) -> dict[int, Found]:
    """This will tell what trees find about people as of the end of a day, by customer id."""
    asked = findings.findings_of(trees, counted=counted(plan) if counts else None)
    values = asked.parameters | eligibility.frame_of(plan) | {
        "among": list(customer_ids), "on": on,
    }  # fmt: skip
    sql = (
        "SELECT customer_id, array(SELECT coalesce(one, FALSE) FROM unnest(held) WITH ORDINALITY"
        " AS each(one, place) ORDER BY place), facts::text, gap, deadline, card_id"
        f" FROM ({asked.sql}) AS asked"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return {
            customer: Found(held, json.loads(facts), gap, deadline, card)
            for customer, held, facts, gap, deadline, card in cursor.fetchall()
        }
