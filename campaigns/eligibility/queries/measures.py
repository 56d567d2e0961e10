"""What a run reaches, to be held against what was approved."""

from decimal import Decimal

from django.db import connection
from django.db.models import Sum

from campaigns.eligibility.enums import ChunkState
from campaigns.eligibility.models import Run
from campaigns.planning.enums import TierMode
from campaigns.planning.rules import drift, plans

_REACHED = """
SELECT reached, count(*) FROM campaigns_decision
WHERE run_id = %s AND outcome = 'qualified' GROUP BY reached
"""


def measured(run: Run) -> drift.Measured:
    """This will tell how many qualify in a run whose chunks are decided, and what the tiers they
    reach are worth where nothing bounds it."""
    audience = run.chunks.aggregate(found=Sum("qualified", default=0))["found"]
    rewards = plans.plan_of(run.version.content).rewards
    with connection.cursor() as cursor:
        cursor.execute(_REACHED, [run.pk])
        rows = cursor.fetchall()
    worth = Decimal("0.00")
    for reached, count in rows:
        counted = reached if rewards.mode == TierMode.EACH else reached[-1:]
        worth += count * sum((rewards.tiers[place].value for place in counted), Decimal(0))
    return drift.Measured(audience, worth)


def is_whole(run: Run) -> bool:
    """This will tell whether no part of a run was given up."""
    return not run.chunks.filter(state=ChunkState.FAILED).exists()
