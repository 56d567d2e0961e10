"""Campaigns that run and break a rule that changed after they were approved."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from campaigns.planning import queries as planning
from campaigns.planning.models import CampaignVersion
from campaigns.planning.rules import linting, naming, plans
from campaigns.submission.queries import versions
from journeys.contact import queries as contact
from journeys.contact.enums import Channel
from portal.approvals import queries as approvals


@dataclass(frozen=True)
class Breaking:
    """A version in force that rules of today would refuse, and why."""

    version: CampaignVersion
    faults: list[linting.Fault]


def breaking(*, on: dt.date, only: CampaignVersion | None = None) -> list[Breaking]:
    """This will list the versions that may run on a day, or will, and break a rule of wording, of
    submission or of contact that is in force on it, by the id of their campaign; or tell it of
    `only` one."""
    running = planning.running_on(on)
    blocks = planning.blocks_among(running, on=on, only=only)
    asked = [(row, plan) for row, plan in running if row.pk in blocks]
    standing = versions.standing_of([row for row, _plan in asked])
    closed = _closed_channels(on)
    try:
        levels = approvals.levels_on(kind=naming.APPROVAL_KIND, on=on)
    except approvals.LevelsMissing:
        levels = []
    found = [
        Breaking(
            row,
            [
                *blocks[row.pk],
                *_too_few(standing.get(row.pk), levels),
                *_untold(plan, closed),
            ],
        )
        for row, plan in asked
    ]
    return [one for one in found if one.faults]


def _too_few(submission: Any, levels: Sequence[Any]) -> list[linting.Fault]:
    """Whether fewer people approved than the levels of today ask for what was submitted."""
    figures = submission.snapshot.get("figures") if submission else None
    if not figures or not levels:
        return []
    needed = approvals.needed_by(levels, versions.measured_of(figures))
    if submission.approved >= needed:
        return []
    problem = _("By its cost and audience {needed} people approve now; {approved} have.").format(
        needed=needed, approved=submission.approved
    )
    return [linting.Fault("approval", problem, _("Submit a new version, or stop the campaign."))]


def _closed_channels(on: dt.date) -> set[str]:
    """The channels by which nobody may be told anything: no caps are in force, or no hours in
    which they are open."""
    channels = set(plans.MESSAGE_CHANNELS)
    if not any(one.state == "in_force" for one in contact.caps(on=on)):
        return channels
    return channels - {
        one.rule.channel
        for one in contact.hours(on=on)
        if one.state == "in_force" and one.rule.opens is not None
    }


def _untold(plan: plans.Plan, closed: set[str]) -> list[linting.Fault]:
    own = plan.channels
    if not own or not set(own) <= closed:
        return []
    problem = _("The rules of contact let nobody be told by: {channels}.").format(
        channels=", ".join(str(Channel(code).label) for code in own)
    )
    todo = _("Add caps and hours of contact, or submit a version that tells by another channel.")
    return [linting.Fault("channels", problem, todo)]
