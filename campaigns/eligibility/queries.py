"""Reading runs: their progress, their figures, and the decision for each customer."""

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from campaigns.conditions.rules import base, receipts, tree, wording
from campaigns.eligibility import rules
from campaigns.eligibility.enums import ChunkState, Outcome, RunKind, RunState
from campaigns.eligibility.models import Decision, Run, RunChunk
from campaigns.planning import queries as planning
from campaigns.planning.rules import naming, plans
from campaigns.planning.rules.rewards import Tier
from campaigns.rewards import queries as rewards
from campaigns.rewards.rules import Candidate
from journeys.outreach import queries as outreach
from portal.kit import masking, money
from portal.staff.access import Scope

# Every n-th customer begins a chunk, so that gaps in the ids do not make chunks uneven.
_SPANS = """
SELECT id FROM (
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM journeys_customer
) numbered WHERE place %% %(size)s = 0 ORDER BY id
"""
# Those to tell: they qualify, and their card is in use, so that the reward is theirs already.
# What is told is what was granted, which an earlier version of the campaign may have done; a
# preview grants nothing, and tells what the version promises.
_TO_TELL = """
SELECT decision.customer_id, right(card.masked_number, 4), customer.name, given.version_id,
       given.reward
FROM campaigns_decision decision
LEFT JOIN campaigns_grant given
    ON given.customer_id = decision.customer_id AND given.campaign_id = %(campaign_id)s
JOIN journeys_card card ON card.id = decision.card_id
JOIN journeys_customer customer ON customer.id = decision.customer_id
WHERE decision.run_id = %(run_id)s AND decision.outcome = 'qualified'
  AND decision.customer_id >= %(first_id)s AND decision.customer_id < %(end_id)s
  AND card.activated_date <= %(on)s AND card.first_used_date <= %(on)s
ORDER BY decision.customer_id
"""


