"""Bounds and reasons in words, in the language of who reads them."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from merchants.allocation.enums import GroupKind
from merchants.allocation.models import FundLine
from merchants.allocation.queries.problems import yuan
from merchants.allocation.rules.explaining import Holds, Why
from merchants.allocation.rules.problems import Problem, Share
from merchants.directory.enums import CitySize, Scenario
from portal.kit import money


def group_label(kind: str, value: str, names: dict[str, str] | None = None) -> str:
    """This will name a group; `names` are those of branches by their codes."""
    if kind == GroupKind.SCENARIO and value in Scenario.values:
        return str(Scenario(value).label)
    if kind == GroupKind.CITY_TIER and value in CitySize.values:
        return str(CitySize(value).label)
    return (names or {}).get(value, value)


def groups_in(lines: Iterable[FundLine]) -> list[tuple[str, str, str]]:
    """This will list the groups that partners are in: kind, value and label."""
    found: dict[tuple[str, str], str] = {}
    for line in lines:
        branch = line.partnership.merchant.branch
        for kind, value in line.groups:
            found[kind, value] = group_label(kind, value, {branch.code: branch.label})
    order = list(GroupKind.values)
    return [
        (kind, value, label)
        for (kind, value), label in sorted(
            found.items(), key=lambda one: (order.index(one[0][0]), one[0][1])
        )
    ]


def show(fen: int) -> str:
    """This will write whole fen for a reader."""
    return money.show(yuan(fen))


def rate(value: float) -> str:
    """This will write what a CNY brings."""
    return f"{value:,.2f}"


def why_words(why: Why, names: dict[tuple[str, str], str]) -> list[str]:
    """This will say in sentences why a partner stands at its level."""
    found = []
    if why.is_floor:
        found.append(_("It gets its floor, whatever that brings."))
    if why.last is not None:
        found.append(_("Of the last step each CNY brings ¥{rate}.").format(rate=rate(why.last)))
    if why.serves is not None:
        sentence = _("The last step keeps {group} at its least share of {percent} %.")
        found.append(
            sentence.format(group=_name(why.serves, names), percent=why.serves.least)
        )  # fmt: skip
    if why.following is not None:
        found.append(
            _("Of the next step each CNY would bring ¥{rate}.").format(rate=rate(why.following))
        )
    return [*found, _holds(why, names)]


def _holds(why: Why, names: dict[tuple[str, str], str]) -> str:
    if why.holds == Holds.CAP:
        return _("Its cap holds.")
    if why.holds == Holds.NOTHING_MORE:
        return _("More money would bring nothing more.")
    if why.holds == Holds.GROUP and why.group is not None:
        sentence = _("{group} is at its share of {percent} % at most.")
        return sentence.format(group=_name(why.group, names), percent=why.group.most)
    sentence = (
        _("The step of {step} is more than the {room} that the budget has left.")
        if why.holds == Holds.BUDGET
        else _("The step of {step} would fit into the {room} left.")
    )
    return sentence.format(step=show(why.step), room=show(why.room))


def _name(share: Share, names: dict[tuple[str, str], str]) -> str:
    return names.get(share.group) or group_label(*share.group)


def conflict_words(problem: Problem, bounds: list[Any], names: dict[tuple[str, str], str]) -> str:
    """This will say which bounds cannot hold together."""
    said = [_bound(problem, bound, names) for bound in bounds]
    if len(said) == 1:
        return _("This bound cannot hold: {bound}. Change it, or the partners.").format(
            bound=said[0]
        )
    sentence = _("These bounds cannot hold together: {bounds}. Change one of them.")
    return sentence.format(bounds=_("; ").join(said))


def _bound(problem: Problem, bound: Any, names: dict[tuple[str, str], str]) -> str:
    if bound == "budget":
        return _("the budget is {money}").format(money=show(problem.budget))
    if bound == "floors":
        total = sum(one.floor for one in problem.partners)
        return _("the floors of all partners make {money}").format(money=show(total))
    share, side = bound
    members = [problem.partners[place] for place in problem.members(share)]
    if side == "least":
        sentence = _("{group} gets at least {percent} %, {money}, and its caps make {total}")
        return sentence.format(
            group=_name(share, names), percent=share.least,
            money=show(share.least_money(problem.budget)),
            total=show(sum(one.cap for one in members)),
        )  # fmt: skip
    sentence = _("{group} gets at most {percent} %, {money}, and its floors make {total}")
    return sentence.format(
        group=_name(share, names), percent=share.most,
        money=show(share.most_money(problem.budget)),
        total=show(sum(one.floor for one in members)),
    )  # fmt: skip
