"""Reading decisions and explaining them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from campaigns.conditions import queries as conditions
from campaigns.conditions.rules import base, receipts, tree, wording
from campaigns.conditions.rules.names import known_as
from campaigns.eligibility import rules
from campaigns.eligibility.enums import Outcome, RunKind, RunState
from campaigns.eligibility.models import Decision, Run
from campaigns.eligibility.queries.carrying import standing
from campaigns.eligibility.queries.nearing import Spent, used_up
from campaigns.planning import queries as planning
from campaigns.planning.rules import tier_wording
from campaigns.planning.rules.rewards import Tier
from campaigns.rewards import queries as rewards
from campaigns.rewards.enums import AwardAnswer
from campaigns.rewards.models import GrantReversal
from campaigns.rewards.rules import ruled_out_by
from portal.staff.access import Scope


def step_names(run: Run) -> dict[int, str]:
    """This will name the steps of a run's rule by the position under which they are noted."""
    rule = planning.plan_of(run.version).rule
    return {tree.first_position(node): wording.short_name_of(node) for node in tree.steps(rule)}


def decisions(
    run: Run,
    *,
    scope: Scope,
    outcome: str = "",
    failed_at: int | None = None,
    award: str = "",
    number: str = "",
) -> QuerySet[Decision]:
    """This will list the decisions of a run that a person may see, narrowed down where asked: by
    outcome, by the first failed step, by the answer of the rewards, by the customer's number."""
    rows = (
        standing(run)
        .filter(scope.branches("customer__branch"))
        .select_related("customer__branch", "card", "other")
        .order_by("customer_id")
    )
    if number:
        rows = rows.filter(customer__number=number)
    if award:
        return rows.filter(_awarded(run, award), outcome=Outcome.QUALIFIED).order_by("id")
    if failed_at is not None:
        return rows.filter(outcome=Outcome.NOT_QUALIFIED, failed_at=failed_at).order_by("id")
    if outcome:
        return rows.filter(outcome=outcome).order_by("failed_at", "id")
    return rows


def _awarded(run: Run, award: str) -> Q:
    """The answer as it stands in the run, which may be a later one than that of the decision."""
    if run.base_id is None:
        return Q(award=award)
    earlier = [one for one in AwardAnswer.values if rules.carried_award(one, None)[0] == award]
    return Q(run=run, award=award) | Q(run=run.base_id, award__in=earlier)


def find_decision(decision_id: int, *, scope: Scope) -> Decision | None:
    """This will find a decision that a person may see, with everything that its receipt shows."""
    return (
        Decision.objects.filter(scope.branches("customer__branch"), pk=decision_id)
        .select_related("run__version__campaign", "customer__branch", "card__product", "other")
        .first()
    )


def decided_about(customer_id: int) -> QuerySet[Decision]:
    """This will list all decisions about a customer, with the run and its campaign; only what a
    line about each needs is read."""
    rows = Decision.objects.filter(customer_id=customer_id)
    return rows.select_related("run__version__campaign", "other").only(
        "other__name", "other__name_en",
        "outcome", "award", "gate", "channel", "run__kind", "run__state", "run__cleared_at",
        "run__started_at", "run__version__id",
        "run__version__campaign__name", "run__version__campaign__name_en",
    )  # fmt: skip


def receipt_of(decision: Decision) -> list[receipts.ReceiptLine]:
    """This will explain a decision by the rule, one line a condition."""
    rule = planning.plan_of(decision.run.version).rule
    facts = decision.facts[: len(tree.leaves(rule))]
    return _explained(rule, facts, decision.failed_at, _subject(decision))


def _explained(
    node: tree.Node,
    facts: Sequence[receipts.Fact],
    failed_at: int | None,
    subject: base.Subject | None,
) -> list[receipts.ReceiptLine]:
    """The lines of a receipt, with the names of what rule and facts call by its code."""
    with known_as(conditions.names_of([node], facts)):
        return receipts.lines_of(node, facts, failed_at, subject)


