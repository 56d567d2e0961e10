"""What somebody types of a wrap-up, kept as it is typed."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from journeys.telemarketing import queries
from journeys.telemarketing.models import CallDraft, Lead, LeadHold
from portal.kit import clock, masking
from portal.staff.models import Staff

FIELDS = (
    "disposition", "next_step", "promised_at", "words", "note", "mood_before", "mood_after",
    "mood_move",
)  # fmt: skip
_LENGTH = 1000
# Whoever is typing is on the telephone: the lead stays in hand, for so long at most.
_LONGEST = dt.timedelta(hours=2)
_KEPT = dt.timedelta(days=7)


@transaction.atomic
def save_draft(*, caller: Staff, said: Mapping[str, str], at: dt.datetime) -> bool:
    """This will keep what has been typed of the wrap-up of the lead in hand, numbers and addresses
    masked, keep the lead in hand for as long again, and tell whether there is one (still)."""
    hold = queries.hold_of(staff_id=caller.pk, at=at)
    if hold is None:
        return False
    typed = {name: masking.mask_text(said.get(name, ""))[:_LENGTH] for name in ("words", "note")}
    others = {name: said.get(name, "")[:40] for name in FIELDS if name not in typed}
    CallDraft.objects.update_or_create(
        hold=hold, defaults={"said": {**others, **typed}, "saved_at": at}
    )
    _keep_in_hand(hold, at)
    return True


def _keep_in_hand(hold: LeadHold, at: dt.datetime) -> None:
    policy = queries.policy_of(branch_id=hold.lead.branch_id, on=clock.bank_day(at))
    if policy is None:
        return
    until = min(at + dt.timedelta(minutes=policy.hold_minutes), hold.taken_at + _LONGEST)
    held = Lead.objects.filter(pk=hold.lead_id, holder=hold.holder_id)
    held.filter(held_until__gt=at, held_until__lt=until).update(held_until=until)


def drop_drafts(*, at: dt.datetime) -> int:
    """This will drop drafts of calls that were never wrapped up, a week after they were typed."""
    return CallDraft.objects.filter(saved_at__lt=at - _KEPT).delete()[0]
