"""A campaign in whose live run everybody qualified, for the benchmark of effects: the run, the bare
sums of its window, and a year of counts and looks. SQL alone, so that a million take seconds."""

import datetime as dt
import time
from typing import Any

import yaml
from django.db import connection, transaction

from campaigns.models import CampaignVersion, EffectRule, Run
from campaigns.planning import operations as planning
from journeys.models import CardProduct
from portal.kit import clock
from portal.models import Branch, Staff
from portal.runtime import stack

WINDOW, SETTLE, DAYS = 30, 3, 365
_PLAN = stack.PROJECT / "examples" / "known_case" / "campaign.yaml"
_DECIDED = """
INSERT INTO campaigns_decision (run_id, customer_id, outcome, facts, reached, award, awarded, gate,
    channel)
SELECT %(run)s, id, 'qualified', '[]', '{}',
       CASE WHEN id %% 10 = 0 THEN 'control' ELSE 'had_before' END, 0, '', ''
FROM journeys_customer ORDER BY id
"""
_BARE = """
SELECT d.award = 'control', count(DISTINCT d.customer_id), coalesce(sum(t.amount), 0)
FROM campaigns_decision d LEFT JOIN (
    SELECT c.customer_id, t.amount FROM journeys_card c JOIN journeys_transaction t
        ON t.card_id = c.id AND t.posted_date > %(on)s AND t.posted_date <= %(end)s
) t ON t.customer_id = d.customer_id
WHERE d.run_id = %(run)s GROUP BY 1
"""
# A year of days of entry and of looks, as a campaign has that runs every evening.
_YEAR = """
INSERT INTO campaigns_effectday (campaign_id, entered_date, is_held, control_percent, people,
    crossed, is_ripe, converted, active, payers, amount, squares, capped_amount, capped_squares,
    active_before, payers_before, amount_before, squares_before)
SELECT campaign_id, entered_date - n, is_held, control_percent, people, crossed, is_ripe, converted,
    active, payers, amount, squares, capped_amount, capped_squares, active_before, payers_before,
    amount_before, squares_before
FROM campaigns_effectday, generate_series(1, %(days)s) n
"""
_LOOKED = """
INSERT INTO campaigns_effectlook (campaign_id, on_date, measure, reached_people, held_people,
    reached, held, "by", low, high, once_low, once_high, at)
SELECT %(campaign)s, %(on)s::date - n, measure, 900, 100, 0.2, 0.1, 0.1, 0.01, 0.19, 0.03, 0.17,
    now()
FROM unnest(%(measures)s::text[]) measure, generate_series(1, %(days)s) n
"""


def decided_run(on: dt.date) -> Run:
    """This will make a live run of a day in which everybody qualified, a tenth held out."""
    owner = Staff.objects.create(
        username="owner", staff_number="90", name="owner", role="campaign_manager",
        branch=Branch.objects.filter(parent=None).get(),
    )  # fmt: skip
    EffectRule.objects.create(
        effective_date=dt.date(2020, 1, 1), window_days=WINDOW, settle_days=SETTLE, fewest=100,
        tuned=2_000, error_percent=5, power_percent=80, cap=20_000, source="benchmark",
    )  # fmt: skip
    products = list(CardProduct.objects.values_list("code", flat=True))
    of_bank = {"code": "effects", "control_percent": 10, "products": products}
    plan = yaml.safe_load(_PLAN.read_text("utf-8")) | of_bank
    with transaction.atomic(), connection.cursor() as cursor:
        # The run is told of, not made: no approval, no gate.
        cursor.execute("SET LOCAL session_replication_role = replica")
        version: CampaignVersion = planning.load_campaign(
            text=yaml.safe_dump(plan, allow_unicode=True), owner=owner, at=clock.now()
        )
        run = Run.objects.create(
            version=version, campaign=version.campaign, kind="live", state="done", on_date=on,
            started_at=clock.start_of(on), finished_at=clock.now(), cleared_at=clock.now(),
            texts=[],
        )  # fmt: skip
        cursor.execute(_DECIDED, {"run": run.pk})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE campaigns_decision")
    return run


def bare(run: Run, on: dt.date) -> tuple[float, dict[bool, tuple[int, Any]]]:
    """This will sum what both sides paid in the window by one statement, and return the seconds
    that it took, and people and sums by side."""
    values: dict[str, Any] = {"run": run.pk, "on": on, "end": on + dt.timedelta(days=WINDOW)}
    started = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(_BARE, values)
        rows = cursor.fetchall()
    return time.perf_counter() - started, {row[0]: (row[1], row[2]) for row in rows}


def a_year(run: Run) -> None:
    """This will repeat the counts for a year of days of entry, with a look on each day."""
    with connection.cursor() as cursor:
        cursor.execute(_YEAR, {"days": DAYS})
        cursor.execute(
            _LOOKED,
            {"campaign": run.campaign_id, "on": clock.today(), "days": DAYS,
             "measures": ["conversion", "activation", "spending", "capped"]},
        )  # fmt: skip
        cursor.execute("ANALYZE campaigns_effectday")
        cursor.execute("ANALYZE campaigns_effectlook")
