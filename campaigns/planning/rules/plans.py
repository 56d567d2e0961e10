"""A campaign's plan: what a version holds, typed. It is read from a file, from a draft that people
edit, and from what was frozen, all by the one reader; and written one way for equal plans."""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from campaigns.conditions.enums import Source
from campaigns.conditions.rules import tree
from campaigns.planning.enums import Era, Objective, RewardKind, TierMode
from campaigns.planning.rules import competing
from campaigns.planning.rules.benefits import Terms
from campaigns.planning.rules.budget import Budget, read_budget
from campaigns.planning.rules.disclosure import Disclosure, read_disclosure
from campaigns.planning.rules.evidence import Evidence, read_evidence
from campaigns.planning.rules.reading import Reading
from campaigns.planning.rules.rewards import Rewards, Tier, read_rewards
from campaigns.planning.rules.touches import Touches, read_touches
from journeys.contact.enums import Channel
from journeys.stages.enums import JourneyStage
from merchants.directory.enums import Scenario

# The order is that of a written file.
FIELDS = (
    "name", "name_en", "objective", "stage", "scenario", "era", "runs_from", "runs_to",
    "branches", "merchants", "products", "issued_from", "issued_to", "rule", "rewards", "budget",
    "control_percent", "channels", "template", "disclosure", "evidence",
    "stacks_with", "priority", "group", "touches",
)  # fmt: skip
# By which a run tells those who qualify; the steps of a touch plan go by every channel.
MESSAGE_CHANNELS = (Channel.SMS.value, Channel.EMAIL.value)
_MOST_CONTROL = 50


class PlanWrong(Exception):
    """Raised when a plan cannot be read; `problems` are sentences that name the place."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Facts:
    """What a campaign is called and where it belongs: the fields of Campaign."""

    name: str
    name_en: str
    objective: str
    stage: str
    scenario: str
    era: str

    def as_data(self) -> dict[str, str]:
        return dataclasses.asdict(self)


@dataclass(frozen=True)
class Plan:
    """What a version asks and gives. Spans of days are half open; `runs_from` and `runs_to` bound
    the days as of which something is granted, None where they are not set. `branches` are codes,
    each with the branches below it; none means the whole bank. `merchants` are the codes of those
    who take part. `control_percent` of the customers are left out for comparison. `stacks_with` are
    the campaigns beside which the same spending is meant to be rewarded once more. Of campaigns
    that compete for a customer the one with the lower `priority` comes first, then the one whose
    code does; of those of one `group` a customer is given something by one alone."""

    facts: Facts
    runs_from: dt.date | None
    runs_to: dt.date | None
    branches: tuple[str, ...]
    merchants: tuple[str, ...]
    products: tuple[str, ...]
    issued_from: dt.date
    issued_to: dt.date
    rule: tree.Node
    rewards: Rewards
    budget: Budget
    control_percent: int
    channels: tuple[str, ...]
    template: str
    disclosure: Disclosure
    evidence: tuple[Evidence, ...] = ()
    stacks_with: tuple[str, ...] = ()
    priority: int = competing.PRIORITY
    group: str = ""
    touches: Touches | None = None

    def runs_on(self, day: dt.date) -> bool:
        """This will tell whether something may be granted on a day."""
        return (self.runs_from is None or self.runs_from <= day) and (
            self.runs_to is None or day < self.runs_to
        )

    def works_on(self, day: dt.date) -> bool:
        """This will tell whether a live run may be at work on a day: on those of the campaign, and
        on the one after, since only then all that the last one brought is known."""
        return self.runs_on(day) or day == self.runs_to

    @property
    def last_day(self) -> dt.date | None:
        """The last day on which something is granted; None where none is set."""
        return self.runs_to and self.runs_to - dt.timedelta(days=1)

    @property
    def at_most(self) -> Decimal | None:
        """The most that it may cost (CNY): its total, or what its tiers cost by stock and by their
        own budgets, whichever is less; None where nothing bounds it."""
        tiers = [tier.at_most for tier in self.rewards.tiers]
        bounded = [one for one in tiers if one is not None]
        bounds = [] if self.budget.total is None else [self.budget.total]
        if len(bounded) == len(tiers):
            bounds.append(sum(bounded, Decimal(0)))
        return min(bounds, default=None)

    def terms_of(self, tier: Tier) -> Terms | None:
        """This will return how often and until when a tier can be used; None where it is no member
        benefit. One without terms of its own is used once, in the time that all rewards have."""
        if tier.kind != RewardKind.BENEFIT:
            return None
        return tier.terms or Terms(1, self.disclosure.redeem_days)

    def measures(self) -> dict[int, int]:
        """This will tell at which place of a decision's facts that stands by which a tier is
        measured, a sum or persons, by the tier's position."""
        found, end = {}, len(tree.leaves(self.rule))
        for position, tier in enumerate(self.rewards.tiers):
            end += len(tree.leaves(tier.asks)) if tier.asks else 0
            if tier.measured_by is not None:
                found[position] = end - 1
        return found

    def mentioned(self) -> dict[Source, set[str]]:
        """This will return the codes that the conditions of the rule, of the tiers and of the
        touch plan name."""
        found: dict[Source, set[str]] = {source: set() for source in Source}
        touched = self.touches.trees() if self.touches else []
        for node in (
            self.rule,
            *(tier.asks for tier in self.rewards.tiers if tier.asks),
            *(node for _place, node in touched),
        ):
            for leaf in tree.leaves(node):
                for source, code in leaf.condition.mentions(None):
                    found[source].add(code)
        return found

    def as_content(self) -> dict[str, Any]:
        """This will write the plan as plain JSON values, as a version keeps it."""
        return {
            **self.facts.as_data(),
            "runs_from": _day(self.runs_from),
            "runs_to": _day(self.runs_to),
            "branches": list(self.branches),
            "merchants": list(self.merchants),
            "products": list(self.products),
            "issued_from": self.issued_from.isoformat(),
            "issued_to": self.issued_to.isoformat(),
            "rule": tree.as_data(self.rule),
            "rewards": self.rewards.as_data(),
            "budget": self.budget.as_data(),
            "control_percent": self.control_percent,
            "channels": list(self.channels),
            "template": self.template,
            "disclosure": self.disclosure.as_data(),
            "evidence": [one.as_data() for one in self.evidence],
            # Written only where it is: what older versions hold stays equal to what they say.
            **({"stacks_with": list(self.stacks_with)} if self.stacks_with else {}),
            **({"priority": self.priority} if self.priority != competing.PRIORITY else {}),
            **({"group": self.group} if self.group else {}),
            **({"touches": self.touches.as_data()} if self.touches else {}),
        }


