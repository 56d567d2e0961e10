"""The published text of a campaign, made from the plan that the machine runs."""

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.conditions.enums import Source
from campaigns.conditions.rules import wording
from campaigns.conditions.rules.names import known_as
from campaigns.conditions.rules.names import listed as joined
from campaigns.planning.enums import BY_DIFFERENCE, Era, Objective, TierMode
from campaigns.planning.rules import competing, tier_wording, touch_wording
from campaigns.planning.rules.budget import BANK
from campaigns.planning.rules.plans import Plan
from campaigns.planning.rules.rewards import Rewards
from journeys.contact.enums import Channel
from journeys.stages.enums import JourneyStage
from portal.kit import languages, money

LANGUAGES = ("zh-hans", "en")
Named = Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Names:
    """Name and English name of what plans call by its code."""

    products: Named = field(default_factory=dict)
    branches: Named = field(default_factory=dict)
    merchants: Named = field(default_factory=dict)
    categories: Named = field(default_factory=dict)
    campaigns: Named = field(default_factory=dict)
    divisions: Named = field(default_factory=dict)
    groups: Mapping[str, competing.Group] = field(default_factory=dict)

    def tables(self) -> tuple[Named, ...]:
        """This will return all that is named, kind by kind."""
        return (
            self.products, self.branches, self.merchants, self.categories, self.campaigns,
            self.divisions,
        )  # fmt: skip

    def known_to_conditions(self) -> AbstractContextManager[None]:
        """This will let conditions call codes by these names, in the language that is active."""
        tables = {
            Source.PRODUCTS: self.products,
            Source.BRANCHES: self.branches,
            Source.MERCHANTS: self.merchants,
            Source.CATEGORIES: self.categories,
            Source.CAMPAIGNS: self.campaigns,
            Source.DIVISIONS: self.divisions,
        }
        return known_as(
            {
                (source, code): _own(*pair)
                for source, table in tables.items()
                for code, pair in table.items()
            }
        )


def _own(chinese: str, english: str) -> str:
    return english if languages.reads_english() else chinese


def listed(codes: Iterable[str], names: Named) -> str:
    """This will name codes in one line, in the active language."""
    return joined(_own(*names.get(code, (code, code))) for code in codes)


def _last(end: dt.date) -> dt.date:
    return end - dt.timedelta(days=1)


def audience(plan: Plan, names: Names) -> str:
    """This will say which cards the campaign is about, in the active language."""
    text = _(
        "Primary cards issued from {first} to {last}, both days included, and not closed, of: "
        "{products}. One card for each customer: the earliest."
    ).format(
        first=plan.issued_from,
        last=_last(plan.issued_to),
        products=listed(plan.products, names.products),
    )
    if not plan.branches:
        return text
    places = listed(plan.branches, names.branches)
    return text + " " + _("Customers of: {branches}.").format(branches=places)


def period(plan: Plan) -> str:
    """This will say on which days something is granted; empty where nothing bounds them."""
    if plan.runs_from is None or plan.runs_to is None:
        return ""
    return _("Granted from {first} to {last}, both days included.").format(
        first=plan.runs_from, last=_last(plan.runs_to)
    )


def conditions(plan: Plan, names: Names) -> wording.Clause:
    """This will say the conditions, in the active language."""
    with names.known_to_conditions():
        return wording.clause_of(plan.rule)


def rewards(plan: Plan, names: Names) -> list[wording.Clause]:
    """This will say what is given, tier by tier, in the active language."""
    with names.known_to_conditions():
        total = plan.budget.total
        tiers = [tier_wording.clause_of(tier, total) for tier in plan.rewards.tiers]
    taken_back = wording.Clause(
        _("Where refunds undo what was required, what was given for it is taken back.")
    )
    short = [wording.Clause(text) for text in _where_short(plan)]
    if len(tiers) < 2:
        return [*tiers, *short, taken_back]
    if plan.rewards.mode == TierMode.EACH:
        each = _("Of these, each that is reached is given:")
        later = _(
            "Whoever reaches a further one later, while the promotion runs, is given that one as "
            "well."
        )
        return [wording.Clause(each, tuple(tiers)), *short, wording.Clause(later), taken_back]
    highest = _("Of these, the highest that is reached by the day of the decision is given:")
    return [wording.Clause(highest, tuple(tiers)), *short, *_later_tiers(plan.rewards), taken_back]


