"""Runs that stand on an earlier one: which they may stand on, whom they have to decide about, and
what stands about all others.

A live run notes, before its first customer, which transactions had been committed: its `mark`. The
triggers on the tables of facts note for each customer by which transaction something was written
about them, and of which day it is at the latest (`FactChange`). A later run of the same version
decides about those alone of whom

- something was written by a transaction that the mark does not know as committed: one that was in
  flight when the base began stays unknown to it whenever it commits;
- or something is of a day after the base's, whenever it was written;
- or the base's decision has to be looked at again by the passing of time, or because a budget or a
  contact limit stood in the way (`Decision.again_date`); where only a lasting limit of the campaign
  did, such as an empty stock, not before its book allows more (`rules.BOOK_DAY`).

For all others the base's decision stands. A base decided about everybody: nothing is read through
more than one earlier run.
"""

import datetime as dt
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from campaigns.conditions.rules import history, statement, tree
from campaigns.eligibility import rules
from campaigns.eligibility.enums import RunKind, RunState, WholeReason
from campaigns.eligibility.models import Decision, Run
from campaigns.planning.rules import plans
from portal.kit import clock

# Server and database, own transaction, and what it sees. Numbers of transactions mean nothing
# elsewhere: a copy that was restored into another server counts its own.
_MARK = """
SELECT concat_ws(' ', (SELECT system_identifier FROM pg_control_system()) || '/' || (
                     SELECT oid FROM pg_database WHERE datname = current_database()),
                 pg_current_xact_id(), pg_current_snapshot())
"""
# Marks are noted and dropped in turns: what is dropped is known to all runs that are started.
_TURN = "SELECT pg_advisory_xact_lock{kind}(hashtextextended('campaigns.marks', 0))"
_SNAPSHOT = "split_part(%(mark)s, ' ', 3)::pg_snapshot"
_NEWS = f"""
SELECT change.customer_id, change.campaign_id FROM campaigns_factchange change
WHERE change.transaction_id >= pg_snapshot_xmin({_SNAPSHOT})::text::bigint
  AND NOT pg_visible_in_snapshot(change.transaction_id::text::xid8, {_SNAPSHOT})
UNION ALL
SELECT change.customer_id, change.campaign_id FROM campaigns_factchange change
WHERE change.last_date > %(base_on)s
"""
_CHANGED = f"""
SELECT news.customer_id FROM ({_NEWS}) news
WHERE news.campaign_id IS NULL OR news.customer_id > 0 AND news.campaign_id IN (
    SELECT id FROM campaigns_campaign WHERE code = ANY(%(campaigns)s))
UNION
SELECT decision.customer_id FROM campaigns_decision decision
WHERE decision.run_id = %(base_id)s AND decision.again_date <= (
    SELECT CASE WHEN EXISTS (
        SELECT FROM campaigns_factchange change
        WHERE change.customer_id = 0 AND change.campaign_id = %(campaign_id)s
          AND change.transaction_id >= pg_snapshot_xmin({_SNAPSHOT})::text::bigint
          AND NOT pg_visible_in_snapshot(change.transaction_id::text::xid8, {_SNAPSHOT})
    ) THEN %(book_day)s::date ELSE %(on)s::date END)
"""
_BETWEEN = f"""
SELECT customer_id FROM ({_CHANGED}) changed
WHERE customer_id >= %(first)s AND customer_id < %(end)s ORDER BY customer_id
"""
_SPANS = f"""
SELECT customer_id FROM (
    SELECT customer_id, row_number() OVER (ORDER BY customer_id) - 1 AS place
    FROM ({_CHANGED}) changed WHERE customer_id > 0
) numbered WHERE place %% %(size)s = 0 ORDER BY customer_id
"""
_ABOUT = f"SELECT count(*), min(customer_id), max(customer_id) FROM ({_CHANGED}) changed"
# What of the base a run has decided about itself.
_REPLACED = """
SELECT old.outcome, old.failed_at, old.award, old.gate, count(*)
FROM campaigns_decision own JOIN campaigns_decision old
    ON old.run_id = %(base_id)s AND old.customer_id = own.customer_id
WHERE own.run_id = %(run_id)s GROUP BY 1, 2, 3, 4
"""


def mark_now() -> str:
    """This will return what a run is sure to have seen that begins after it, within the caller's
    transaction that makes the run."""
    with connection.cursor() as cursor:
        cursor.execute(_TURN.format(kind="_shared"))
        cursor.execute(_MARK)
        return str(cursor.fetchone()[0])


def base_for(version: Any, *, on: dt.date, at: dt.datetime) -> tuple[Run | None, str]:
    """This will return the run that a live run of a version as of `on` may stand on; None, and why
    not (a WholeReason), where it has to decide about everybody."""
    plan = plans.plan_of(version.content)
    needs = [tier.needs for tier in plan.rewards.tiers]
    if not statement.can_be_carried(plan.rule, needs):
        return None, WholeReason.MOVING
    base = bases().filter(version=version).order_by("-id").first()
    if base is None or not _is_known_here(base):
        return None, WholeReason.FIRST
    if on < base.on_date:
        return None, WholeReason.DAY_BACK
    if clock.bank_day(at) - clock.bank_day(base.started_at) > rules.LONGEST_CARRIED:
        return None, WholeReason.OLD
    count, first, _last = _about(base, plan, on)
    if first == 0:
        return None, WholeReason.REFERENCE
    everybody = _customers_of(base)
    return (base, "") if count * rules.LEAST_CARRIED <= everybody else (None, WholeReason.MANY)


