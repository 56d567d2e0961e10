"""Wrapping up a call: what it came to, and what comes next; nobody ends a call without both."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from journeys.contact import operations as contact
from journeys.contact.enums import GateAnswer
from journeys.telemarketing import queries, rules
from journeys.telemarketing.enums import LeadState, Mood, MovePath, NextStep
from journeys.telemarketing.models import CallDraft, Disposition, Lead, LeadCall, LeadHold
from journeys.telemarketing.operations import (
    callbacks,
    calling,
    calming,
    holding,
    moving,
    promises,
)
from journeys.telemarketing.operations.refusing import LeadRefused, in_words, put_down_words
from portal.audit import operations as audit
from portal.kit import clock, masking
from portal.staff.models import Staff

_ENDS = {NextStep.WON: LeadState.WON, NextStep.LOST: LeadState.LOST}
_WORDS, _NOTE = 500, 1000


@dataclass(frozen=True)
class Said:
    """What a caller writes down of a call besides what it came to: the words of a person who is
    never to be contacted again, a note for the next time, the moods that the caller heard, and by
    its code what the caller did for the first of them."""

    words: str = ""
    note: str = ""
    mood_before: str = ""
    mood_after: str = ""
    mood_move: str = ""


@dataclass(frozen=True)
class _Ended:
    """How a call ends: what it came to, the step after it, and from when it is called again."""

    disposition: Disposition
    step: NextStep
    promised_at: dt.datetime | None
    said: Said
    at: dt.datetime


def wrap_up(
    *,
    caller: Staff,
    at: dt.datetime,
    disposition: Disposition,
    next_step: str,
    promised_at: dt.datetime | None = None,
    said: Said | None = None,
) -> LeadCall:
    """This will end the call of the lead in hand with what it came to and what comes next. The gate
    is asked once more, the contact is written to its ledger, the call counts, and the lead is put
    down: it is called again when the disposition says, or at `promised_at` by the caller, whose own
    it becomes; or it has ended. Who is never to be contacted again is kept so at once, with the
    words, whatever the gate says; all leads of that person end.

    Raises LeadRefused: where the gate says no, the lead is put down too, and no call counts.
    """
    holding.refuse_unfit(caller=caller, at=at)
    ended = _Ended(disposition, NextStep(next_step), promised_at, said or Said(), at)
    call, answer = _wrap_up(caller, ended)
    if call is None:
        told = put_down_words(answer)
        if ended.step == NextStep.DO_NOT_CALL:
            kept = _("It is kept that the person is never to be contacted again. {sentence}")
            told = kept.format(sentence=told)
        raise LeadRefused(told)
    return call


@transaction.atomic
def _wrap_up(caller: Staff, ended: _Ended) -> tuple[LeadCall | None, str]:
    is_final = ended.step == NextStep.DO_NOT_CALL
    is_angry = ended.said.mood_after == Mood.ANGRY
    hold = calling.lock_hold(caller=caller, widely=is_final or is_angry)
    _refuse_contrary(ended)
    if ended.step == NextStep.CALLBACK:
        calling.refuse_promise(lead=hold.lead, at=ended.at, promised_at=ended.promised_at)
    made = queries.calls_of_phone(hold.lead)
    again_at = _again_at(hold.lead, ended, made)
    answer = calling.answer_of_gate(hold=hold, at=ended.at)
    call = None
    if answer == GateAnswer.OPEN.value:
        call = _note(hold, ended, again_at, len(made) + 1)
    else:
        calling.put_down_unmade(hold=hold, answer=answer, at=ended.at)
    if is_final:
        # After the contact: the gate would not let it be written any more.
        _refuse_for_good(hold.lead, ended, caller)
        _end_all(hold.lead, caller, ended.at)
    elif call is not None:
        _move(hold.lead, ended, caller)
        if call.cools_until is not None:
            calming.leave_in_peace(call=call, actor=caller, at=ended.at)
        callbacks.keep_promise(call=call, at=ended.at)
    return call, answer


def _note(hold: LeadHold, ended: _Ended, again_at: dt.datetime | None, calls: int) -> LeadCall:
    """Note a call that the gate allows, with how it ended; what was promised before is kept so, and
    what was typed is no draft any more."""
    is_promise = ended.step == NextStep.CALLBACK
    calling.note_call(hold=hold, at=ended.at, call_from=again_at, promised=is_promise)
    call = _write(hold, ended, again_at, calls)
    promises.settle(lead=hold.lead, called_at=call.called_at)
    CallDraft.objects.filter(hold__lead=hold.lead_id, hold__holder=hold.holder_id).delete()
    return call


def _refuse_contrary(ended: _Ended) -> None:
    """Refuse what does not fit together, before anything is written."""
    disposition = ended.disposition
    if disposition.parent_id is None or disposition.ended_at is not None:
        raise LeadRefused(_("Choose what the call came to."))
    if ended.step not in disposition.steps:
        steps = " · ".join(str(step.label) for step in disposition.steps)
        raise LeadRefused(
            _("After “{outcome}” comes: {steps}.").format(
                outcome=disposition.shown_name, steps=steps
            )
        )
    if ended.step == NextStep.DO_NOT_CALL and not ended.said.words.strip():
        raise LeadRefused(
            _(
                "Write down what the person said who is never to be contacted again: it is the "
                "proof."
            )
        )
    moods = {ended.said.mood_before, ended.said.mood_after}
    if not moods <= {"", *Mood.values}:
        raise LeadRefused(_("Choose the moods from the list."))
    if ended.said.mood_move and not ended.said.mood_before:
        raise LeadRefused(_("Say in which mood the call began, if something was done for it."))


def _again_at(lead: Lead, ended: _Ended, made: list[dt.datetime]) -> dt.datetime | None:
    """From when the lead is called again, None where it is not. Raises LeadRefused."""
    peace = ended.at + rules.COOLING if ended.said.mood_after == Mood.ANGRY else None
    if ended.step == NextStep.CALLBACK:
        if peace and ended.promised_at and ended.promised_at < peace:
            raise LeadRefused(
                _("Whoever was angry is left in peace until {day}: promise a later call.").format(
                    day=f"{clock.bank_time(peace):%Y-%m-%d}"
                )
            )
        return ended.promised_at
    if ended.step != NextStep.AGAIN:
        return None
    most = ended.disposition.most_calls
    if most is not None and len(made) + 1 >= most:
        raise LeadRefused(
            _(
                "This phone was called {count} times, as often as this outcome allows: close the "
                "lead."
            ).format(count=len(made) + 1)
        )
    again = queries.again_at(lead=lead, disposition=ended.disposition, made=made, at=ended.at)
    return max(again, peace) if peace else again


def _refuse_for_good(lead: Lead, ended: _Ended, caller: Staff) -> None:
    """Keep the word never to be contacted again, for all numbers of the person."""
    if lead.phone_sealed is not None:
        contact.refuse_in_a_call(
            phone=calling.phone_of(lead), words=ended.said.words, actor=caller, at=ended.at,
            customer_id=lead.customer_id,
        )  # fmt: skip


def _write(hold: LeadHold, ended: _Ended, again_at: dt.datetime | None, calls: int) -> LeadCall:
    lead, said, most = hold.lead, ended.said, ended.disposition.most_calls
    called_at = hold.called_at or ended.at
    is_last = most is not None and calls >= most and ended.step == NextStep.LOST
    is_angry = said.mood_after == Mood.ANGRY
    with in_words():
        return LeadCall.objects.create(
            hold=hold, lead=lead, caller_id=hold.holder_id, callee=lead.callee,
            called_at=called_at, wrapped_at=max(ended.at, called_at),
            disposition=ended.disposition, next_step=ended.step.value, again_at=again_at,
            is_last=is_last, cools_until=ended.at + rules.COOLING if is_angry else None,
            mood_before=said.mood_before, mood_after=said.mood_after,
            mood_move=queries.mood_move_of(said.mood_move) if said.mood_move else None,
            words=masking.mask_text(said.words.strip())[:_WORDS],
            note=masking.mask_text(said.note.strip())[:_NOTE],
        )  # fmt: skip


def _move(lead: Lead, ended: _Ended, caller: Staff) -> None:
    """Who has the lead now, and how it stands: of a promise or a sale the caller, where the pool's
    policy lets the caller have it; the call says whose it was in any case."""
    is_own = lead.owner_id is not None
    if not is_own and ended.step in (NextStep.CALLBACK, NextStep.WON):
        is_own = _claim(lead, caller, ended.at)
    owner = caller.pk if is_own else None
    if ended.step in _ENDS:
        _end([lead], _ENDS[ended.step], caller, ended.at)
    elif owner is not None:
        one = moving.Move(lead.pk, owner, LeadState.WORKING)
        moving.move(moves=[one], path=MovePath.WORK, actor=caller, at=ended.at)


def _claim(lead: Lead, caller: Staff, at: dt.datetime) -> bool:
    one = moving.Move(lead.pk, caller.pk, LeadState.NEW)
    try:
        moving.move(moves=[one], path=MovePath.CLAIM, actor=caller, at=at)
    except LeadRefused:
        return False
    lead.owner_id = caller.pk
    return True


def _end(
    leads: list[Lead], state: LeadState, caller: Staff, at: dt.datetime, why: str = ""
) -> None:
    moves = [moving.Move(lead.pk, lead.owner_id, state) for lead in leads]
    moving.move(moves=moves, path=MovePath.END, actor=caller, at=at, why=why)
    for lead in leads:
        audit.record(action="leads.ended", actor=caller, at=at, target=lead, reason=why)


def _end_all(lead: Lead, caller: Staff, at: dt.datetime) -> None:
    """End what waits for a person who is never to be contacted again: all leads of that person,
    whoever has them."""
    rows = Lead.objects.filter(calling.same_person(lead), state__in=queries.OPEN).order_by("pk")
    if waiting := list(rows):
        _end(waiting, LeadState.LOST, caller, at, str(NextStep.DO_NOT_CALL.label))
