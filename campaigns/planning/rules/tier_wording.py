"""What tiers give, in the words of the published text and of those who look after a campaign."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.conditions.rules import wording
from campaigns.planning.enums import RewardKind
from campaigns.planning.rules.multiples import plain
from campaigns.planning.rules.rewards import Tier
from portal.kit import money


def clause_of(tier: Tier, total: Decimal | None) -> wording.Clause:
    """This will say what a tier gives, how much there is of it in all, and what it asks, in the
    active language. Its own budget is said where neither its stock nor the campaign's `total` (CNY)
    refuses before."""
    text = _multiplied(tier) if tier.multiple else _given(tier)
    if tier.stock is not None:
        text += " " + _("There are {stock} in all; first come, first served.").format(
            stock=f"{tier.stock:,}"
        )
    others = [one for one in (tier.stock_worth, total) if one is not None]
    if tier.budget is not None and all(tier.budget < one for one in others):
        text += " " + _(
            "Together they are worth {amount} at most; first come, first served."
        ).format(amount=money.show(tier.budget))
    parts = (wording.clause_of(tier.asks),) if tier.asks else ()
    return wording.Clause(text, parts)


def _called(tier: Tier) -> str:
    """What is given, and of what kind that is: both must be published."""
    return _("{kind}: {reward}").format(kind=RewardKind(tier.kind).label, reward=tier.label)


def _given(tier: Tier) -> str:
    given = _called(tier)
    if tier.points:
        given = ngettext("{reward}: {count} point", "{reward}: {count} points", tier.points).format(
            reward=given, count=f"{tier.points:,}"
        )
    if tier.for_each:
        return _(
            "{reward}, worth {amount}, for each person whom the customer brought, once for each of "
            "them and for {most} of them at most; and only after the customer's own card is "
            "activated and used."
        ).format(reward=given, amount=money.show(tier.value), most=tier.for_each.most)
    return _(
        "{reward}, worth {amount}, once for each customer, and only after the card is activated "
        "and used."
    ).format(reward=given, amount=money.show(tier.value))


def _multiplied(tier: Tier) -> str:
    more = plain(tier.multiple.more) if tier.multiple else ""
    return _(
        "{reward}: {more} points for each whole yuan of the spending named here, besides those "
        "that the card earns; {count} points at most, worth {amount}; once for each customer, and "
        "only after the card is activated and used. Parts of a point are left out. What is entered "
        "late for these days is made up for while the promotion runs."
    ).format(
        reward=_called(tier),
        more=more,
        count=f"{tier.points or 0:,}",
        amount=money.show(tier.value),
    )


def reckoning(tier: Tier, fact: Any) -> str:
    """This will say how much of a tier is given by the fact by which it is measured, as a decision
    holds it, in the active language; empty for a tier that is the same for all."""
    if tier.for_each is not None:
        return _(
            "Persons brought who count: {count}. Each is rewarded once, {most} of them at most: "
            "{given} in all."
        ).format(count=len(fact), most=tier.for_each.most, given=min(len(fact), tier.for_each.most))
    return _multiplied_by(tier, Decimal(fact)) if tier.multiple else ""


def _multiplied_by(tier: Tier, spent: Decimal) -> str:
    if tier.multiple is None:
        return ""
    points = tier.multiple.points_for(spent)
    text = _(
        "Purchases of {amount}{what}, refunds deducted; {more} more points for each whole yuan: "
        "{count} points."
    ).format(
        amount=money.show(spent), what=tier.multiple.spending.what_text(),
        more=plain(tier.multiple.more), count=f"{points:,}",
    )  # fmt: skip
    if points <= (tier.points or 0):
        return text
    return text + " " + _("At most {count} are given.").format(count=f"{tier.points:,}")


def priced(tier: Tier) -> str:
    """This will say what a tier costs, for those who look after the campaign."""
    value = money.show(tier.value)
    if tier.multiple:
        value = _("{times} times the points, up to {amount}").format(
            times=plain(tier.multiple.times), amount=value
        )
    if tier.for_each:
        value = _("{amount} for each person brought, {most} at most").format(
            amount=value, most=tier.for_each.most
        )
    text = f"{tier.name} / {tier.name_en} · {value}"
    if tier.terms:
        text += f" · {tier.terms.brief}"
    if tier.stock is not None:
        text += " · " + _("stock {stock}").format(stock=f"{tier.stock:,}")
    if tier.budget is not None:
        text += " · " + _("budget {amount}").format(amount=money.show(tier.budget))
    return text
