"""Days of a plan that cannot be, and windows in which nothing can count or that end too late."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from campaigns.planning.rules import reasoning
from campaigns.planning.rules.faults import Fault
from campaigns.planning.rules.plans import Plan
from campaigns.planning.rules.reasoning import Placed

_DAY = dt.timedelta(days=1)


def impossible_days(plan: Plan, on: dt.date) -> Iterator[Fault]:
    """This will find days on which nothing can be granted any more."""
    if plan.runs_to and plan.runs_to <= on:
        yield Fault(
            "runs_to",
            _("The last day on which something is granted has passed."),
            _("Give a later day."),
        )
    if plan.runs_to and plan.runs_to <= plan.issued_from:
        yield Fault(
            "runs_to",
            _("The campaign ends before the first of its cards is issued ({day}).").format(
                day=plan.issued_from
            ),
            _("Let it run longer, or take cards that were issued earlier."),
        )


def impossible_windows(plan: Plan) -> Iterator[Fault]:
    """This will find windows in which nobody can act."""
    trees = [(plan.rule, "rule")]
    trees += [
        (tier.asks, f"rewards.tiers[{number}].needs")
        for number, tier in enumerate(plan.rewards.tiers)
        if tier.asks is not None
    ]
    for node, place in trees:
        for literal in reasoning.needed(Placed(node, place))[0]:
            if not literal.holds:
                continue
            condition = literal.condition.as_data()
            if problem := closed(condition, plan):
                yield Fault(
                    literal.place, problem, _("Change the window, or the days of the plan.")
                )
            elif problem := _behind(condition, plan):
                yield Fault(
                    literal.place,
                    problem,
                    _("What was done before is rewarded; change the window if that is not meant."),
                    is_block=False,
                )


def unfinished_windows(plan: Plan) -> Iterator[Fault]:
    """This will find windows that end too late: points are multiplied once their days are over,
    and the campaign has to run yet."""
    for number, tier in enumerate(plan.rewards.tiers):
        window = tier.multiple and days_of(tier.multiple.spending.as_data(), plan)
        if window and plan.runs_to and window[1] >= plan.runs_to:
            yield Fault(
                f"rewards.tiers[{number}].spending",
                _("Days whose spending is multiplied end on {day}, after the campaign has.").format(
                    day=window[1]
                ),
                _("Let the campaign run until that day at least: points are given after it."),
            )


def closed(condition: dict[str, Any], plan: Plan) -> str:
    """This will say why nobody can act within the window of a condition any more; empty where
    somebody can."""
    window = days_of(condition, plan)
    if window is None:
        return ""
    first, last = window
    if last < plan.issued_from:
        return _("The window ends on {day}, before the first of the cards is issued.").format(
            day=last
        )
    if plan.runs_to and first >= plan.runs_to:
        return _("The window begins on {day}, after the campaign has ended.").format(day=first)
    return ""


def _behind(condition: dict[str, Any], plan: Plan) -> str:
    """That nobody can act within the window any more once the campaign runs; empty where somebody
    can. What was done before can be rewarded all the same."""
    window = days_of(condition, plan)
    if window is None or plan.runs_from is None or window[1] >= plan.runs_from:
        return ""
    return _("The window ends on {day}, before the campaign begins.").format(day=window[1])


def days_of(condition: dict[str, Any], plan: Plan) -> tuple[dt.date, dt.date] | None:
    """This will return the first and last day on which anything can count towards a condition for
    any of the cards; None where that is not known."""
    back = _DAY * (condition.get("last_day") == "outside")
    first, last = condition.get("first_date"), condition.get("last_date")
    if first and last:
        return dt.date.fromisoformat(str(first)), dt.date.fromisoformat(str(last)) - back
    days, is_from_issue = condition.get("days"), condition.get("counted_from", "issue") == "issue"
    if days is None or "last_day" not in condition or not is_from_issue:
        return None
    return plan.issued_from, plan.issued_to - _DAY + dt.timedelta(days=days) - back
