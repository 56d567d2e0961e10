"""Moving a partnership from one phase to another: one row of its history, and what follows from
it."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from merchants.partnerships import queries
from merchants.partnerships.enums import Phase, SuggestionState, TaskState
from merchants.partnerships.models import (
    Partnership,
    PartnershipTask,
    PhaseChange,
    PhaseSuggestion,
)
from merchants.partnerships.operations.guards import locked, words
from merchants.partnerships.rules import evidence as evidences
from merchants.partnerships.rules import moves
from portal.audit import operations as audit
from portal.kit import clock
from portal.staff.models import Staff


class MoveNotAllowed(Exception):
    """Raised for a move that the table does not know or whose guards say no; its text is a
    sentence for a person."""


class SecondPersonNeeded(MoveNotAllowed):
    """Raised for a move that a second person must allow; its text says why."""


class SuggestionGone(MoveNotAllowed):
    """Raised where the suggestion that a move follows was settled, or says another by now."""


class MovedMeanwhile(Exception):
    """Raised where somebody moved the partnership since the person looked; its text says who, when
    and where to. `stands` is the number of the last move now."""

    def __init__(self, told: str, stands: int) -> None:
        super().__init__(told)
        self.stands = stands


@transaction.atomic
def change_phase(
    *,
    partnership_id: int,
    to: str,
    after: int,
    reason: str,
    actor: Staff,
    at: dt.datetime,
    suggestion_id: int | None = None,
) -> PhaseChange:
    """This will move a partnership to the phase `to`, with a reason and what is known at the
    moment, and set the tasks of the phase. `after` is the number of the last move that the person
    saw. Raises PartnershipNotAllowed, MovedMeanwhile, MoveNotAllowed, SecondPersonNeeded."""
    partnership = locked(partnership_id=partnership_id, actor=actor)
    reason = words(reason)
    check_seen(partnership, after)
    check_follows(partnership, suggestion_id, to)
    evidence, verdict = judge(partnership, to=to, on=clock.bank_day(at))
    if verdict.needs_second:
        raise SecondPersonNeeded(" ".join(verdict.asks))
    return write_move(
        partnership=partnership, to=to, reason=reason, evidence=evidence, actor=actor, at=at,
        suggestion_id=suggestion_id,
    )  # fmt: skip


def check_seen(partnership: Partnership, after: int) -> None:
    """This will hold against one another what a person saw and what stands. Raises
    MovedMeanwhile."""
    if partnership.moved == after:
        return
    last = partnership.changes.select_related("actor").order_by("-number").first()
    if last is None:
        return
    sentence = _("{name} moved it to {phase} on {day}, after you opened the page. Look again.")
    told = sentence.format(
        name=last.actor.label, phase=last.get_to_phase_display(), day=last.on_date
    )
    raise MovedMeanwhile(told, stands=partnership.moved)


def check_follows(partnership: Partnership, suggestion_id: int | None, to: str) -> None:
    """This will hold against one another a move and the suggestion it is to follow. Raises
    SuggestionGone."""
    if suggestion_id is None:
        return
    found = queries.suggestion_of(partnership)
    if found is None or found.pk != suggestion_id or found.to_phase != to:
        raise SuggestionGone(_("The suggestion that you follow is open no more, or says another."))


def judge(
    partnership: Partnership, *, to: str, on: dt.date
) -> tuple[evidences.Evidence, moves.Verdict]:
    """This will gather what is known, and say what a move needs. Raises MoveNotAllowed."""
    evidence = queries.evidence_of(partnerships=[partnership], on=on)[partnership.pk]
    try:
        limits = queries.limits_on(on)
    except queries.NoRule as missing:
        sentence = _("No rule of partnerships is in force: an administrator must set one first.")
        raise MoveNotAllowed(sentence) from missing
    facts = queries.facts_of(partnership, evidence=evidence, on=on)
    if partnership.since is not None and on < partnership.since:
        sentence = _("It was moved last on {day}: no move is put before another.")
        raise MoveNotAllowed(sentence.format(day=partnership.since))
    verdict = moves.judge(facts, to, limits)
    if verdict.refused:
        raise MoveNotAllowed(" ".join(verdict.refused))
    return evidence, verdict


def write_move(
    *,
    partnership: Partnership,
    to: str,
    reason: str,
    evidence: evidences.Evidence,
    actor: Staff,
    at: dt.datetime,
    suggestion_id: int | None = None,
    approval_id: int | None = None,
) -> PhaseChange:
    """This will write a move of a locked partnership, settle its suggestion, and change its tasks
    for those of the phase."""
    on = clock.bank_day(at)
    change = PhaseChange.objects.create(
        partnership=partnership, number=partnership.moved + 1, from_phase=partnership.phase,
        to_phase=to, on_date=on, at=at, reason=reason, actor=actor, evidence=evidence.as_json(),
        suggestion_id=suggestion_id, approval_id=approval_id,
    )  # fmt: skip
    before = partnership.phase
    partnership.refresh_from_db(fields=["phase", "since", "moved"])
    _settle_suggestions(partnership, suggestion_id, actor, at)
    PartnershipTask.objects.filter(partnership=partnership, state=TaskState.OPEN).update(
        state=TaskState.LEFT, settled_at=at
    )
    if to != Phase.ENDED:
        _set_tasks(partnership, change, on)
    audit.record(
        action="partnership.moved", actor=actor, at=at, target=partnership, reason=reason,
        changes={"from_phase": before, "to_phase": to, "merchant": partnership.merchant.number},
    )  # fmt: skip
    return change


def _settle_suggestions(
    partnership: Partnership, accepted_id: int | None, actor: Staff, at: dt.datetime
) -> None:
    rows = PhaseSuggestion.objects.filter(partnership=partnership, state=SuggestionState.OPEN)
    if accepted_id is not None:
        rows.filter(pk=accepted_id).update(
            state=SuggestionState.ACCEPTED, settled_by=actor, settled_at=at
        )
    rows.update(state=SuggestionState.LAPSED, settled_by=actor, settled_at=at)


def _set_tasks(partnership: Partnership, change: PhaseChange, on: dt.date) -> None:
    playbook = queries.playbook_for(phase=partnership.phase, branch_path=partnership.branch.path)
    if playbook is None:
        return
    PartnershipTask.objects.bulk_create(
        PartnershipTask(
            partnership=partnership, change=change, playbook=playbook, place=place,
            title=task.words.zh, title_en=task.words.en,
            due_date=queries.workday_after(on, task.days),
        )
        for place, task in enumerate(playbook.plain.tasks)
    )  # fmt: skip
