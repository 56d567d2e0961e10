"""What keeps a plan from being submitted, and what its maker should look at: each with its place
and what to do."""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from campaigns.conditions.rules import tree
from campaigns.planning.enums import OF_POINTS, TierMode
from campaigns.planning.rules import (
    issuing,
    overlaps,
    reasoning,
    renamed,
    senders,
    shortfalls,
    touch_linting,
    windows,
    wording,
)
from campaigns.planning.rules.faults import Around, Fault, Other
from campaigns.planning.rules.plans import Plan
from campaigns.planning.rules.reasoning import Placed
from campaigns.planning.rules.rewards import Tier
from campaigns.wording.enums import Level
from campaigns.wording.rules import GRAVEST_FIRST, Finding, check
from campaigns.wording.rules.folding import fold
from journeys.contact.enums import Channel
from portal.kit import money

_DAY = dt.timedelta(days=1)

__all__ = ["Around", "Fault", "Other", "blocks_of", "lint"]


def lint(plan: Plan, around: Around) -> list[Fault]:
    """This will list what is wrong with a plan, what blocks it first."""
    faults = [
        *_undisclosed(plan),
        *_unbounded(plan),
        *_beyond_budget(plan),
        *_beyond_customer(plan),
        *shortfalls.shortfalls(plan),
        *_unusable(plan),
        *_dead_tiers(plan),
        *_falling_tiers(plan),
        *_priced_apart(plan),
        *_contradictions(plan),
        *windows.impossible_days(plan, around.on),
        *windows.impossible_windows(plan),
        *windows.unfinished_windows(plan),
        *_words(plan, around),
        *_no_text(around),
        *_no_way_out(around),
        *senders.senders_gone(plan, around),
        *issuing.no_new_cards(plan, around),
        *touch_linting.lint_touches(plan, around),
        *overlaps.overlaps(plan, around),
        *renamed.given_again(plan, around),
        *_ties(plan, around),
    ]
    return sorted(faults, key=lambda fault: not fault.is_block)


def _ties(plan: Plan, around: Around) -> Iterator[Fault]:
    """Of two of a group with one priority it is the code that decides, which nobody weighed. What
    holds of several versions of a campaign is said once."""
    tied = {
        other.code: other.label
        for other in around.others
        if plan.group
        and (plan.group, plan.priority) == (other.plan.group, other.plan.priority)
        and overlaps.run_together(plan, other.plan)
    }
    for code, label in tied.items():
        yield Fault(
            "priority",
            _("{campaign} ({code}) is of the same group and has the same priority.").format(
                campaign=label, code=code
            ),
            _("The campaign whose code comes first in the alphabet goes first; give another "
              "priority where it should not be so."),
            is_block=False,
        )  # fmt: skip


# --- disclosure and cost ----------------------------------------------------------------------
def _undisclosed(plan: Plan) -> Iterator[Fault]:
    """Interim Provisions on Regulating Promotional Activities (2020)."""
    needed = {
        "organiser": _("The organiser is not named."),
        "organiser_en": _("The organiser is not named in English."),
        "redeem": _("It is not said how a reward is redeemed."),
        "redeem_en": _("It is not said in English how a reward is redeemed."),
        "redeem_days": _("It is not said until when a reward is redeemed."),
        "forfeit": _("It is not said when a reward is forfeited."),
        "forfeit_en": _("It is not said in English when a reward is forfeited."),
    }
    if all(tier.terms for tier in plan.rewards.tiers):
        del needed["redeem_days"]  # Each says its own.
    for name, problem in needed.items():
        if not getattr(plan.disclosure, name):
            yield Fault(f"disclosure.{name}", problem, _("Write it: it must be published."))
    if plan.runs_from is None or plan.runs_to is None:
        place = "runs_to" if plan.runs_from else "runs_from"
        yield Fault(
            place,
            _("It is not said when the promotion begins and ends."),
            _("Give runs_from and runs_to: the time must be published."),
        )


def _unbounded(plan: Plan) -> Iterator[Fault]:
    loose = [n for n, tier in enumerate(plan.rewards.tiers) if tier.at_most is None]
    if plan.at_most is None:
        yield Fault(
            "budget.total",
            _("Nothing bounds what the campaign may cost."),
            _(
                "Give a total budget, or a stock or a budget of its own for every tier; without "
                "either: {tiers}."
            ).format(tiers=", ".join(f"rewards.tiers[{n}]" for n in loose)),
        )


def _beyond_budget(plan: Plan) -> Iterator[Fault]:
    limits = {
        "budget.per_customer": plan.budget.per_customer,
        "budget.per_day": plan.budget.per_day,
        "budget.total": plan.budget.total,
    }
    for number, tier in enumerate(plan.rewards.tiers):
        own = {f"rewards.tiers[{number}].budget": tier.budget}
        for name, limit in (limits | own).items():
            if limit is not None and tier.value > limit:
                problem = (
                    _("Up to {value} are given, and {name} is {limit}: who comes to more is given "
                      "nothing.")
                    if tier.multiple
                    else _("It is worth {value}, and {name} is {limit}: it is never given.")
                )  # fmt: skip
                yield Fault(
                    f"rewards.tiers[{number}].value",
                    problem.format(
                        value=money.show(tier.value), name=name, limit=money.show(limit)
                    ),
                    _("Lower the value, or raise the budget."),
                )


