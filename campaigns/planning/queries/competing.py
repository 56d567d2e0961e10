"""Reading which campaigns compete for a customer."""

import datetime as dt
from dataclasses import dataclass

from campaigns.planning.models import CampaignVersion
from campaigns.planning.queries import running
from campaigns.planning.rules import competing, plans


@dataclass(frozen=True)
class Rival:
    """A campaign by its version that is in force, or that waits for approval, with its plan."""

    version: CampaignVersion
    plan: plans.Plan

    @property
    def code(self) -> str:
        return self.version.campaign.code

    @property
    def rank(self) -> tuple[int, str]:
        return competing.rank(self.plan, self.code)

    def may_run(self, *, on: dt.date, today: dt.date) -> bool:
        """This will tell whether a live run as of `on` may begin on the day of today."""
        ends = self.plan.runs_to
        return self.plan.runs_on(on) and (ends is None or today <= ends)

    def ends_before(self, day: dt.date) -> bool:
        """This will tell whether the day before is the last of the campaign."""
        return self.plan.runs_to == day


def in_order(*, with_waiting: bool = False) -> list[Rival]:
    """This will list the campaigns that are in force and not stopped, and also those that wait for
    approval where asked, the one that comes first at the head."""
    versions = [*running.in_force(), *(running.waiting() if with_waiting else ())]
    found = [Rival(one, plans.plan_of(one.content)) for one in versions]
    return sorted(found, key=lambda one: (one.rank, one.version.number))


def ended_before(day: dt.date) -> list[CampaignVersion]:
    """This will list the versions in force whose last day was the one before, by the id of the
    campaign; the plans of the others are not read."""
    return [row for row in running.in_force() if row.content.get("runs_to") == day.isoformat()]


def out_of_force() -> list[Rival]:
    """This will list the campaigns whose last approved version begins no run now, since they are
    stopped or its approval is void, the one that would come first at the head."""
    found = [Rival(one, plans.plan_of(one.content)) for one in running.out_of_force()]
    return sorted(found, key=lambda one: one.rank)


def before_in_group(plan: plans.Plan, code: str, *, on: dt.date, today: dt.date) -> list[Rival]:
    """This will list the campaigns of a plan's group that come before it and may run as of a
    day."""
    if not plan.group:
        return []
    return [
        one
        for one in in_order()
        if competing.comes_before(one.plan, one.code, plan, code)
        and one.may_run(on=on, today=today)
    ]


def rivals_of(plan: plans.Plan) -> list[Rival]:
    """This will list the campaigns of a plan's group in their order, its own included, where they
    are in force or wait for approval."""
    if not plan.group:
        return []
    return [one for one in in_order(with_waiting=True) if one.plan.group == plan.group]


def codes_of_group(group: str, *, without: int) -> list[str]:
    """This will list the campaigns of which a version names a group, `without` one of them."""
    if not group:
        return []
    rows = CampaignVersion.objects.filter(content__group=group).exclude(campaign=without)
    return sorted(set(rows.values_list("campaign__code", flat=True)))
