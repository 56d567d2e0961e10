"""How two plans differ, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from campaigns.conditions.rules import wording as clauses
from campaigns.planning.rules import wording
from campaigns.planning.rules.plans import Plan
from portal.kit import money


@dataclass(frozen=True)
class Change:
    """What a plan says otherwise than the one before, under one label; empty where it said, or
    says, nothing."""

    label: str
    before: tuple[str, ...]
    now: tuple[str, ...]


def between(
    before: Plan, names_before: wording.Names, now: Plan, names_now: wording.Names
) -> list[Change]:
    """This will list what a plan says otherwise than the one before, in the active language: of
    what customers read, and of what they do not."""
    return _changes(_lines(before, names_before), _lines(now, names_now))


def _lines(plan: Plan, names: wording.Names) -> list[tuple[str, str]]:
    """A plan in words, a line each with its label."""
    said = [
        (section.title, line)
        for section in wording.sections(plan, names)
        for clause in section.clauses
        for line in clauses.lines_of(clause)
    ]
    twice = {_("Reward"), _("Runs"), _("Cards issued"), _("Card products"), _("Channels")}
    budgets = [
        (_("Budget of a reward"), f"{tier.label}: {money.show(tier.budget)}")
        for tier in plan.rewards.tiers
        if tier.budget is not None
    ]
    return said + [line for line in wording.facts(plan, names) if line[0] not in twice] + budgets


def _changes(before: Sequence[tuple[str, str]], now: Sequence[tuple[str, str]]) -> list[Change]:
    """The lines (label, text) that only one of two plans has, by their label in the order of the
    one that is new."""
    found = []
    for label in dict.fromkeys(name for name, _text in [*now, *before]):
        old = [text for name, text in before if name == label]
        new = [text for name, text in now if name == label]
        gone = tuple(text for text in old if text not in new)
        come = tuple(text for text in new if text not in old)
        if gone or come:
            found.append(Change(label, gone, come))
    return found
