"""Tiers that a version brings beside what earlier versions of its campaign gave: under a new code
the same reward would be given again."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from campaigns.planning.enums import TierMode
from campaigns.planning.rules import overlaps
from campaigns.planning.rules.faults import Around, Fault
from campaigns.planning.rules.plans import Plan
from campaigns.planning.rules.rewards import Tier


def given_again(plan: Plan, around: Around) -> Iterator[Fault]:
    """This will find the tiers by which whoever was given one that an earlier version named, and
    this one does not, is given the same kind of reward besides. It blocks where both reward what
    may be the same spending, and warns where spending tells nothing. Only where each tier adds: of
    the highest alone there is one at a time, whatever it is called. Of persons brought there are no
    more than the plan allows, by whatever codes."""
    if plan.rewards.mode != TierMode.EACH:
        return
    earlier = [one for one in around.earlier if one.rewards.mode == TierMode.EACH]
    known = {tier.code for one in earlier for tier in one.rewards.tiers}
    found: dict[Fault, None] = {}
    for number, tier in enumerate(plan.rewards.tiers):
        if tier.code not in known:
            gone = [(one, old) for one in earlier for old in _gone(one, plan, tier)]
            found |= dict.fromkeys(
                fault for before in gone for fault in _said(number, (plan, tier), before, around)
            )
    yield from found


def _gone(earlier: Plan, plan: Plan, tier: Tier) -> list[Tier]:
    """The tiers of an earlier version that a plan leaves out, of the kind of one that it brings."""
    return [
        old
        for old in earlier.rewards.tiers
        if plan.rewards.tier(old.code) is None
        and overlaps.same_kind(old, tier)
        and not (old.for_each and tier.for_each)
    ]


def _said(
    number: int, mine: tuple[Plan, Tier], theirs: tuple[Plan, Tier], around: Around
) -> Iterator[Fault]:
    code = theirs[1].code
    place = f"rewards.tiers[{number}].code"
    if overlaps.spend_alike(mine, theirs, around.same):
        yield Fault(
            place,
            _("An earlier version rewarded the same spending by {code}: who was given that would "
              "be given this besides.").format(code=code),
            _("Call it {code} as before, or let other purchases count.").format(code=code),
        )  # fmt: skip
    elif not (overlaps.by_spending(*mine) and overlaps.by_spending(*theirs)):
        yield Fault(
            place,
            _("An earlier version gave {code}, the same kind of reward: who was given that is "
              "given this besides.").format(code=code),
            _("Make sure that this is meant; if it is the same reward, call it {code} as before.")
            .format(code=code),
            is_block=False,
        )  # fmt: skip
