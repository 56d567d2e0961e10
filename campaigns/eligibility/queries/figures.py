"""The figures of a run: added up of its chunks once, when it ends, and read from there."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.budgets import queries as budgets
from campaigns.conditions import queries as conditions
from campaigns.conditions.rules import tree, wording
from campaigns.conditions.rules.names import known_as
from campaigns.eligibility import rules
from campaigns.eligibility.enums import Outcome, RunKind, RunState
from campaigns.eligibility.models import Decision, Run
from campaigns.planning import queries as planning
from campaigns.planning.rules import naming, plans
from campaigns.rewards import queries as rewards
from campaigns.rewards.enums import AwardAnswer
from journeys.contact.enums import GateAnswer
from journeys.outreach import queries as outreach
from portal.kit import clock

# Of those who were given a tier, by branch: how many, the evening on which the last of them was,
# the instant by which all of them had come to qualify, and how many units they were given.
_ENDED = """
SELECT customer.branch_id, count(*), max(decision.decided_date), max(decision.came_at), count(*)
FROM campaigns_decision decision JOIN journeys_customer customer
    ON customer.id = decision.customer_id
WHERE decision.run_id = %(run_id)s AND decision.outcome = 'qualified'
  AND %(place)s = ANY(decision.given)
GROUP BY customer.branch_id ORDER BY customer.branch_id
"""
# The same of a back-test that may give more later: of what stands of a tier at its end, each by the
# evening that gave it. What came to somebody after the first of these had been come to by the last
# posting of its own evening, as where somebody comes to qualify.
_ENDED_LATER = """
SELECT given.branch_id, count(DISTINCT given.customer_id), max(given.granted_date), max(
    CASE WHEN EXISTS (
        SELECT FROM campaigns_trialgrant before WHERE before.run_id = given.run_id
          AND before.customer_id = given.customer_id AND before.granted_date < given.granted_date)
    THEN LEAST((given.granted_date + 1)::timestamp AT TIME ZONE %(zone)s, COALESCE((
        SELECT max(posted.posted_at) FROM journeys_transaction posted
        WHERE posted.card_id = decision.card_id AND posted.posted_date = given.granted_date
          AND posted.amount > 0), (given.granted_date + 1)::timestamp AT TIME ZONE %(zone)s))
    ELSE decision.came_at END), count(*)
FROM campaigns_trialgrant given
JOIN campaigns_decision decision
    ON decision.run_id = given.run_id AND decision.customer_id = given.customer_id