def _beyond_customer(plan: Plan) -> Iterator[Fault]:
    """As many persons are promised as one customer's limit must be enough for."""
    limit = plan.budget.per_customer
    for number, tier in enumerate(plan.rewards.tiers):
        if limit is not None and tier.for_each and tier.value * tier.for_each.most > limit:
            yield Fault(
                f"rewards.tiers[{number}].for_each",
                _("{count} persons at {value} come to more than budget.per_customer, {limit}.")
                .format(count=tier.for_each.most, value=money.show(tier.value),
                        limit=money.show(limit)),
                _("Promise fewer persons, or raise the limit."),
            )  # fmt: skip


def _unusable(plan: Plan) -> Iterator[Fault]:
    """What ends with a day must be granted before."""
    for number, tier in enumerate(plan.rewards.tiers):
        until = tier.terms and tier.terms.until
        if until and plan.runs_to and until < plan.runs_to - dt.timedelta(days=1):
            yield Fault(
                f"rewards.tiers[{number}].benefit",
                _("It can be used until {until}, and is granted until {last}: what is granted "
                  "later could not be used.")
                .format(until=until, last=plan.runs_to - dt.timedelta(days=1)),
                _("Let it be used for longer, or end the promotion earlier."),
            )  # fmt: skip


# --- tiers and conditions ---------------------------------------------------------------------
def _dead_tiers(plan: Plan) -> Iterator[Fault]:
    """Where the highest tier counts alone, a tier is never given whose customers, who meet the rule
    as well, reach a higher one. A higher tier with a stock, or a budget of its own, may run out:
    then the lower one is what is left."""
    if plan.rewards.mode != TierMode.HIGHEST:
        return
    tiers = plan.rewards.tiers
    for number, tier in enumerate(tiers):
        for above in range(number + 1, len(tiers)):
            higher = tiers[above]
            if higher.at_most is None and reasoning.node_implies(_of_all(plan, tier), higher.asks):
                yield Fault(
                    f"rewards.tiers[{number}].needs",
                    _(
                        "Whoever meets the rule and reaches it reaches the higher tier {code} too: "
                        "nobody is ever given it."
                    ).format(code=higher.code),
                    _("Ask less here, ask more there, or take one of them out."),
                )
                break


def _falling_tiers(plan: Plan) -> Iterator[Fault]:
    """Where the highest tier counts alone, a higher one gives no less than those below it: else
    what a customer has in the end would hang on which of them was reached first, since what was
    given is exchanged for more alone."""
    if plan.rewards.mode != TierMode.HIGHEST:
        return
    tiers = plan.rewards.tiers
    for number, tier in enumerate(tiers):
        below = tiers[:number]
        richer = next((one for one in below if tier.value < one.value), None)
        if richer is not None:
            yield Fault(
                f"rewards.tiers[{number}].value",
                _(
                    "It is worth less than {code} below it ({value} < {more} CNY): who reaches "
                    "more would be given less, or not, as it is reached first."
                ).format(code=richer.code, value=money.show(tier.value),
                         more=money.show(richer.value)),
                _("Put the tiers in order, from the lowest to the highest."),
            )  # fmt: skip
        alike = [one for one in below if one.kind == tier.kind and one.points is not None]
        fuller = next((one for one in alike if _gives_fewer(tier, one)), None)
        if fuller is not None:
            yield Fault(
                f"rewards.tiers[{number}].points",
                _(
                    "{code} below it gives as many points or more, for another value: what is "
                    "given would hang on which of them is reached first."
                ).format(code=fuller.code),
                _("A higher tier gives more points; put the tiers in order."),
            )


def _gives_fewer(tier: Tier, lower: Tier) -> bool:
    points, fewer = tier.points or 0, lower.points or 0
    return points < fewer or (points == fewer and tier.value != lower.value)


def _priced_apart(plan: Plan) -> Iterator[Fault]:
    """Points that follow spending come to what nobody knows beforehand. Of one worth, more points
    are worth no less; of two, one tier may come to more points and the other to more money, and the
    one that is reached first would stay. So it is beside a fixed number of points too."""
    if plan.rewards.mode != TierMode.HIGHEST:
        return
    below: list[Tier] = []
    for number, tier in enumerate(plan.rewards.tiers):
        if tier.kind not in OF_POINTS:
            continue
        other = next((one for one in below if _worth_apart(one, tier)), None)
        below.append(tier)
        if other is not None:
            yield Fault(
                f"rewards.tiers[{number}].value",
                _(
                    "{points} points are worth {value} here, and {others} are worth {other} in "
                    "{code}: of the two, the one that is reached first would be what is given."
                ).format(
                    points=f"{tier.points:,}", value=money.show(tier.value), code=other.code,
                    others=f"{other.points:,}", other=money.show(other.value),
                ),
                _("Let one point be worth the same in both: its value divided by its points."),
            )  # fmt: skip


