"""Campaigns that bring new cards, while the bank may issue none."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from campaigns.planning.enums import Objective
from campaigns.planning.rules.faults import Around, Fault
from campaigns.planning.rules.plans import Plan


def brings_cards(plan: Plan) -> bool:
    """This will tell whether a plan is made to bring new cards."""
    return plan.facts.objective == Objective.ACQUIRE


def no_new_cards(plan: Plan, around: Around) -> Iterator[Fault]:
    """Notice 银保监规〔2022〕13号: no new cards while too many sleep."""
    if around.no_cards and brings_cards(plan):
        yield Fault(
            "objective",
            around.no_cards,
            _("Wake sleeping cards first, or choose another objective."),
        )