def customer_spans() -> list[tuple[int, int]]:
    """This will cut the customers there are now into half-open spans of ids."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), max(id) FROM journeys_customer")
        count, last = cursor.fetchone()
        if not count:
            return []
        cursor.execute(_SPANS, {"size": rules.chunk_size(count)})
        starts = [row[0] for row in cursor.fetchall()]
    return list(zip(starts, [*starts[1:], last + 1], strict=True))


def candidates(chunk: RunChunk) -> list[Candidate]:
    """This will list those in a chunk who qualify, in order."""
    tiers = plans.plan_of(chunk.run.version.content).rewards.tiers
    reached = tuple(place for place, tier in enumerate(tiers) if tier.needs is None)
    rows = Decision.objects.filter(
        run=chunk.run_id, outcome=Outcome.QUALIFIED,
        customer__gte=chunk.first_id, customer__lt=chunk.end_id,
    ).order_by("customer_id")  # fmt: skip
    return [
        Candidate(*found, reached)
        for found in rows.values_list("customer_id", "card_id", "customer__branch_id")
    ]


def people_to_tell(chunk: RunChunk) -> dict[int, dict[str, str]]:
    """This will return those in a chunk who qualify and use their card: by customer id, the last
    digits of the card, the masked name and the reward, as a message may use them."""
    running = chunk.run.version
    promised = plans.plan_of(running.content).rewards.tiers[0]
    given = planning.tiers_of(running.campaign_id)
    values: dict[str, Any] = {
        "campaign_id": running.campaign_id,
        "run_id": chunk.run_id,
        "first_id": chunk.first_id,
        "end_id": chunk.end_id,
        "on": chunk.run.on_date,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TO_TELL, values)
        return {
            customer_id: {
                "card_tail": tail,
                "name": masking.mask_name(name),
                **_told(given.get((version_id, code), promised)),
            }
            for customer_id, tail, name, version_id, code in cursor.fetchall()
        }


def _told(tier: Tier) -> dict[str, str]:
    amount = money.show(tier.value)
    return {"reward": tier.name, "reward_en": tier.name_en, "amount": amount}


def chunks_to_do(run_id: int) -> list[int]:
    """This will list the chunks of a going run that are not done."""
    chunks = RunChunk.objects.filter(
        run_id=run_id, state=ChunkState.PENDING, run__state=RunState.RUNNING
    )
    return list(chunks.order_by("number").values_list("id", flat=True))


def runs_without_chunks_to_do() -> list[int]:
    """This will list going runs of which nothing is left to do."""
    busy = RunChunk.objects.filter(state=ChunkState.PENDING).values("run_id")
    runs = Run.objects.filter(state=RunState.RUNNING).exclude(pk__in=busy)
    return list(runs.values_list("id", flat=True))


def runs() -> QuerySet[Run]:
    """This will list runs with their sums so far, the latest first."""
    return (
        Run.objects.select_related("version__campaign", "started_by")
        .annotate(
            decided=Sum("chunks__decided", default=0),
            qualified=Sum("chunks__qualified", default=0),
            queued=Sum("chunks__queued", default=0),
            granted=Sum("chunks__granted", default=0),
        )
        .order_by("-started_at", "-id")
    )


def runs_of(campaign_code: str) -> QuerySet[Run]:
    """This will list the runs of a campaign, the latest first."""
    return runs().filter(version__campaign__code=campaign_code)


def latest_live_run() -> Run | None:
    """This will return the live run of all campaigns that ended last."""
    return runs().filter(kind=RunKind.LIVE).exclude(state=RunState.RUNNING).first()


def latest_runs(number: int) -> list[Run]:
    """This will return the latest runs of all campaigns, those that are going first."""
    going = list(runs().filter(state=RunState.RUNNING)[:number])
    ended = list(runs().exclude(state=RunState.RUNNING)[: number - len(going)])
    return [*going, *ended]


@dataclass(frozen=True)
class Progress:
    """How far a run is: its chunks, how many of them are done, given up and begun at least once,
    and the sums of what the done ones found."""

    chunks: int
    done: int
    failed: int
    started: int
    decided: int
    qualified: int
    queued: int
    granted: int

    @property
    def percent(self) -> int:
        return 100 if not self.chunks else (self.done + self.failed) * 100 // self.chunks


def progress_of(run_id: int) -> Progress:
    """This will tell how far a run is."""
    return Progress(
        **RunChunk.objects.filter(run_id=run_id).aggregate(
            chunks=Count("id"),
            done=Count("id", filter=Q(state=ChunkState.DONE)),
            failed=Count("id", filter=Q(state=ChunkState.FAILED)),
            started=Count("id", filter=Q(attempts__gt=0)),
            **{
                name: Sum(name, default=0) for name in ("decided", "qualified", "queued", "granted")
            },
        )
    )


def failed_chunks(run_id: int) -> QuerySet[RunChunk]:
    """This will list the chunks of a run that were given up."""
    return RunChunk.objects.filter(run_id=run_id, state=ChunkState.FAILED).order_by("number")


@dataclass(frozen=True)
class Step:
    """A step of the rule in the order of examination: how many reached it and how many failed
    there first. `position` is that of its first condition, None for the holding of a card."""

    position: int | None
    kind: str
    name: str
    sentence: str
    reached: int
    failed: int

    @property
    def passed(self) -> int:
        return self.reached - self.failed


@dataclass(frozen=True)
class Figures:
    """The figures of a run."""

    customers: int
    outcomes: dict[str, int]
    steps: list[Step]
    gate: dict[str, int]
    messages: dict[str, int]
    grants: rewards.Granted

    @property
    def qualified(self) -> int:
        return self.outcomes[Outcome.QUALIFIED]

    @property
    def percent(self) -> float:
        """How many of a hundred customers qualify."""
        return self.qualified * 100 / self.customers if self.customers else 0.0


def figures_of(run: Run) -> Figures:
    """This will count a run's decisions by outcome, first failed step and answer of the gate."""
    rows = (
        Decision.objects.filter(run=run)
        .order_by()
        .values_list("outcome", "failed_at")
        .annotate(count=Count("id"))
    )
    counts = {(outcome, failed_at): count for outcome, failed_at, count in rows}
    outcomes = {
        outcome: sum(count for (found, _at), count in counts.items() if found == outcome)
        for outcome in Outcome.values
    }
    customers = sum(outcomes.values())
    return Figures(
        customers=customers,
        outcomes=outcomes,
        steps=_steps(run, counts, customers),
        gate=gate_answers(run),
        messages=_messages(run),
        grants=rewards.granted_in(run.pk),
    )


