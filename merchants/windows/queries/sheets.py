"""What a person should have in hand before a meeting."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from merchants.directory import queries as directory
from merchants.directory.models import MerchantContact, MerchantContract
from merchants.partnerships import queries as partnerships
from merchants.partnerships.rules.playbooks import Content
from merchants.refusals import queries as refusals
from merchants.refusals.models import Refusal
from merchants.windows.enums import Pane
from merchants.windows.models import Meeting, PartnerPromise, WindowNote
from merchants.windows.queries.meetings import people_of
from merchants.windows.queries.notes import notes_of
from merchants.windows.queries.promises import promises_of

# So many answers to each refusal: more are not said in one meeting.
MOST_ANSWERS = 2


@dataclass(frozen=True)
class Doubt:
    """A refusal that nothing has overcome, why, and what to try: what may be best first."""

    refusal: Refusal
    path: str
    answers: Sequence[refusals.Evidence]


@dataclass(frozen=True)
class Due:
    """A promise that is open, and whether it is due by the meeting."""

    promise: PartnerPromise
    is_due: bool


@dataclass(frozen=True)
class Sheet:
    """Everything before a meeting: what to share, to ask and to find out, what both know, refusals,
    promises, the phase's playbook, and the contract in force on the day."""

    people: Sequence[MerchantContact]
    ours: Sequence[WindowNote]
    theirs: Sequence[WindowNote]
    unknown: Sequence[WindowNote]
    open: Sequence[WindowNote]
    doubts: Sequence[Doubt]
    promises: Sequence[Due]
    content: Content | None
    contract: MerchantContract | None
    days_left: int | None

    @property
    def has_points(self) -> bool:
        """This will tell whether anything is still hidden."""
        return bool(self.ours or self.theirs or self.unknown)


def sheet_of(*, meeting: Meeting) -> Sheet:
    """This will gather what to have in hand at a meeting, as of its day."""
    row, on = meeting.partnership, meeting.on_date
    notes = notes_of(row)
    by_pane = {pane: [note for note in notes if note.pane == pane] for pane in Pane.values}
    held = directory.contracts_on(merchant_ids=[row.merchant_id], on=on).get(row.merchant_id)
    playbook = partnerships.playbook_for(phase=row.phase, branch_path=row.branch.path)
    return Sheet(
        people=people_of(meeting),
        ours=by_pane[Pane.OURS],
        theirs=by_pane[Pane.THEIRS],
        unknown=by_pane[Pane.UNKNOWN],
        open=by_pane[Pane.OPEN],
        doubts=_doubts(row.pk),
        promises=[Due(one, one.due_date <= on) for one in promises_of(row, only_open=True)],
        content=playbook.plain if playbook else None,
        contract=held,
        days_left=_days_left(held, on),
    )


def _days_left(contract: MerchantContract | None, on: dt.date) -> int | None:
    last = contract.last_date if contract else None
    return (last - on).days if last else None


def _doubts(partnership_id: int) -> list[Doubt]:
    tree = refusals.forest()
    known: dict[int, list[refusals.Evidence]] = {}
    found = []
    for refusal in refusals.open_of(partnership_id=partnership_id):
        reason = refusal.reason_id
        if reason not in known:
            known[reason] = refusals.evidence_of(tree=tree, reason_id=reason)
        found.append(Doubt(refusal, tree.path_of(reason), known[reason][:MOST_ANSWERS]))
    return found
