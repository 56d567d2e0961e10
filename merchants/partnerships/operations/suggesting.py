"""Suggestions from evidence: made within a budget of alarms, accepted or declined by people."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from merchants.partnerships import queries
from merchants.partnerships.enums import SuggestionState
from merchants.partnerships.models import Partnership, PhaseSuggestion
from merchants.partnerships.operations.guards import locked, words
from merchants.partnerships.operations.moving import MoveNotAllowed
from merchants.partnerships.rules import evidence as evidences
from merchants.partnerships.rules import moves
from merchants.partnerships.rules import reasons as said
from portal.audit import operations as audit
from portal.kit import clock
from portal.staff.models import Staff


class NoAlarmsLeft(Exception):
    """Raised where a manager had as many suggestions in the week as the rule allows."""


class NotOpen(Exception):
    """Raised where a suggestion was settled before; its text is a sentence for a person."""


@transaction.atomic
def suggest_move(
    *,
    partnership_id: int,
    to: str,
    reasons: Sequence[Mapping[str, Any]],
    evidence: evidences.Evidence,
    on: dt.date,
) -> PhaseSuggestion:
    """This will suggest a move to the partnership's manager, with reasons as evidence codes
    them, each of which must be sayable. What was suggested before and is open
    lapses; the same again is no other. Raises MoveNotAllowed, NoAlarmsLeft."""
    rows = Partnership.objects.select_for_update(of=("self",), no_key=True)
    partnership = rows.select_related("merchant").get(pk=partnership_id)
    if (partnership.phase, to) not in moves.MOVES or not reasons:
        raise MoveNotAllowed(_("Nothing is suggested that the table of moves does not know."))
    for reason in reasons:
        said.sentence(reason)  # a code that nobody can read is not kept
    still_open = partnership.suggestions.filter(state=SuggestionState.OPEN)
    if (same := still_open.filter(from_phase=partnership.phase, to_phase=to).first()) is not None:
        return same
    # One manager's suggestions are counted one after the other.
    Staff.objects.select_for_update(of=("self",), no_key=True).get(pk=partnership.manager_id)
    most = queries.limits_on(on).alarms_a_week
    if not queries.alarms_left(manager_id=partnership.manager_id, on=on, most=most):
        raise NoAlarmsLeft(partnership.manager_id)
    still_open.update(state=SuggestionState.LAPSED, settled_at=clock.start_of(on))
    return PhaseSuggestion.objects.create(
        partnership=partnership, manager_id=partnership.manager_id, on_date=on,
        from_phase=partnership.phase, to_phase=to, reasons=[dict(row) for row in reasons],
        evidence=evidence.as_json(),
    )  # fmt: skip


def expire_suggestions(*, on: dt.date, at: dt.datetime) -> int:
    """This will let expire the suggestions that nobody answered within the days of the rule in
    force, each committed by itself, and return how many did: they count as unanswered."""
    try:
        limit = on - dt.timedelta(days=queries.limits_on(on).answer_days)
    except queries.NoRule:
        return 0
    rows = PhaseSuggestion.objects.filter(state=SuggestionState.OPEN, on_date__lt=limit)
    return sum(_expire(key, limit, at) for key in rows.order_by("id").values_list("id", flat=True))


@transaction.atomic
def _expire(suggestion_id: int, limit: dt.date, at: dt.datetime) -> bool:
    """The partnership is locked first, as by whoever answers."""
    partnerships = Partnership.objects.select_for_update(of=("self",), no_key=True)
    partnerships.get(suggestions=suggestion_id)
    rows = PhaseSuggestion.objects.select_related("partnership__merchant")
    suggestion = rows.get(pk=suggestion_id)
    if suggestion.state != SuggestionState.OPEN or suggestion.on_date >= limit:
        return False
    suggestion.state, suggestion.settled_at = SuggestionState.EXPIRED, at
    suggestion.save(update_fields=["state", "settled_at"])
    audit.record(
        action="partnership.suggestion_expired", actor=None, at=at, target=suggestion.partnership,
        changes={"from_phase": suggestion.from_phase, "to_phase": suggestion.to_phase,
                 "on": str(suggestion.on_date)},
    )  # fmt: skip
    return True


@transaction.atomic
def decline_suggestion(
    *, suggestion_id: int, reason: str, actor: Staff, at: dt.datetime
) -> PhaseSuggestion:
    """This will decline a suggestion with a reason. Raises NotOpen, PartnershipNotAllowed."""
    suggestion = _open(suggestion_id, actor)
    suggestion.words = words(reason)
    suggestion.state = SuggestionState.DECLINED
    suggestion.settled_by, suggestion.settled_at = actor, at
    suggestion.save(update_fields=["words", "state", "settled_by", "settled_at"])
    audit.record(
        action="partnership.suggestion_declined", actor=actor, at=at,
        target=suggestion.partnership, reason=suggestion.words,
        changes={"from_phase": suggestion.from_phase, "to_phase": suggestion.to_phase},
    )  # fmt: skip
    return suggestion


def _open(suggestion_id: int, actor: Staff) -> PhaseSuggestion:
    """The suggestion, its partnership locked first."""
    of = PhaseSuggestion.objects.values_list("partnership_id", flat=True).get(pk=suggestion_id)
    partnership = locked(partnership_id=of, actor=actor)
    suggestion = PhaseSuggestion.objects.get(pk=suggestion_id)
    if suggestion.state != SuggestionState.OPEN:
        state = suggestion.get_state_display()
        raise NotOpen(_("This suggestion is open no more: {state}.").format(state=state))
    suggestion.partnership = partnership
    return suggestion
