"""What was promised goes along with its lead: to whoever gets it, and to its end."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db.models import Case, F, Value, When
from django.db.models.functions import Greatest

from journeys.telemarketing import rules
from journeys.telemarketing.enums import CallbackEnd, OwnerWhy
from journeys.telemarketing.models import Callback, Lead, LeadCall


def follow_leads(
    *, gone_to: Mapping[int, int | None], ended: Sequence[int], at: dt.datetime
) -> None:
    """This will have the open promises of leads, which are locked, be kept by whoever got them, and
    drop those of leads that ended."""
    open_ones = Callback.objects.filter(ended_at=None)
    if ended:
        open_ones.filter(lead__in=ended).update(
            ended_at=Greatest(F("made_at"), at), end=CallbackEnd.DROPPED
        )
    leads_of: dict[int, list[int]] = defaultdict(list)
    for lead_id, owner_id in gone_to.items():
        if owner_id is not None:
            leads_of[owner_id].append(lead_id)
    for owner_id, leads in sorted(leads_of.items()):
        rows = open_ones.filter(lead__in=leads).exclude(owner=owner_id)
        rows.update(
            owner=owner_id,
            why=OwnerWhy.LEAD,
            deputy=Case(When(deputy=owner_id, then=Value(None)), default=F("deputy")),
        )


def settle(*, lead: Lead, called_at: dt.datetime) -> None:
    """This will end what was promised of a lead that is called now."""
    row = Callback.objects.filter(lead=lead, ended_at=None).first()
    if row is not None:
        is_late = called_at > row.promised_at + rules.GRACE
        row.end = CallbackEnd.LATE if is_late else CallbackEnd.KEPT
        row.ended_at = max(called_at, row.made_at)
        row.save(update_fields=["end", "ended_at"])


def make(*, call: LeadCall, deputy_id: int | None) -> Callback | None:
    """This will write down what a call promised, if it did, with who stands in for the caller."""
    if call.again_at is None:
        return None
    return Callback.objects.create(
        call=call, lead_id=call.lead_id, owner_id=call.caller_id, deputy_id=deputy_id,
        made_at=call.called_at, promised_at=call.again_at,
    )  # fmt: skip