def read_plan(raw: Mapping[str, Any]) -> Plan:
    """This will read a plan from plain values. Raises PlanWrong."""
    reading = Reading(raw)
    reading.only(*FIELDS)
    runs = reading.span("runs_from", "runs_to", is_needed=False)
    issued = reading.span("issued_from", "issued_to")
    rewards = reading.part("rewards")
    plan = Plan(
        facts=_facts(reading),
        runs_from=runs[0],
        runs_to=runs[1],
        branches=reading.codes("branches", is_needed=False),
        merchants=reading.codes("merchants", is_needed=False),
        products=reading.codes("products"),
        issued_from=issued[0] or dt.date.min,
        issued_to=issued[1] or dt.date.max,
        rule=reading.rule("rule") or _NOTHING,
        rewards=read_rewards(rewards) if rewards else Rewards(TierMode.HIGHEST, ()),
        budget=read_budget(reading.part("budget", is_needed=False)),
        control_percent=_control(reading),
        channels=reading.codes("channels", MESSAGE_CHANNELS),
        template=reading.slug("template"),
        disclosure=read_disclosure(reading.part("disclosure", is_needed=False)),
        evidence=read_evidence(reading),
        stacks_with=reading.codes("stacks_with", is_needed=False),
        priority=_priority(reading),
        group=reading.slug("group") if reading.has("group") else "",
        touches=read_touches(reading.part("touches", is_needed=False)),
    )
    if reading.problems:
        raise PlanWrong(reading.problems)
    return plan


# Stands for a rule that could not be read; a plan with it is never returned.
_NOTHING = tree.Branch(tree.ALL, ())


def _facts(reading: Reading) -> Facts:
    return Facts(
        name=reading.words("name", 120),
        name_en=reading.words("name_en", 120),
        objective=reading.one_of("objective", Objective.values),
        stage=reading.one_of("stage", JourneyStage.values),
        scenario=reading.one_of("scenario", Scenario.values, is_needed=False),
        era=reading.one_of("era", Era.values),
    )


def _control(reading: Reading) -> int:
    return reading.whole("control_percent", 0, _MOST_CONTROL, is_needed=False) or 0


def _priority(reading: Reading) -> int:
    found = reading.whole("priority", 0, competing.LAST_PRIORITY, is_needed=False)
    return competing.PRIORITY if found is None else found


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


# --- what versions hold -----------------------------------------------------------------------
def plan_of(content: Mapping[str, Any]) -> Plan:
    """This will read the plan that a version keeps. Raises PlanWrong where it is a draft that
    is not whole yet."""
    return read_plan(_as_now(content))


def facts_of(content: Mapping[str, Any]) -> dict[str, str]:
    """This will return the facts of a version's plan, as far as they are written."""
    now = _as_now(content)
    return {field.name: now.get(field.name, "") for field in dataclasses.fields(Facts)}


def _as_now(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """The content in today's form. The first versions had one reward and their facts apart; they
    are frozen, so they are read anew rather than written anew."""
    if "reward" not in content:
        return content
    rest = {name: value for name, value in content.items() if name not in ("reward", "campaign")}
    reward = dict(content["reward"])
    tier = {**reward, "kind": RewardKind.GIFT.value, "value": reward.pop("amount")}
    del tier["amount"]
    return {**content["campaign"], **rest, "rewards": {"tiers": [tier]}}