def _steps(run: Run, counts: dict[tuple[str, int | None], int], customers: int) -> list[Step]:
    lost = counts.get((Outcome.NO_CARD, None), 0)
    has_card = Step(None, "has_card", _("Holds a card"), _("Holds a card of this campaign."), 0, 0)
    steps = [dataclasses.replace(has_card, reached=customers, failed=lost)]
    for node in tree.steps_in_order(plans.plan_of(run.version.content).rule):
        position = tree.first_position(node)
        failed = counts.get((Outcome.NOT_QUALIFIED, position), 0)
        kind = node.condition.kind if isinstance(node, tree.Leaf) else node.join
        steps.append(
            Step(
                position=position,
                kind=kind,
                name=wording.short_name_of(node),
                sentence=wording.sentence_of(node),
                reached=steps[-1].passed,
                failed=failed,
            )
        )
    return steps


def gate_answers(run: Run) -> dict[str, int]:
    """This will count the gate's answers about those who qualify in a run."""
    rows = (
        Decision.objects.filter(run=run, outcome=Outcome.QUALIFIED)
        .exclude(gate="")
        .order_by("gate")
        .values_list("gate")
        .annotate(count=Count("id"))
    )
    return dict(rows)


def _messages(run: Run) -> dict[str, int]:
    if run.kind == RunKind.PREVIEW:
        return {}
    version = run.version
    return outreach.count_by_state(origin=naming.origin_of(version.campaign.code, version.number))


def waits_until(run: Run, *, at: dt.datetime) -> dt.datetime | None:
    """This will tell when the next waiting message of a live run's version may go; None where one
    may go already, or none waits."""
    if run.kind == RunKind.PREVIEW:
        return None
    version = run.version
    origin = naming.origin_of(version.campaign.code, version.number)
    first = outreach.next_due(origin=origin)
    return first if first is not None and first > at else None


def step_names(run: Run) -> dict[int, str]:
    """This will name the steps of a run's rule by the position under which they are noted."""
    rule = plans.plan_of(run.version.content).rule
    return {tree.first_position(node): wording.short_name_of(node) for node in tree.steps(rule)}


def find_run(run_id: int) -> Run | None:
    """This will find a run with its sums so far."""
    return runs().filter(pk=run_id).first()


def decisions(
    run: Run, *, scope: Scope, outcome: str = "", failed_at: int | None = None, number: str = ""
) -> QuerySet[Decision]:
    """This will list the decisions of a run that a person may see, narrowed down where asked: by
    outcome, by the first failed step, by the customer's number."""
    rows = (
        Decision.objects.filter(scope.branches("customer__branch"), run=run)
        .select_related("customer__branch", "card")
        .order_by("customer_id")
    )
    if number:
        rows = rows.filter(customer__number=number)
    if failed_at is not None:
        return rows.filter(outcome=Outcome.NOT_QUALIFIED, failed_at=failed_at).order_by("id")
    if outcome:
        return rows.filter(outcome=outcome).order_by("failed_at", "id")
    return rows


def find_decision(decision_id: int, *, scope: Scope) -> Decision | None:
    """This will find a decision that a person may see, with everything that its receipt shows."""
    return (
        Decision.objects.filter(scope.branches("customer__branch"), pk=decision_id)
        .select_related(
            "run__version__campaign", "customer__branch", "card__application", "card__product"
        )
        .first()
    )


def decided_about(customer_id: int) -> QuerySet[Decision]:
    """This will list all decisions about a customer, with the run and its campaign; only what a
    line about each needs is read."""
    rows = Decision.objects.filter(customer_id=customer_id)
    return rows.select_related("run__version__campaign").only(
        "outcome", "gate", "channel", "run__kind", "run__started_at", "run__version__id",
        "run__version__campaign__name", "run__version__campaign__name_en",
    )  # fmt: skip


def receipt_of(decision: Decision) -> list[receipts.ReceiptLine]:
    """This will explain a decision, one line a condition."""
    rule = plans.plan_of(decision.run.version.content).rule
    card: Any = decision.card
    subject = card and base.Subject(
        on=decision.run.on_date,
        issued_date=card.issued_date,
        filed_date=card.application and card.application.filed_date,
        activated_date=card.activated_date,
    )
    return receipts.lines_of(rule, decision.facts, decision.failed_at, subject)