def _worth_apart(one: Tier, other: Tier) -> bool:
    if one.multiple is None and other.multiple is None:
        return False
    return one.value * (other.points or 0) != other.value * (one.points or 0)


def _of_all(plan: Plan, tier: Tier) -> tree.Node:
    """All that is asked of those who reach a tier."""
    return tree.Branch(tree.ALL, (plan.rule, tier.asks)) if tier.asks else plan.rule


def _contradictions(plan: Plan) -> Iterator[Fault]:
    rule = Placed(plan.rule, "rule")
    if fault := _contradiction(rule):
        yield fault
        return
    for number, tier in enumerate(plan.rewards.tiers):
        if tier.asks is not None:
            needs = Placed(tier.asks, f"rewards.tiers[{number}].needs")
            if fault := _contradiction(needs, rule):
                yield fault


def _contradiction(*all_of: Placed) -> Fault | None:
    pair = reasoning.contradiction(*all_of)
    if pair is None:
        return None
    first = all_of[0].place
    places = sorted(
        (one.place for one in pair), key=lambda place: (not place.startswith(first), place)
    )
    return Fault(
        places[0],
        _("It contradicts {place}: nobody can ever meet both.").format(place=places[-1]),
        _("Take one of them out."),
    )


# --- words ------------------------------------------------------------------------------------
def _texts(plan: Plan, around: Around) -> Iterator[tuple[str, str, str]]:
    """The place, what it is called, and the words of each text that customers read."""
    yield "name", "", plan.facts.name
    yield "name_en", "", plan.facts.name_en
    for number, tier in enumerate(plan.rewards.tiers):
        yield f"rewards.tiers[{number}].name", "", tier.name
        yield f"rewards.tiers[{number}].name_en", "", tier.name_en
    for name, words in plan.disclosure.as_data().items():
        if isinstance(words, str):
            yield f"disclosure.{name}", "", words
    for label, words in around.messages:
        yield "template", label, words
    for language in wording.LANGUAGES:
        text = wording.full_text(plan, around.names, language)
        yield "text", _("Text of the rule ({language})").format(language=language), text


def _words(plan: Plan, around: Around) -> Iterator[Fault]:
    said: set[tuple[str, str]] = set()
    for place, label, words in _texts(plan, around):
        for finding in check(words, around.words):
            term = fold(finding.term).text
            # The text of the rule repeats names; what was said of them is not said again, unless
            # it is graver there.
            if place == "text" and said & {(term, level) for level in _as_grave(finding.level)}:
                continue
            if finding.level != Level.EVIDENCE or not _is_proved(finding, plan, around.on):
                said.add((term, finding.level))
                yield _word(place, label, finding)


def _as_grave(level: str) -> tuple[str, ...]:
    return GRAVEST_FIRST[: GRAVEST_FIRST.index(level) + 1]


def _word(place: str, label: str, finding: Finding) -> Fault:
    problem = _("{level}: “{term}” ({basis}).").format(
        level=finding.level_label, term=finding.term, basis=finding.basis
    )
    return Fault(
        place,
        f"{label}: {problem}" if label else problem,
        finding.todo,
        is_block=finding.level != Level.CAUTION,
    )


def _is_proved(finding: Finding, plan: Plan, on: dt.date) -> bool:
    """Whether a source stands behind a claim until the campaign ends. What a rule wants to read in
    the text itself, no source settles."""
    if finding.found_by.unless is not None:
        return False
    last = plan.runs_to - _DAY if plan.runs_to else on
    term, sentence = fold(finding.term).text, fold(finding.sentence).text
    return any(
        term in fold(one.claim).text and fold(one.claim).text in sentence and one.until >= last
        for one in plan.evidence
    )


def _no_text(around: Around) -> Iterator[Fault]:
    """Where the latest version of a text was withdrawn there is none, until another is written."""
    for channel in around.unwritten:
        yield Fault(
            "template",
            _("There is no message text in simplified Chinese for: {channel}.").format(
                channel=Channel(channel).label
            ),
            _("Write one, as a new version where it was withdrawn, or take the channel out."),
        )


_WAYS_OUT = ("拒收", "退订", "回复r", "回复td", "refuse", "unsubscribe", "opt out", "reply r")


def _no_way_out(around: Around) -> Iterator[Fault]:
    """Advertising Law, article 43: how to refuse is said in each message."""
    for label, words in around.messages:
        text = fold(words).text
        if not any(way in text for way in _WAYS_OUT):
            yield Fault(
                "template",
                _("{text}: it does not say how to refuse further messages.").format(text=label),
                _("Add it, such as 拒收请回复R (Advertising Law, article 43)."),
                is_block=False,
            )


def blocks_of(faults: Iterable[Fault]) -> list[Fault]:
    """This will return the faults that keep a plan from being submitted."""
    return [fault for fault in faults if fault.is_block]
