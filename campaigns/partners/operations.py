"""Counting what joint campaigns brought about at their partners."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from campaigns.eligibility.enums import RunKind
from campaigns.eligibility.models import Run
from campaigns.partners.models import JointReturn
from campaigns.planning import queries as planning
from merchants.directory import queries as directory

# So long after its last day a campaign is counted anew: transactions come late.
LATE = dt.timedelta(days=90)
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('campaigns.joint_returns', 0))"
# Whoever qualified was drawn to one side before anything else was asked, so that both sides are
# alike but for the draw: those who were refused for want of budget are of the side that the
# campaign was for. Who stood on both sides, as by an ID number that came later, is on neither.
_COUNTED = """
WITH sides AS MATERIALIZED (
    SELECT d.customer_id, bool_or(d.award = 'control') AS is_held
    FROM campaigns_decision d
    WHERE d.run_id = ANY(%(runs)s) AND d.outcome = 'qualified' AND d.award <> ''
    GROUP BY d.customer_id
    HAVING bool_and(d.award = 'control') OR bool_and(d.award <> 'control')
), asked AS (
    SELECT * FROM unnest(%(merchants)s::bigint[], %(standing)s::bigint[]) AS a(own, merchant_id)
), paid AS (
    SELECT a.merchant_id, t.customer_id, sum(t.amount) AS amount
    FROM journeys_transaction t JOIN asked a ON a.own = t.merchant_id
    WHERE t.posted_date >= %(first)s AND t.posted_date < %(end)s GROUP BY 1, 2
)
SELECT m.merchant_id, s.is_held, count(*), count(*) FILTER (WHERE p.amount <> 0),
       coalesce(sum(p.amount), 0), coalesce(sum(p.amount * p.amount), 0)
FROM (SELECT DISTINCT merchant_id FROM asked) m CROSS JOIN sides s
LEFT JOIN paid p ON p.customer_id = s.customer_id AND p.merchant_id = m.merchant_id GROUP BY 1, 2
"""
_FIGURES = ("people", "payers", "amount", "squares")
_NOTHING = {f"{side}_{what}": 0 for side in ("reached", "held") for what in _FIGURES}


@dataclass(frozen=True)
class _Joint:
    """A campaign with partners: its days as far as they have passed, and its live runs."""

    campaign_id: int
    numbers: Sequence[str]
    first: dt.date
    end: dt.date
    control_percent: int
    runs: Sequence[int]


def count_returns(*, on: dt.date, at: dt.datetime) -> int:
    """This will count, of the campaigns with partners that go on or ended within ninety days before
    a day, what each side paid at each partner in the campaign's days; returns of how many. Twice at
    once is as good as twice after each other."""
    return sum(_count(joint, at) for joint in _joint_on(on))


def _joint_on(on: dt.date) -> Iterable[_Joint]:
    """The latest version of each campaign that was at work says its partners and its days."""
    rows = Run.objects.filter(kind=RunKind.LIVE, cleared_at__isnull=False)
    runs: dict[int, list[Run]] = {}
    for run in rows.filter(version__content__merchants__0__isnull=False).order_by("id"):
        runs.setdefault(run.campaign_id, []).append(run)
    plans = planning.plans_of({found[-1].version_id for found in runs.values()})
    for campaign_id, found in runs.items():
        plan = plans[found[-1].version_id]
        first = plan.runs_from or min(run.on_date for run in found)
        end = min(plan.runs_to or on, on)
        if first < end and end + LATE > on:
            yield _Joint(
                campaign_id, plan.merchants, first, end, plan.control_percent,
                [run.pk for run in found],
            )  # fmt: skip


def _partners(numbers: Sequence[str]) -> dict[int, int]:
    """The merchants that these numbers name and all that was merged into them, each with the one
    that stands for it."""
    known = directory.by_number(numbers=numbers).values()
    return directory.with_aliases(ids=sorted({row.merged_into_id or row.pk for row in known}))


@transaction.atomic
def _count(joint: _Joint, at: dt.datetime) -> int:
    standing = _partners(joint.numbers)
    values: dict[str, Any] = {
        "runs": list(joint.runs), "merchants": list(standing), "standing": list(standing.values()),
        "first": joint.first, "end": joint.end,
    }  # fmt: skip
    told: dict[int, dict[str, Any]] = {key: dict(_NOTHING) for key in standing.values()}
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
        cursor.execute(_COUNTED, values)
        for merchant_id, is_held, *figures in cursor.fetchall():
            side = "held" if is_held else "reached"
            told[merchant_id] |= {
                f"{side}_{what}": figure for what, figure in zip(_FIGURES, figures, strict=True)
            }
    said = {
        "first_date": joint.first, "end_date": joint.end, "control_percent": joint.control_percent,
        "counted_at": at,
    }  # fmt: skip
    for merchant_id, sides in sorted(told.items()):
        JointReturn.objects.update_or_create(
            campaign_id=joint.campaign_id, merchant_id=merchant_id, defaults={**sides, **said}
        )
    return len(told)
