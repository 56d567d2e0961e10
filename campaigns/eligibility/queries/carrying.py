"""Runs that stand on an earlier one: which they may stand on, whom they have to decide about, and
what stands about all others.

A live run notes, before its first customer, which transactions had been committed: its `mark`. The
triggers on the tables of facts note for each customer by which transaction something was written
about them, and of which day it is at the latest (`FactChange`). A later run of the same version
decides about those alone of whom

- something was written by a transaction that the mark does not know as committed: one that was in
  flight when the base began stays unknown to it whenever it commits; of what campaigns gave, about
  the same person under another number too;
- or something is of a day after the base's, whenever it was written;
- or the base's decision has to be looked at again by the passing of time, or because a budget or a
  contact limit stood in the way (`Decision.again_date`): of the caps, not before the day of the
  first free instant that the gate named; where only a lasting limit of the campaign did, such as an
  empty stock, not before its book allows more (`rules.BOOK_DAY`).

They are looked for once, when the run begins, and kept in its parts: what is written about a
customer later is for the next run to find, since the mark of the base does not know it either.

A run decides about everybody where the bank's control group came in force since its base began;
when one ends, whom it held is asked again by the day that the gate named.

For all others the base's decision stands. A base decided about everybody: nothing is read through
more than one earlier run.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from campaigns.conditions.rules import history, statement, tree
from campaigns.eligibility import rules
from campaigns.eligibility.enums import RunKind, RunState, WholeReason
from campaigns.eligibility.models import Decision, Run, RunChunk
from campaigns.planning import queries as planning
from campaigns.planning.rules import plans
from journeys.contact import queries as contact
from journeys.customers.rules import HASH_OF
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
# A refusal and a phone that moves, in flight at once, do not see each other: whoever is marked and
# has refused binds all who share phone, ID number or e-mail with him now.
_BOUND = "".join(
    f"""UNION
SELECT other.id FROM journeys_customer other JOIN (
    SELECT DISTINCT own.{column} FROM news
    JOIN journeys_donotcontact refusal USING (customer_id)
    JOIN journeys_customer own ON own.id = news.customer_id
) said USING ({column})
"""
    for column in HASH_OF.values()
)
# What a campaign gave is asked of the same person under all numbers.
_CHANGED = f"""
WITH news AS MATERIALIZED ({_NEWS}), given AS MATERIALIZED (
    SELECT DISTINCT news.customer_id FROM news
    WHERE news.customer_id > 0 AND news.campaign_id IN (
        SELECT id FROM campaigns_campaign WHERE code = ANY(%(campaigns)s))
)
SELECT news.customer_id FROM news WHERE news.campaign_id IS NULL
UNION
SELECT given.customer_id FROM given
UNION
SELECT same.id FROM given JOIN journeys_customer me ON me.id = given.customer_id
JOIN journeys_customer same ON same.bearer = me.bearer
{_BOUND}
UNION
SELECT decision.customer_id FROM campaigns_decision decision
WHERE decision.run_id = %(base_id)s AND decision.again_date <= (
    SELECT CASE WHEN EXISTS (
        SELECT FROM campaigns_factchange change
        WHERE change.customer_id = 0 AND change.campaign_id = %(campaign_id)s
          AND change.transaction_id >= pg_snapshot_xmin({_SNAPSHOT})::text::bigint
          AND NOT pg_visible_in_snapshot(change.transaction_id::text::xid8, {_SNAPSHOT})
    ) THEN %(book_day)s::date ELSE %(today)s::date END)
"""
# In the order of ids, everybody (0) first; no more than it takes to know that they are too many.
_FOUND = f"SELECT customer_id FROM ({_CHANGED}) changed ORDER BY customer_id LIMIT %(limit)s"
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


@dataclass(frozen=True)
class Ground:
    """What a live run stands on: an earlier run, with the customers whom it decides about itself in
    the order of their ids; or none, and why (a WholeReason)."""

    base: Run | None = None
    whole_reason: str = ""
    changed: Sequence[int] = ()


def ground_of(version: Any, *, on: dt.date, at: dt.datetime) -> Ground:
    """This will tell what a live run of a version as of `on` may stand on. Who changed is looked
    for here alone, once for a run: what is written from now on is the next run's."""
    plan = planning.plan_of(version)
    needs = [tier.asks for tier in plan.rewards.tiers]
    if not statement.can_be_carried(plan.rule, needs):
        return Ground(whole_reason=WholeReason.MOVING)
    base = bases().filter(version=version).order_by("-id").first()
    if base is None or not _is_known_here(base):
        return Ground(whole_reason=WholeReason.FIRST)
    if on < base.on_date:
        return Ground(whole_reason=WholeReason.DAY_BACK)
    begun, today = clock.bank_day(base.started_at), clock.bank_day(at)
    if today - begun > rules.LONGEST_CARRIED:
        return Ground(whole_reason=WholeReason.OLD)
    if contact.control_group_begins(after=begun, by=today):
        return Ground(whole_reason=WholeReason.REFERENCE)
    most = _customers_of(base) // rules.LEAST_CARRIED
    changed = _changed(base, plan, on, at=at, limit=most + 1)
    if changed and changed[0] == 0:
        return Ground(whole_reason=WholeReason.REFERENCE)
    if len(changed) > most:
        return Ground(whole_reason=WholeReason.MANY)
    return Ground(base, changed=changed)


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


def _values(base: Run, plan: plans.Plan, on: dt.date, at: dt.datetime) -> dict[str, Any]:
    nodes = [plan.rule, *(tier.asks for tier in plan.rewards.tiers if tier.asks is not None)]
    named = {
        code
        for node in nodes
        for leaf in tree.leaves(node)
        if isinstance(leaf.condition, history.NotInCampaign)
        for code in leaf.condition.campaigns
    }
    # What another campaign of the group gave is asked for as what a condition names.
    named.update(planning.codes_of_group(plan.group, without=base.version.campaign_id))
    return {
        "mark": base.mark, "base_id": base.pk, "base_on": base.on_date,
        "today": max(on, clock.bank_day(at)),
        "campaigns": sorted(named), "campaign_id": base.version.campaign_id,
        "book_day": rules.BOOK_DAY,
    }  # fmt: skip


def _changed(base: Run, plan: plans.Plan, on: dt.date, *, at: dt.datetime, limit: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_FOUND, _values(base, plan, on, at) | {"limit": limit})
        return [row[0] for row in cursor.fetchall()]


def changed_of(chunk_id: int) -> list[int] | None:
    """This will return those about whom a part of a run on a base decides; None in other runs."""
    return RunChunk.objects.values_list("customer_ids", flat=True).get(pk=chunk_id)


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
    """This will add up what stands in a run of the one that it stands on; nothing where it stands
    on none."""
    base: Any = run.base
    if base is None:
        return rules.Tally()
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