@dataclass(frozen=True)
class TierReceipt:
    """What a tier asks beyond the rule of one who meets it, one line a condition; and where it
    multiplies points, how many these are and why."""

    tier: Tier
    is_reached: bool
    lines: list[receipts.ReceiptLine]
    reckoning: str = ""


def tier_receipts(decision: Decision) -> list[TierReceipt]:
    """This will explain a decision by the tiers; nothing where none asks more than the rule, or
    where the rule is not met."""
    plan = planning.plan_of(decision.run.version)
    tiers = plan.rewards.tiers
    start = len(tree.leaves(plan.rule))
    if not any(tier.asks for tier in tiers) or len(decision.facts) <= start:
        return []
    found, subject = [], _subject(decision)
    for place, tier in enumerate(tiers):
        lines, reckoning = [], ""
        if tier.asks is not None:
            end = start + len(tree.leaves(tier.asks))
            lines = _explained(tier.asks, decision.facts[start:end], None, subject)
            reckoning = _reckoned(tier, decision.facts[end - 1])
            start = end
        found.append(TierReceipt(tier, place in decision.reached, lines, reckoning))
    return found


def _reckoned(tier: Tier, fact: receipts.Fact) -> str:
    if tier.measured_by is None or tier.asks is None:
        return ""
    with known_as(conditions.names_of([tier.asks])):
        return tier_wording.reckoning(tier, fact[1])


def _subject(decision: Decision) -> base.Subject | None:
    """The card as it was known when it was decided."""
    if decision.issued_date is None:
        return None
    return base.Subject(
        on=decision.day,
        issued_date=decision.issued_date,
        filed_date=decision.filed_date,
        activated_date=decision.activated_date,
        last=planning.plan_of(decision.run.version).last_day,
    )


def given_elsewhere(
    decision: Decision, found: Mapping[int, Sequence[rewards.Elsewhere]]
) -> list[rewards.Elsewhere]:
    """This will choose, of what was given to the same person under other customer numbers, what
    bears upon a decision: the rewards of its campaign that stand, and all of those campaigns that
    rule it out."""
    if not found:
        return []
    version = decision.run.version
    named = ruled_out_by(planning.plan_of(version))
    return [
        one
        for campaign_id, rows in found.items()
        for one in rows
        if campaign_id == decision.other_id
        or one.grant.campaign.code in named
        or (campaign_id == version.campaign_id and not one.is_taken_back)
    ]


# Of each campaign the latest runs that decided about a customer: live, dry, and without effect. The
# index of a customer's decisions holds all that is read.
_LATEST = """
SELECT max(decision.run_id)
FROM campaigns_decision decision JOIN campaigns_run run ON run.id = decision.run_id
WHERE decision.customer_id = %s AND run.kind = ANY(%s)
GROUP BY run.campaign_id, run.kind, run.state = %s AND run.cleared_at IS NULL
"""


@dataclass(frozen=True)
class Verdict:
    """What a campaign decided last about a customer, and the first thing that is missing, where no
    tier is reached, for the nearest of them; `on` is the day as of which it stands, `today` the one
    on which it is told; `stopped` is a live run that came later and was stopped before anything was
    given, `lost` what took back the reward that the customer had, `elsewhere` what the same person
    was given under other numbers, `spent` by which limits nothing is left to give."""

    decision: Decision
    line: receipts.ReceiptLine | None
    on: dt.date
    today: dt.date
    stopped: Run | None = None
    lost: GrantReversal | None = None
    elsewhere: Sequence[rewards.Elsewhere] = ()
    spent: Sequence[Spent] = ()

    @property
    def days_left(self) -> int | None:
        """How many days are left after today to come to qualify; None where nothing can be done any
        more, or nothing is left to give."""
        found = self.line and self.line.explanation
        if self.spent or not found or not found.is_open or found.deadline is None:
            return None
        left = (found.deadline - max(self.on, self.today)).days
        return left if left >= 0 else None


