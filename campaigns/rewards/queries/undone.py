"""Whether refunds undid a grant: its conditions at the end of the same day, with what was refunded
and as if nothing had been."""

import datetime as dt
import json
from collections.abc import Sequence

from django.db import connection

from campaigns.conditions.rules import tree
from campaigns.planning.rules import plans
from campaigns.planning.rules.rewards import Tier
from campaigns.rewards import rules
from campaigns.rewards.models import Grant
from campaigns.rewards.queries.asking import about_card

# The statement that decides, asked about many days at once.
_ON_DAYS = """
SELECT looked.day, decided.failed_at, decided.facts::text
FROM unnest(%(days)s::date[]) AS looked(day) CROSS JOIN LATERAL ({sql}) AS decided
WHERE decided.outcome = 'not_qualified'
"""
# Takes the table's place in all that stands below.
_NOTHING_REFUNDED = """
WITH journeys_transaction AS NOT MATERIALIZED (
    SELECT * FROM journeys_transaction posted WHERE posted.amount > 0)
"""


def undone(
    plan: plans.Plan,
    tier: Tier | None,
    grant: Grant,
    *,
    decided: dt.date,
    refund_days: Sequence[dt.date],
    on: dt.date,
) -> rules.Lost | None:
    """This will tell when and how refunds undid a grant: on which of their days (`decided` for
    those posted up to it) its conditions failed, and would not have without refunds; None where
    that is nowhere so, or where the conditions held again on a later day up to `on`."""

    def failures(days: Sequence[dt.date], *, refunded: bool = True) -> dict[dt.date, rules.Lost]:
        return _failures(plan, tier, grant, days, refunded=refunded)

    if not failures([on]):
        return None
    days = [day for day in rules.days_to_look_at(decided, refund_days) if day <= on]
    lost = failures(days)
    days = sorted(lost.keys() - failures(sorted(lost), refunded=False).keys())
    if not days:
        return None
    later = [days[0] + dt.timedelta(days=number) for number in range((on - days[0]).days + 1)]
    held = max(set(later) - failures(later).keys(), default=None)
    return next((lost[day] for day in days if held is None or day > held), None)


def _failures(
    plan: plans.Plan, tier: Tier | None, grant: Grant, days: Sequence[dt.date], *, refunded: bool
) -> dict[dt.date, rules.Lost]:
    """On which of the days the card of a grant fails the rule, or what the tier needs beyond it,
    and how."""
    found = _failures_of(plan.rule, grant, days, refunded=refunded)
    asks = rules.undoable(tier) if tier else None
    if asks is None:
        return found
    before = len(tree.leaves(plan.rule))
    left = [day for day in days if day not in found]
    further = _failures_of(asks, grant, left, refunded=refunded)
    return found | {day: rules.after(lost, before) for day, lost in further.items()}


def _failures_of(
    rule: tree.Node, grant: Grant, days: Sequence[dt.date], *, refunded: bool
) -> dict[dt.date, rules.Lost]:
    if not days:
        return {}
    asked, values = about_card(grant, rule)
    sql = _ON_DAYS.format(sql=asked.replace("%(on)s", "looked.day"))
    values["days"] = list(days)
    with connection.cursor() as cursor:
        cursor.execute(sql if refunded else _NOTHING_REFUNDED + sql, values)
        rows = cursor.fetchall()
    return {day: rules.Lost(day, failed, json.loads(facts)) for day, failed, facts in rows}