def _where_short(plan: Plan) -> list[str]:
    """What is given where something that bounds the rewards is not enough any more."""
    budget, tiers = plan.budget, plan.rewards.tiers
    bounds = (plan.at_most, budget.per_day, budget.per_customer, *budget.branches.values())
    is_bounded = any(one is not None for one in bounds)
    if not is_bounded and all(tier.at_most is None for tier in tiers):
        return []
    if len(tiers) < 2:
        return (
            [
                _("Where what is left of a number or sum named here is not enough for all of a "
                  "customer's points, that customer is given none of them.")
            ]
            if any(tier.multiple for tier in tiers)
            else []
        )  # fmt: skip
    if plan.rewards.mode == TierMode.EACH:
        return [
            _("Where what is left of a number or sum named here is not enough for all of them, "
              "those are given that are worth most together; none is given in part.")
        ]  # fmt: skip
    return [
        _("Where what is left of a number or sum named here is not enough for the highest that is "
          "reached, the next one reached for which it is enough is given; none is given in part.")
    ]  # fmt: skip


def _later_tiers(rewards: Rewards) -> list[wording.Clause]:
    """What becomes of one who reaches a higher tier after a lower one was given: of tiers of one
    kind the difference, where it is money or points."""
    kinds = {tier.kind for tier in rewards.tiers}
    found = []
    if any(
        low.kind == high.kind and low.kind in BY_DIFFERENCE
        for low, high in itertools.combinations(rewards.tiers, 2)
    ):
        found.append(
            _("Whoever reaches a higher one of the same kind later is given the difference.")
        )
    if kinds - BY_DIFFERENCE or len(kinds) > 1:
        found.append(
            _(
                "A gift or a benefit that was given stays the only one, and nothing of another "
                "kind is given later instead, even where a higher one is reached."
            )
        )
    return [wording.Clause(text) for text in found]


def messages(plan: Plan) -> str:
    """This will say how those who qualify are told, in the active language."""
    return _(
        "Those who qualify are told once, by the first that is possible of: {channels}."
    ).format(channels=_channels(plan))


def _channels(plan: Plan) -> str:
    return joined(str(Channel(code).label) for code in plan.channels)


def facts(plan: Plan, names: Names) -> list[tuple[str, str]]:
    """This will label what a plan says besides its rule, in the active language."""
    own = plan.facts
    lines = [
        (_("Name"), f"{own.name} / {own.name_en}"),
        (_("Objective"), Objective(own.objective).label),
        (_("Journey stage"), JourneyStage(own.stage).label),
        (_("Era"), Era(own.era).label),
        (_("Runs"), period(plan)),
        (_("Branches"), listed(plan.branches, names.branches)),
        (_("Partners"), listed(plan.merchants, names.merchants)),
        *competing.facts(plan, names.groups, listed(plan.stacks_with, names.campaigns)),
        (
            _("Cards issued"),
            _("{first} to {last}").format(first=plan.issued_from, last=_last(plan.issued_to)),
        ),
        (_("Card products"), listed(plan.products, names.products)),
        *((_("Reward"), tier_wording.priced(tier)) for tier in plan.rewards.tiers),
        *_costs(plan, names),
        (_("Channels"), _channels(plan)),
        (_("Message text"), plan.template),
        *(
            (
                _("Source of a claim"),
                _("“{claim}”: {source}, until {day}").format(
                    claim=one.claim, source=one.source, day=one.until
                ),
            )
            for one in plan.evidence
        ),
        *_touches(plan, names),
    ]
    return [(str(label), str(text)) for label, text in lines if text]


def _touches(plan: Plan, names: Names) -> list[tuple[str, str]]:
    if plan.touches is None:
        return []
    with names.known_to_conditions():
        return touch_wording.sentences(plan.touches)


def _costs(plan: Plan, names: Names) -> list[tuple[str, str]]:
    budget = plan.budget
    limits = [
        (_("Budget"), budget.total),
        (_("Budget of a day"), budget.per_day),
        (_("Most for one customer"), budget.per_customer),
    ]
    lines = [(label, money.show(amount)) for label, amount in limits if amount is not None]
    if budget.branches:
        limited = [
            f"{listed([code], names.branches)} {money.show(amount)}"
            for code, amount in budget.branches.items()
        ]
        lines.append((_("Budget by branch"), joined(limited)))
    if budget.shares:
        parties = {**names.merchants, BANK: (str(_("the bank")),) * 2}
        borne = [f"{listed([party], parties)} {share:f}%" for party, share in budget.shares.items()]
        lines.append((_("Borne by"), joined(borne)))
    if plan.control_percent:
        lines.append((_("Left out for comparison"), f"{plan.control_percent}%"))
    return lines


