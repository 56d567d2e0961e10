"""Reading what the call screen shows of the lead in hand: what was before, what was agreed to, what
the gate says, and what speaks for interest."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from journeys.contact import queries as contact
from journeys.contact.enums import GateAnswer
from journeys.customers.models import Customer
from journeys.scoring import queries as scoring
from journeys.telemarketing.models import Lead, LeadDial, LeadHold
from journeys.telemarketing.queries.choosing import answer_of, words_of
from portal.kit import clock

_SHOWN = 12
_MONTH = dt.timedelta(days=30)


@dataclass(frozen=True)
class Past:
    """One thing that was before: when, what, and by whom or about what."""

    at: dt.datetime
    what: str
    detail: str = ""


@dataclass(frozen=True)
class Agreed:
    """What the person agreed to, in words, how many contacts of marketing count in 24 hours and in
    30 days (None where nobody on file answers the phone), and what the gate says of a call now."""

    consents: list[str]
    in_day: int | None
    in_month: int | None
    answer: str
    is_open: bool


def past_of(lead: Lead, *, at: dt.datetime) -> list[Past]:
    """This will list what was before with a lead and its person, the latest first: calls of this
    lead, its moves, calls about other leads of the phone, and other contacts of whoever is on file
    with it. Of others it says when and how, and nothing else."""
    found = [*_calls(lead), *_moves(lead), *_calls_elsewhere(lead, at), *_contacts(lead, at)]
    return sorted(found, key=lambda one: one.at, reverse=True)[:_SHOWN]


def _calls(lead: Lead) -> list[Past]:
    rows = LeadHold.objects.filter(lead=lead, called_at__isnull=False).select_related("holder")
    return [
        Past(row.called_at, _("Call"), row.holder.label)
        for row in rows.order_by("-taken_at")[:_SHOWN]
        if row.called_at is not None
    ]


def _moves(lead: Lead) -> list[Past]:
    rows = lead.moves.select_related("to_owner").order_by("-number")[:_SHOWN]
    return [
        Past(row.at, row.get_path_display(), row.to_owner.label if row.to_owner else "")
        for row in rows
    ]


def _calls_elsewhere(lead: Lead, at: dt.datetime) -> list[Past]:
    if lead.callee is None:
        return []
    others = Lead.objects.filter(callee=lead.callee).exclude(pk=lead.pk)
    rows = LeadHold.objects.filter(lead__in=others, called_at__gt=at - _MONTH)
    times = rows.order_by("-called_at").values_list("called_at", flat=True)[:_SHOWN]
    return [Past(time, _("Call about another lead of this phone")) for time in times if time]


def _contacts(lead: Lead, at: dt.datetime) -> list[Past]:
    found = []
    for customer_id in _on_file(lead):
        # A call noted on this very screen stands there by its lead already.
        rows = [
            row for row in contact.reached(customer_id, at=at).contacts
            if row.at <= at and row.origin != "calls"
        ]  # fmt: skip
        found += [
            Past(row.at, row.get_channel_display(), row.get_purpose_display())
            for row in rows[:_SHOWN]
        ]
    return found


def _on_file(lead: Lead) -> list[int]:
    """Who is on file: the customer that the lead is, or who answers its phone."""
    if lead.customer_id is not None:
        return [lead.customer_id]
    if lead.callee is None:
        return []
    rows = Customer.objects.filter(Q(callee=lead.callee)).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:3])


def agreed_of(lead: Lead, *, at: dt.datetime) -> Agreed:
    """This will tell what the person agreed to, and ask the gate whether the lead may be called
    now."""
    answer = answer_of(lead.pk, at=at)
    is_open = answer == GateAnswer.OPEN.value
    words = _("The gate lets this call through.") if is_open else words_of(answer)
    if lead.customer_id is None:
        return Agreed([], None, None, words, is_open)
    said = contact.statements_of(lead.customer_id, at=at)
    consents = [
        " · ".join(filter(None, (row.get_purpose_display(), row.get_channel_display())))
        for row in said.holding
    ]
    reached = contact.reached(lead.customer_id, at=at)
    return Agreed(consents, reached.in_day, reached.in_month, words, is_open)


def triggers_of(lead: Lead, *, at: dt.datetime) -> list[str]:
    """This will name what speaks for interest of a lead that is a customer: the lines of the
    scorecard of potential that gave at least half of their points, by name alone. No sum and no
    personal trait is told to who calls."""
    if lead.customer_id is None:
        return []
    on = clock.bank_day(at) - dt.timedelta(days=1)
    score = scoring.score_of(customer_id=lead.customer_id, on=on, with_traits=False)
    return [str(one.label) for one in score.reasons if one.points and 2 * one.points >= one.most]


def latest_dial(hold: LeadHold) -> LeadDial | None:
    """This will return the latest dial of a hold, with what the telephone system told of it."""
    return LeadDial.objects.filter(hold=hold).order_by("-pk").first()


def customer_in_hand(*, staff_id: int, at: dt.datetime) -> int | None:
    """This will return the customer whose lead somebody has in hand at `at`, for parts of the call
    screen; None for nobody, or a lead that is no customer."""
    rows: Any = LeadHold.objects.filter(
        holder=staff_id, ended_at=None, lead__held_until__gt=at
    ).values_list("lead__customer", flat=True)
    return rows.first()
