"""Reading what calls came to, and what may come after one."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from journeys.contact import queries as contact
from journeys.contact.enums import Channel
from journeys.telemarketing import rules
from journeys.telemarketing.enums import NextStep
from journeys.telemarketing.models import CallDraft, Disposition, Lead, LeadCall, LeadHold
from journeys.telemarketing.queries.pools import policy_of
from portal.kit import clock

_DAY = dt.timedelta(days=1)
_QUARTER = dt.timedelta(minutes=15)
_USUAL_HOURS = 24  # where no policy of the pool is in force


@dataclass(frozen=True)
class Leaf:
    """A disposition as it may be picked: the steps that may follow, the usual one first, and what
    it means, in words."""

    disposition: Disposition
    steps: tuple[NextStep, ...]
    says: str


@dataclass(frozen=True)
class Group:
    """A group of the tree, with what may be picked in it."""

    disposition: Disposition
    leaves: list[Leaf]


def dispositions() -> list[tuple[Disposition, list[Disposition]]]:
    """This will list the groups of the tree that is in force, each with its parts, by their
    keys."""
    rows = list(Disposition.objects.filter(ended_at=None).order_by("place", "pk"))
    return [
        (group, [row for row in rows if row.parent_id == group.pk])
        for group in rows
        if group.parent_id is None
    ]


def disposition_of(code: str) -> Disposition | None:
    """This will return what may be picked under a code at this moment, None where nothing is."""
    rows = Disposition.objects.filter(code=code, ended_at=None, parent__isnull=False)
    return rows.select_related("parent").first()


def calls_of_phone(lead: Lead) -> list[dt.datetime]:
    """This will list when the phone of a lead was called, over all its leads and campaigns, the
    latest first; of a lead without one, when the lead was."""
    rows = LeadHold.objects.filter(called_at__isnull=False, ended_at__isnull=False)
    rows = rows.filter(lead__callee=lead.callee) if lead.callee else rows.filter(lead=lead)
    found = rows.order_by("-called_at").values_list("called_at", flat=True)
    return [called for called in found if called is not None]


def again_at(
    *, lead: Lead, disposition: Disposition, made: Sequence[dt.datetime], at: dt.datetime
) -> dt.datetime:
    """This will say from when a lead is called again whose call at `at` came to `disposition`;
    `made` are the calls before of its phone."""
    hours = disposition.recycle_hours
    if hours is None:
        hours = _usual_hours(lead, at)
    before = [clock.bank_time(called) for called in made]
    rotates = disposition.rotates_hours
    return rules.call_again_at(clock.bank_time(at), hours=hours, rotates=rotates, before=before)


def _usual_hours(lead: Lead, at: dt.datetime) -> int:
    """After how many hours a lead is called again where the outcome does not say."""
    policy = policy_of(branch_id=lead.branch_id, on=clock.bank_day(at))
    return policy.again_hours if policy else _USUAL_HOURS


def tree_for(hold: LeadHold, *, at: dt.datetime) -> list[Group]:
    """This will list what the call of a lead in hand may have come to, each with what may follow:
    whoever was called as often as an outcome allows is not called again after it."""
    usual = _usual_hours(hold.lead, at)
    made = [clock.bank_time(called) for called in calls_of_phone(hold.lead)]
    now = clock.bank_time(at)
    return [
        Group(group, [_leaf(part, now, made, usual) for part in parts])
        for group, parts in dispositions()
    ]


def _leaf(one: Disposition, now: dt.datetime, made: list[dt.datetime], usual: int) -> Leaf:
    if one.most_calls is not None and len(made) + 1 >= one.most_calls:
        steps = tuple(step for step in one.steps if step != NextStep.AGAIN)
        if steps != one.steps:
            said = _("Call {count} of {most}: not called again.")
            return Leaf(one, steps, said.format(count=len(made) + 1, most=one.most_calls))
    if one.steps[0] != NextStep.AGAIN:
        return Leaf(one, one.steps, str(one.steps[0].label))
    hours = one.recycle_hours or usual
    again = rules.call_again_at(now, hours=hours, rotates=one.rotates_hours, before=made)
    return Leaf(one, one.steps, _("Again from {when}.").format(when=f"{again:%m-%d %H:%M}"))


def usual_promise(lead: Lead, *, at: dt.datetime) -> dt.datetime | None:
    """This will suggest for when to promise a call: a day later, on a quarter of an hour, at the
    next time at which people are called; None where that is not known."""
    wanted = clock.bank_time(at + _DAY)
    start = wanted.replace(minute=0, second=0, microsecond=0)
    wanted = start + -(-(wanted - start) // _QUARTER) * _QUARTER
    code = lead.branch.division_code
    return contact.openings(codes=[code], channel=Channel.PHONE, at=wanted)[code].planned


def draft_of(hold: LeadHold) -> dict[str, str]:
    """This will return what was typed of the wrap-up of a lead in hand: in this hold, or in an
    earlier one of the same person that ended before a call was noted."""
    rows = CallDraft.objects.filter(
        hold__lead=hold.lead_id, hold__holder=hold.holder_id, hold__call__isnull=True
    )
    draft = rows.order_by("-saved_at", "-pk").first()
    return dict(draft.said) if draft else {}


def calls_of_lead(lead: Lead) -> QuerySet[LeadCall]:
    """This will list how the calls of a lead were wrapped up, the latest first."""
    rows = LeadCall.objects.filter(lead=lead)
    rows = rows.select_related("disposition__parent", "caller", "mood_move")
    return rows.order_by("-called_at", "-pk")