def wait_for_marks() -> None:
    """This will wait, within the caller's transaction, until no run is being started, and keep new
    ones waiting until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_TURN.format(kind=""))


def marked_runs() -> QuerySet[Run]:
    """This will list the runs on which later ones may stand, or may once they have ended."""
    return Run.objects.filter(
        kind=RunKind.LIVE, state__in=[RunState.RUNNING, RunState.DONE], base=None
    ).exclude(mark="")


def bases() -> QuerySet[Run]:
    """This will list the runs on which later ones may stand: about everybody, ended well, and not
    as of a day long before the one on which they were made."""
    return marked_runs().filter(state=RunState.DONE)


def _is_known_here(base: Run) -> bool:
    """Whether the base's mark was made in this database, by a transaction that has ended."""
    database, own, _snapshot = base.mark.split(" ")
    now_database, now_own, _now = mark_now().split(" ")
    return database == now_database and int(own) < int(now_own)


def _customers_of(run: Run) -> int:
    tally = rules.Tally((run.figures or {}).get("tally"))
    return sum(tally.counts("outcome").values())


def _values(base: Run, plan: plans.Plan, on: dt.date) -> dict[str, Any]:
    nodes = [plan.rule, *(tier.needs for tier in plan.rewards.tiers if tier.needs is not None)]
    named = {
        code
        for node in nodes
        for leaf in tree.leaves(node)
        if isinstance(leaf.condition, history.NotInCampaign)
        for code in leaf.condition.campaigns
    }
    return {
        "mark": base.mark, "base_id": base.pk, "base_on": base.on_date, "on": on,
        "campaigns": sorted(named), "campaign_id": base.version.campaign_id,
        "book_day": rules.BOOK_DAY,
    }  # fmt: skip


def _about(base: Run, plan: plans.Plan, on: dt.date) -> tuple[int, int | None, int | None]:
    with connection.cursor() as cursor:
        cursor.execute(_ABOUT, _values(base, plan, on))
        count, first, last = cursor.fetchone()
        return count, first, last


def changed_spans(base: Run, plan: plans.Plan, on: dt.date) -> list[tuple[int, int]]:
    """This will cut those about whom a run on `base` decides into half-open spans of ids."""
    count, _first, last = _about(base, plan, on)
    if not count or last is None:
        return []
    with connection.cursor() as cursor:
        size = rules.chunk_size(count)
        cursor.execute(_SPANS, _values(base, plan, on) | {"size": size})
        starts = [row[0] for row in cursor.fetchall()]
    return list(zip(starts, [*starts[1:], last + 1], strict=True))


def changed_between(run: Run, plan: plans.Plan, *, first: int, end: int) -> list[int]:
    """This will list those of a span of ids about whom a run on a base decides."""
    base: Any = run.base
    values = _values(base, plan, run.on_date) | {"first": first, "end": end}
    with connection.cursor() as cursor:
        cursor.execute(_BETWEEN, values)
        return [row[0] for row in cursor.fetchall()]


def standing(run: Run) -> QuerySet[Decision]:
    """This will return the decisions that stand in a run: its own, and for all others those of the
    run that it stands on."""
    if run.base_id is None:
        return Decision.objects.filter(run=run)
    own = Decision.objects.filter(run=run, customer=OuterRef("customer"))
    return Decision.objects.filter(Q(run=run) | Q(run=run.base_id) & ~Exists(own))


def as_in(run: Run, decision: Decision) -> Decision:
    """This will show a decision as it stands in a run that may be a later one: what was given then
    was had before now, and who was told then has been contacted already."""
    if run.pk != decision.run_id:
        decision.award, decision.awarded = rules.carried_award(decision.award, decision.awarded)
        decision.gate, told = rules.carried_gate(decision.gate)
        decision.channel = "" if told else decision.channel
    return decision


def carried_tally(run: Run) -> rules.Tally:
    """This will add up what stands in a run of the one that it stands on."""
    base: Any = run.base
    tally = rules.Tally((base.figures or {}).get("tally"))
    written = tally.as_data()
    found = rules.Tally({kind: written.get(kind, {}) for kind in ("outcome", "award", "gate")})
    with connection.cursor() as cursor:
        cursor.execute(_REPLACED, {"run_id": run.pk, "base_id": base.pk})
        for outcome, failed_at, award, gate, count in cursor.fetchall():
            found.add("outcome", rules.outcome_key(outcome, failed_at), -count)
            if award:
                found.add("award", award, -count)
            if gate:
                found.add("gate", gate, -count)
    return rules.carried(found)
