"""Two campaigns that would give the same customers the same kind of reward twice for the same
spending: what is not proved to be apart may meet."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from campaigns.conditions.rules import readers, tree
from campaigns.planning.enums import OF_POINTS
from campaigns.planning.rules import reasoning, windows, wording
from campaigns.planning.rules.faults import Around, Fault, Other
from campaigns.planning.rules.plans import Plan
from campaigns.planning.rules.reasoning import Placed
from campaigns.planning.rules.rewards import Tier

# Kinds of condition that a purchase counts towards.
_BY_SPENDING = frozenset({
    "first_transaction", "spending_in_window", "purchases_in_window", "spending_days_in_window",
    "months_in_row", "multiplied_spending",
})  # fmt: skip
# What does not change of a card that is there, nor as a rule of its customer. All else moves with
# time: two that exclude each other on one evening are met by one customer one after the other.
_LASTING = frozenset({"issued_within", "branch"})
_CHOSEN = ("scenarios", "channels")


def overlaps(plan: Plan, around: Around) -> Iterator[Fault]:
    """This will find the campaigns that a plan meets. It blocks where both would reward the same
    spending and neither names the other; else it warns. What holds of several versions of a
    campaign is said once."""
    found: dict[Fault, None] = {}
    for other in around.others:
        shared = sorted(set(plan.products) & set(other.plan.products))
        if shared and _same_kinds(plan, other.plan) and _meet(plan, other.plan, around):
            found |= dict.fromkeys(_overlap(plan, other, shared, around))
    yield from found


def _overlap(plan: Plan, other: Other, shared: list[str], around: Around) -> Iterator[Fault]:
    if other.code in plan.stacks_with or around.code in other.plan.stacks_with:
        return
    named = {
        "campaign": other.label,
        "code": other.code,
        "products": wording.listed(shared, around.names.products),
    }
    mine = excludes_all(plan, other.code)
    theirs = around.code != "" and excludes_all(other.plan, around.code)
    group = around.names.groups.get(plan.group) if plan.group == other.plan.group else None
    if (mine and theirs) or (group and group.days is None):
        return
    if group:
        problem = _(
            "{campaign} ({code}) gives the same kind of reward for: {products}. Their group keeps "
            "them apart {term} only: after that, both may reward one customer."
        )
        todo = _("Make sure that this is meant, or choose a group that excludes for good.")
        text = problem.format(**named, term=group.term)
        yield Fault("group", text, todo, is_block=False)
    elif mine or theirs:
        problem = _(
            "{campaign} ({code}) gives the same kind of reward for: {products}. Only one of the "
            "two leaves out whom the other rewarded: who has that one's first, is given both."
        )
        todo = _("Make sure that this is meant; a later version of the other may name this one.")
        yield Fault("products", problem.format(**named), todo, is_block=False)
    elif place := _rewards_the_same(plan, other.plan, around.same):
        problem = _(
            "{campaign} ({code}) gives the same customers the same kind of reward for the same "
            "spending, for: {products}."
        )
        todo = _(
            "Leave out whom it rewarded (the condition not_in_campaign with {code}), let other "
            "purchases count, or name {code} in stacks_with where both are meant."
        )
        yield Fault(place, problem.format(**named), todo.format(**named))
    else:
        problem = _("{campaign} ({code}) gives the same kind of reward for: {products}.")
        todo = _("Make sure that both are meant, or leave its customers out.")
        yield Fault("products", problem.format(**named), todo, is_block=False)


def excludes_all(plan: Plan, code: str) -> bool:
    """This will tell whether whoever was given something by the campaign `code` is given nothing by
    a plan, whichever tier it is."""
    return all(
        any(
            literal.holds and _excludes(literal.condition.as_data(), code)
            for literal in reasoning.needed(*_asked(plan, tier))[0]
        )
        for tier in plan.rewards.tiers
    )


def _excludes(condition: Mapping[str, Any], code: str) -> bool:
    return condition["kind"] == "not_in_campaign" and code in condition["campaigns"]


def _asked(plan: Plan, tier: Tier) -> list[Placed]:
    asked = [Placed(plan.rule, "rule")]
    return asked if tier.asks is None else [*asked, Placed(tier.asks, "needs")]


# --- where they meet --------------------------------------------------------------------------
def _family(tier: Tier) -> str:
    """Points are points, by whatever they are reckoned."""
    return "points" if tier.kind in OF_POINTS else tier.kind


def _same_kinds(one: Plan, other: Plan) -> bool:
    kinds = [{_family(tier) for tier in plan.rewards.tiers} for plan in (one, other)]
    return bool(kinds[0] & kinds[1])


def run_together(one: Plan, other: Plan) -> bool:
    """This will tell whether there is a day on which both may run."""
    return _spans_meet((one.runs_from, one.runs_to), (other.runs_from, other.runs_to))


def _meet(one: Plan, other: Plan, around: Around) -> bool:
    issued = [(one.issued_from, one.issued_to), (other.issued_from, other.issued_to)]
    return (
        run_together(one, other)
        and _spans_meet(*issued)
        and _branches_meet(one.branches, other.branches, around.below)
    )


def _spans_meet(
    one: tuple[dt.date | None, dt.date | None], other: tuple[dt.date | None, dt.date | None]
) -> bool:
    first = max(one[0] or dt.date.min, other[0] or dt.date.min)
    return first < min(one[1] or dt.date.max, other[1] or dt.date.max)


def _branches_meet(
    one: Collection[str], other: Collection[str], below: Mapping[str, frozenset[str]]
) -> bool:
    if not one or not other:
        return True
    mine, theirs = (
        frozenset().union(*(below.get(code, frozenset({code})) for code in codes))
        for codes in (one, other)
    )
    return bool(mine & theirs)


# --- the same spending ------------------------------------------------------------------------
Same = Mapping[str, str]  # which merchant stands for one that was merged, by number


def _rewards_the_same(one: Plan, other: Plan, same: Same) -> str:
    """The first tier of a plan that gives the same kind of reward as one of the other's for what
    may be the same purchases; empty where none does."""
    for number, mine in enumerate(one.rewards.tiers):
        for theirs in other.rewards.tiers:
            if _family(mine) != _family(theirs):
                continue
            asked = [*_asked(one, mine), *_asked(other, theirs)]
            if reasoning.contradiction(*asked, among=_LASTING):
                continue
            if spend_alike((one, mine), (other, theirs), same):
                return f"rewards.tiers[{number}]"
    return ""


Days = tuple[dt.date, dt.date] | None


def _spending(plan: Plan, tier: Tier) -> list[tuple[dict[str, Any], Days]]:
    """What a tier wants to see of purchases, and on which days these post, where that is known."""
    return [
        (data, windows.days_of(data, plan))
        for placed in _asked(plan, tier)
        for data in _wanted(placed.node)
    ]


def _wanted(node: tree.Node, holds: bool = True) -> Iterator[dict[str, Any]]:
    if isinstance(node, tree.Leaf):
        data = node.condition.as_data()
        if holds and data["kind"] in _BY_SPENDING:
            yield data
        return
    for part in node.parts:
        yield from _wanted(part, holds != (node.join == tree.NOT))


def _days_meet(one: Days, other: Days) -> bool:
    return one is None or other is None or (one[0] <= other[1] and other[0] <= one[1])


def _are_apart(one: dict[str, Any], other: dict[str, Any], same: Same) -> bool:
    """Whether no purchase can count towards both."""
    chosen = [(set(one.get(name) or ()), set(other.get(name) or ())) for name in _CHOSEN]
    shops = [
        {same.get(code, code) for code in data.get("merchants") or ()} for data in (one, other)
    ]
    mccs = [set(readers.each_mcc(data.get("mccs") or ())) for data in (one, other)]
    chosen += [(shops[0], shops[1]), (mccs[0], mccs[1])]
    if any(mine and theirs and not mine & theirs for mine, theirs in chosen):
        return True
    here, there = one.get("cities") or (), other.get("cities") or ()
    return bool(here and there) and not any(
        mine.startswith(theirs) or theirs.startswith(mine) for mine in here for theirs in there
    )


# --- tiers of one campaign --------------------------------------------------------------------
def same_kind(one: Tier, other: Tier) -> bool:
    """This will tell whether two tiers give the same kind of reward."""
    return _family(one) == _family(other)


def by_spending(plan: Plan, tier: Tier) -> bool:
    """This will tell whether a tier wants to see purchases."""
    return bool(_spending(plan, tier))


def spend_alike(one: tuple[Plan, Tier], other: tuple[Plan, Tier], same: Same) -> bool:
    """This will tell whether a purchase may count towards tiers of two plans; a merchant that was
    merged and the one that stands for it (`same`) are one."""
    return any(
        not _are_apart(mine, theirs, same) and _days_meet(days, their_days)
        for mine, days in _spending(*one)
        for theirs, their_days in _spending(*other)
    )
