"""Counting what joint campaigns brought about at their partners."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
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
# campaign was for. Whoever was drawn to the other side later, as by an ID number that came later,
# stays where the first draw put him (0271).
_COUNTED = """
WITH sides AS MATERIALIZED (
    SELECT DISTINCT ON (d.customer_id) d.customer_id, d.award = 'control' AS is_held
    FROM unnest(%(runs)s::bigint[]) WITH ORDINALITY AS run(id, place)
    JOIN campaigns_decision d ON d.run_id = run.id
    WHERE d.outcome = 'qualified' AND d.award <> ''
    ORDER BY d.customer_id, run.place
), people AS (
    SELECT is_held, count(*) AS number FROM sides GROUP BY is_held
), paid AS (
    SELECT p.merchant_id, s.is_held, count(*) FILTER (WHERE p.amount <> 0) AS payers,
           sum(p.amount) AS amount, sum(p.amount * p.amount) AS squares
    FROM joint_paid p JOIN sides s ON s.customer_id = p.customer_id
    WHERE p.campaign_id = %(campaign)s GROUP BY 1, 2
)
SELECT m.merchant_id, k.is_held, k.number, coalesce(p.payers, 0), coalesce(p.amount, 0),
       coalesce(p.squares, 0)
FROM unnest(%(merchants)s::bigint[]) AS m(merchant_id) CROSS JOIN people k
LEFT JOIN paid p ON p.merchant_id = m.merchant_id AND p.is_held = k.is_held
"""
# What everybody paid at the partners of all campaigns in their days: transactions have no index by
# merchant, so they are read once, not once for each campaign.
_PAID = """
CREATE TEMP TABLE joint_paid ON COMMIT DROP AS
SELECT a.campaign_id, a.merchant_id, t.customer_id, sum(t.amount) AS amount
FROM journeys_transaction t JOIN unnest(
    %(campaigns)s::bigint[], %(own)s::bigint[], %(standing)s::bigint[], %(firsts)s::date[],
    %(ends)s::date[]
) AS a(campaign_id, own, merchant_id, first_date, end_date)
    ON a.own = t.merchant_id AND t.posted_date >= a.first_date AND t.posted_date < a.end_date
WHERE t.posted_date >= %(first)s AND t.posted_date < %(end)s GROUP BY 1, 2, 3
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
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LOCK)
        partners = [(joint, _partners(joint.numbers)) for joint in _joint_on(on)]
        if not partners:
            return 0
        _read_paid(cursor, partners)
        return sum(_count(cursor, joint, standing, at) for joint, standing in partners)


def _joint_on(on: dt.date) -> Iterable[_Joint]:
    """The latest version of each campaign that was at work says its partners and its days."""
    rows = Run.objects.filter(kind=RunKind.LIVE, cleared_at__isnull=False)
    runs: dict[int, list[Run]] = {}
    joint = rows.filter(version__content__merchants__0__isnull=False)
    for run in joint.order_by("on_date", "id"):
        runs.setdefault(run.campaign_id, []).append(run)
    newest = {key: max(found, key=lambda run: run.pk).version_id for key, found in runs.items()}
    plans = planning.plans_of(set(newest.values()))
    for campaign_id, found in runs.items():
        plan = plans[newest[campaign_id]]
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


def _read_paid(cursor: Any, partners: Sequence[tuple[_Joint, Mapping[int, int]]]) -> None:
    asked = [
        (joint.campaign_id, own, standing, joint.first, joint.end)
        for joint, found in partners
        for own, standing in found.items()
    ]
    names = ("campaigns", "own", "standing", "firsts", "ends")
    columns = {name: [row[place] for row in asked] for place, name in enumerate(names)}
    first = min(joint.first for joint, _found in partners)
    end = max(joint.end for joint, _found in partners)
    cursor.execute("DROP TABLE IF EXISTS pg_temp.joint_paid")
    cursor.execute(_PAID, {**columns, "first": first, "end": end})
    cursor.execute("ANALYZE joint_paid")


def _count(cursor: Any, joint: _Joint, standing: Mapping[int, int], at: dt.datetime) -> int:
    told: dict[int, dict[str, Any]] = {key: dict(_NOTHING) for key in standing.values()}
    cursor.execute(
        _COUNTED,
        {"runs": list(joint.runs), "merchants": list(told), "campaign": joint.campaign_id},
    )
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