WHERE given.run_id = %(run_id)s AND given.reward = %(tier)s AND NOT given.is_over
GROUP BY given.branch_id ORDER BY given.branch_id
"""


@dataclass(frozen=True)
class Step:
    """A step of the rule in the order of examination: how many reached it and how many failed
    there first. `position` is that of its first condition, None for what comes before and after
    the rule."""

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
class Check:
    """A check of those who qualify: `group` is the control group, the rewards or the contact
    rules; how many fell at it, and how many were left after it."""

    group: str
    code: str
    name: str
    failed: int
    left: int

    @property
    def reached(self) -> int:
        return self.failed + self.left


@dataclass(frozen=True)
class Ended:
    """How many were given, the evening on which the last was, and where it is known, the instant by
    which those who were given something had come to qualify."""

    given: int
    day: dt.date | None
    at: dt.datetime | None

    def as_data(self) -> dict[str, Any]:
        return {
            "given": self.given,
            "day": self.day and self.day.isoformat(),
            "at": self.at and self.at.isoformat(),
        }

    @classmethod
    def read(cls, raw: dict[str, Any]) -> "Ended":
        return cls(
            raw["given"],
            dt.date.fromisoformat(raw["day"]) if raw["day"] else None,
            dt.datetime.fromisoformat(raw["at"]) if raw["at"] else None,
        )


@dataclass(frozen=True)
class RanOut:
    """When the stock of a tier ended, for all and for the customers of each branch, by its id."""

    tier: str
    whole: Ended
    branches: dict[int, Ended]

    @property
    def given(self) -> int:
        return self.whole.given

    @property
    def day(self) -> dt.date | None:
        return self.whole.day

    @property
    def at(self) -> dt.datetime | None:
        return self.whole.at


@dataclass(frozen=True)
class Figures:
    """The figures of a run. Amounts are in CNY, by branch id, party, code of tier and day."""

    customers: int
    outcomes: dict[str, int]
    steps: list[Step]
    checks: list[Check]
    awards: dict[str, int]
    gate: dict[str, int]
    messages: dict[str, int]
    grants: rewards.Granted
    given: rewards.Granted
    branches: dict[int, tuple[int, Decimal]]
    parties: dict[str, Decimal]
    tiers: dict[str, tuple[int, Decimal]]
    days: dict[dt.date, tuple[int, Decimal]]
    ran_out: list[RanOut]

    @property
    def qualified(self) -> int:
        return self.outcomes[Outcome.QUALIFIED]

    @property
    def percent(self) -> float:
        """How many of a hundred customers qualify."""
        return self.qualified * 100 / self.customers if self.customers else 0.0


def add_up(run: Run, carried: rules.Tally) -> dict[str, Any]:
    """This will add up what the chunks of a run found and what is `carried` into it, as it is
    written down when the run ends."""
    tally = rules.Tally()
    for counts in run.chunks.order_by("number").values_list("counts", flat=True):
        tally.merge(counts)
    tally.merge(carried.as_data())
    plan = planning.plan_of(run.version)
    ran_out = [
        {
            "tier": one.tier,
            **one.whole.as_data(),
            "branches": {str(key): ended.as_data() for key, ended in one.branches.items()},
        }
        for one in _ran_out(run, plan, tally)
    ]
    return {"tally": tally.as_data(), "ran_out": ran_out}


def _ran_out(run: Run, plan: plans.Plan, tally: rules.Tally) -> Iterator[RanOut]:
    given, version = tally.counts("tier"), run.version
    for place, tier in enumerate(plan.rewards.tiers):
        count = given.get(tier.code, 0)
        left = budgets.stock_left(
            campaign_id=version.campaign_id, version_id=version.pk, tier=tier.code,
            stock=tier.stock, run_id=None if run.is_live else run.pk,
        )  # fmt: skip
        if not count or left is None or left > 0:
            continue
        units, branches = _ended(run, plan, place) if run.is_back_test else (count, {})
        days = [one.day for one in branches.values() if one.day]
        instants = [one.at for one in branches.values() if one.at]
        whole = Ended(units, max(days, default=run.on_date), max(instants, default=None))
        yield RanOut(tier.code, whole, branches)


def _ended(run: Run, plan: plans.Plan, place: int) -> tuple[int, dict[int, Ended]]:
    is_later = rules.gives_more(plan.rewards)
    values: dict[str, Any] = {
        "run_id": run.pk, "place": place, "tier": plan.rewards.tiers[place].code,
        "zone": timezone.get_default_timezone_name(),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_ENDED_LATER if is_later else _ENDED, values)
        rows = cursor.fetchall()
    return sum(row[-1] for row in rows), {branch: Ended(*rest) for branch, *rest, _units in rows}


def figures_of(run: Run) -> Figures:
    """This will return a run's figures, from what was written down when it ended; runs that go on,
    and those of earlier days, which wrote nothing down, are counted."""
    written = run.figures or {}
    if "tally" not in written:
        written = {"tally": _counted(run), "ran_out": []}
    tally = rules.Tally(written["tally"])
    counts = {(outcome, place): count for outcome, place, count in rules.outcomes_in(tally)}
    outcomes = {
        outcome: sum(count for (found, _at), count in counts.items() if found == outcome)
        for outcome in Outcome.values
    }
    customers = sum(outcomes.values())
    given = tally.of("award").get(AwardAnswer.GRANTED, (0, Decimal(0)))
    return Figures(
        customers=customers,
        outcomes=outcomes,
        steps=_steps(run, counts, outcomes, customers),
        checks=_checks(tally, outcomes[Outcome.QUALIFIED]),
        awards=tally.counts("award"),
        gate=tally.counts("gate"),
        messages=_messages(run),
        grants=rewards.granted_in(run.pk) if run.is_live else rewards.Granted(0, Decimal("0.00")),
        given=rewards.Granted(*given),
        branches={int(key): found for key, found in tally.of("branch").items()},
        parties={key: amount for key, (_count, amount) in tally.of("party").items()},
        tiers=tally.of("tier"),
        days={dt.date.fromisoformat(key): one for key, one in sorted(tally.of("day").items())},
        ran_out=[_read_ran_out(one) for one in written["ran_out"]],
    )


def daily_of(run: Run) -> list[tuple[dt.date, int, str, Decimal]]:
    """This will return what a back-test gave by day, branch id and code of tier (CNY); nothing for
    those of earlier days, which did not tell that apart."""
    return list(rules.daily_in(rules.Tally((run.figures or {}).get("tally"))))


def refused_for_the_day(version_id: int, *, before: dt.date) -> dict[dt.date, int]:
    """This will count whom the limit of a day refused in the live runs of a version that were
    cleared before a day, by the day on which they were; of several runs of a day the last. They are
    asked about again in the next."""
    rows = Run.objects.filter(
        version=version_id, kind=RunKind.LIVE, state=RunState.DONE, cleared_at__isnull=False
    ).order_by("id")
    found: dict[dt.date, int] = {}
    for cleared_at, figures in rows.values_list("cleared_at", "figures"):
        if cleared_at and (day := clock.bank_day(cleared_at)) < before:
            awards = rules.Tally((figures or {}).get("tally")).counts("award")
            found[day] = awards.get(AwardAnswer.OVER_BUDGET_DAY, 0)
    return found


def _read_ran_out(raw: dict[str, Any]) -> RanOut:
    # Runs of earlier days did not tell branches apart.
    branches = {int(key): Ended.read(one) for key, one in raw.get("branches", {}).items()}
    return RanOut(raw["tier"], Ended.read(raw), branches)


def _counted(run: Run) -> dict[str, Any]:
    tally = rules.Tally()
    rows = Decision.objects.filter(run=run).order_by().values_list("outcome", "failed_at", "gate")
    for outcome, failed_at, gate, count in rows.annotate(count=Count("id")):
        tally.add("outcome", rules.outcome_key(outcome, failed_at), count)
        if gate:
            tally.add("gate", gate, count)
    return tally.as_data()


def _steps(
    run: Run,
    counts: dict[tuple[str, int | None], int],
    outcomes: dict[str, int],
    customers: int,
) -> list[Step]:
    plan = plans.plan_of(run.version.content)
    steps: list[Step] = []

    def step(position: int | None, kind: str, name: str, sentence: str, failed: int) -> None:
        reached = steps[-1].passed if steps else customers
        steps.append(Step(position, kind, name, sentence, reached, failed))

    if plan.branches:
        sentence = _("Is a customer of the campaign's branches.")
        step(None, "branch", _("In the branches"), sentence, outcomes[Outcome.OTHER_BRANCH])
    sentence = _("Holds a card of this campaign.")
    step(None, "has_card", _("Holds a card"), sentence, outcomes[Outcome.NO_CARD])
    with known_as(conditions.names_of([plan.rule])):
        for node in tree.steps_in_order(plan.rule):
            position = tree.first_position(node)
            kind = node.condition.kind if isinstance(node, tree.Leaf) else node.join
            failed = counts.get((Outcome.NOT_QUALIFIED, position), 0)
            step(position, kind, wording.short_name_of(node), wording.sentence_of(node), failed)
    if all(tier.asks for tier in plan.rewards.tiers):
        sentence = _("Reaches one of the tiers.")
        step(None, "tier", _("Reaches a tier"), sentence, outcomes[Outcome.NO_TIER])
    return steps


def _checks(tally: rules.Tally, qualified: int) -> list[Check]:
    """What those who qualify fell at, in the order of the checks; nothing where none was asked."""
    awards, gate, left, found = tally.counts("award"), tally.counts("gate"), qualified, []
    order = [AwardAnswer.CONTROL, *(one for one in AwardAnswer if one != AwardAnswer.CONTROL)]
    for answer in order:
        if answer in {AwardAnswer.GRANTED, AwardAnswer.HAD_BEFORE} or answer not in awards:
            continue
        left -= awards[answer]
        group = "control" if answer == AwardAnswer.CONTROL else "reward"
        found.append(Check(group, answer, str(answer.label), awards[answer], left))
    for reply in GateAnswer:
        if reply != GateAnswer.OPEN and reply in gate:
            left -= gate[reply]
            found.append(Check("contact", reply, str(reply.label), gate[reply], left))
    return found


def _messages(run: Run) -> dict[str, int]:
    if run.kind != RunKind.LIVE:
        return {}
    version = run.version
    return outreach.count_by_state(origin=naming.origin_of(version.campaign.code, version.number))


def waits_until(run: Run, *, at: dt.datetime) -> dt.datetime | None:
    """This will tell when the next waiting message of a live run's version may go; None where one
    may go already, or none waits."""
    if run.kind != RunKind.LIVE:
        return None
    version = run.version
    origin = naming.origin_of(version.campaign.code, version.number)
    first = outreach.next_due(origin=origin)
    return first if first is not None and first > at else None
