"""Campaigns that compete for one customer: who comes first, and what a group rules out."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from campaigns.groups.rules import Group

if TYPE_CHECKING:
    from campaigns.planning.rules.plans import Plan

PRIORITY, LAST_PRIORITY = 50, 99


def rank(plan: "Plan", code: str) -> tuple[int, str]:
    """This will return by what campaigns stand in order: the lower priority figure first, of equal
    ones the code that comes first."""
    return plan.priority, code


def rank_of(priority: int | None, code: str) -> tuple[int, str]:
    """This will return the same of what a version's content says, which may name no priority."""
    return (PRIORITY if priority is None else priority), code


def comes_before(plan: "Plan", code: str, other: "Plan", other_code: str) -> bool:
    """This will tell whether a campaign stands before another of its group."""
    return (
        plan.group != ""
        and plan.group == other.group
        and code != other_code
        and rank(plan, code) < rank(other, other_code)
    )


def facts(plan: "Plan", groups: Mapping[str, Group], beside: str) -> list[tuple[str, str]]:
    """This will label what a plan says of other campaigns, in the active language; `beside` names
    those whose rewards are given besides."""
    group = groups.get(plan.group)
    told = f"{group.label} · {group.term}" if group else plan.group
    return [
        (_("Priority"), _("{priority} (0 comes first)").format(priority=plan.priority)),
        (_("Exclusive group"), told),
        (_("Rewards the same spending beside"), beside),
    ]


def published(plan: "Plan", groups: Mapping[str, Group]) -> list[str]:
    """This will say to customers what the group of a plan rules out, in the active language."""
    group = groups.get(plan.group)
    if group is None:
        return []
    if group.days is None:
        text = _(
            "Of the campaigns “{group}”, a customer is given rewards by one only: by the one that "
            "gave first."
        )
    else:
        text = _(
            "Of the campaigns “{group}”, a customer is given rewards by one at a time: for {days} "
            "days from the day of a reward, that day included, the others give nothing."
        )
    return [text.format(group=group.label, days=group.days)]