def receipts_about(customer_id: int, *, today: dt.date) -> list[Verdict]:
    """This will tell what each campaign decided last about a customer: what stands in its latest
    live run, or where there was none, what its latest dry run found. A live run that was stopped
    before anything was given decides nothing; its word is only shown where there is no other."""
    latest = _latest_runs(customer_id)
    ended = Run.objects.filter(campaign__runs__in=latest, kind=RunKind.LIVE).exclude(
        state=RunState.RUNNING
    )
    gave_nothing = Q(state=RunState.STOPPED, cleared_at=None)
    last = _latest_of_each(ended.exclude(gave_nothing))
    stopped = _latest_of_each(ended.filter(gave_nothing))
    lost = rewards.lost_by(customer_id)
    found: dict[int, list[Decision]] = {}
    standing_in = {pk for run in last.values() for pk in (run.pk, run.base_id)}
    rows = Decision.objects.filter(customer_id=customer_id, run__in=[*latest, *standing_in])
    for row in rows.select_related("run__version__campaign", "other").order_by("-run_id"):
        found.setdefault(row.run.campaign_id, []).append(row)
    verdicts = [
        _verdict(
            of_one, today, last.get(campaign_id), stopped.get(campaign_id), lost.get(campaign_id)
        )
        for campaign_id, of_one in found.items()
    ]
    shown = _with_spent(verdicts)
    return sorted(shown, key=lambda one: one.decision.run.started_at, reverse=True)


def _with_spent(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Of what could still be reached it is asked whether it can still be given."""
    versions = [one.decision.run.version for one in verdicts if one.days_left is not None]
    spent = used_up(versions) if versions else {}
    return [replace(one, spent=spent.get(one.decision.run.version_id, ())) for one in verdicts]


def _latest_runs(customer_id: int) -> list[int]:
    kinds = [RunKind.LIVE.value, RunKind.DRY_RUN.value]
    with connection.cursor() as cursor:
        cursor.execute(_LATEST, [customer_id, kinds, RunState.STOPPED.value])
        return [row[0] for row in cursor.fetchall()]


def _latest_of_each(runs: QuerySet[Run]) -> dict[int, Run]:
    rows = runs.order_by("campaign", "-id").distinct("campaign")
    return {run.campaign_id: run for run in rows}


def _verdict(
    rows: Sequence[Decision],
    today: dt.date,
    last: Run | None,
    stopped: Run | None,
    lost: GrantReversal | None,
) -> Verdict:
    """Of the decisions of a campaign about one customer, the latest first, the one that stands in
    its last run: that run's own, or that of the run which it stands on."""
    by_run = {row.run_id: row for row in rows}
    own = by_run.get(last.pk) or by_run.get(last.base_id or 0) if last else None
    in_order = sorted(rows, key=lambda one: (one.run.gave_nothing, not one.run.is_live))
    row = own or in_order[0]
    on = max(row.day, last.on_date) if last and own and last.state == RunState.DONE else row.day
    if stopped and (stopped.pk == row.run_id or (last and stopped.pk < last.pk)):
        stopped = None
    return Verdict(row, _first_missing(row), on, today, stopped, lost)


def _first_missing(decision: Decision) -> receipts.ReceiptLine | None:
    if decision.outcome == Outcome.NO_TIER:
        return _missing_for_a_tier(decision)
    if decision.failed_at is None:
        return None
    step = next((one for one in receipt_of(decision) if one.is_first_failed), None)
    return step if step and step.explanation else None


def _missing_for_a_tier(decision: Decision) -> receipts.ReceiptLine | None:
    """What is missing first for the nearest of the tiers, none of which is reached."""
    ways = [
        (one.tier, way)
        for one in tier_receipts(decision)
        if one.tier.asks and (way := receipts.missing_of(one.tier.asks, one.lines))
    ]
    if not ways:
        return None
    tier, way = min(ways, key=lambda pair: receipts.distance_of(pair[1]))
    name = _("{reward}: {condition}").format(reward=tier.label, condition=way[0].name)
    return replace(way[0], name=name)