# --- what is published ------------------------------------------------------------------------
@dataclass(frozen=True)
class Section:
    """A part of the published rule: what it is about, and what it says."""

    title: str
    clauses: tuple[wording.Clause, ...]


def sections(plan: Plan, names: Names) -> list[Section]:
    """This will write what must be published before a promotion begins, in the active language;
    what the plan does not say yet is left out.

    Interim Provisions on Regulating Promotional Activities (2020): kinds, conditions, manner, time,
    value, number, how and when to redeem, when forfeited, and who holds the promotion.
    """
    own = plan.disclosure
    parts: list[tuple[str, list[wording.Clause]]] = [
        (_("Who may take part"), _said(audience(plan, names))),
        (_("Time"), _said(period(plan))),
        (_("Conditions"), [conditions(plan, names)]),
        (
            _("Rewards: kind, value and number"),
            [*rewards(plan, names), *_said(*_limits(plan, names))],
        ),
        (_("How and when to redeem"), _said(_own(own.redeem, own.redeem_en), *_redeem_by(plan))),
        (_("When a reward is forfeited"), _said(_own(own.forfeit, own.forfeit_en))),
        (_("Messages"), _said(messages(plan))),
        (_("Organiser"), _said(_own(own.organiser, own.organiser_en))),
    ]
    return [Section(str(title), tuple(clauses)) for title, clauses in parts if clauses]


def _said(*texts: str) -> list[wording.Clause]:
    return [wording.Clause(text) for text in texts if text]


def _redeem_by(plan: Plan) -> list[str]:
    """Until when rewards are redeemed; benefits with terms of their own say theirs."""
    own = [tier for tier in plan.rewards.tiers if tier.terms]
    lines = [tier.terms.said(tier.label) for tier in own if tier.terms]
    days = plan.disclosure.redeem_days
    if days is None or (own and len(own) == len(plan.rewards.tiers)):
        return lines
    rest = (
        _("Every other reward is redeemed no later than day {days} after it was granted.")
        if own
        else _("It is redeemed no later than day {days} after it was granted.")
    )
    return [*lines, rest.format(days=days)]


def _limits(plan: Plan, names: Names) -> list[str]:
    """What bounds the rewards besides their stock; customers read it where it can refuse them."""
    budget = plan.budget
    said = [
        (budget.total, _("In all, rewards worth {amount} are granted; first come, first served.")),
        (budget.per_day, _("On one day, rewards worth {amount} are granted at most.")),
        (budget.per_customer, _("One customer is granted rewards worth {amount} at most.")),
    ]
    lines = [text.format(amount=money.show(limit)) for limit, text in said if limit is not None]
    lines += [
        _("Customers of {branch} are granted rewards worth {amount} in all at most.").format(
            branch=listed([code], names.branches), amount=money.show(limit)
        )
        for code, limit in budget.branches.items()
    ]
    if any(tier.stock is not None for tier in plan.rewards.tiers):
        # A run goes by the customers' ids, which follow the order in which they were entered.
        lines.append(
            _(
                "What is limited in number is given out evening by evening: first to those who "
                "qualify on an earlier evening; of one evening, to those whom the bank has had on "
                "file for longer."
            )
        )
        lines.append(
            _(
                "What is released in a flash redemption that the bank announces goes to those who "
                "claim it first."
            )
        )
    lines += competing.published(plan, names.groups)
    if plan.control_percent:
        lines.append(
            _(
                "For comparison, {percent} % of those who qualify, drawn by chance, are granted "
                "nothing."
            ).format(percent=plan.control_percent)
        )
    return lines


def full_text(plan: Plan, names: Names, language: str) -> str:
    """This will write the whole rule as plain text in `language`, a sentence a line: what is
    approved is what is published."""
    with translation.override(language):
        lines = [
            line
            for section in sections(plan, names)
            for clause in section.clauses
            for line in wording.lines_of(clause)
        ]
    return "\n".join(lines)
