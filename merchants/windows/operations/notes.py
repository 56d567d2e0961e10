"""Writing notes into the window, and moving them as they are shared or learnt."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from merchants.windows import queries
from merchants.windows.enums import NoteKind, Side
from merchants.windows.models import WindowMove, WindowNote
from merchants.windows.operations.guards import WindowNotAllowed, contact_at, led, words
from merchants.windows.rules import panes
from portal.audit import operations as audit
from portal.kit import clock
from portal.staff.models import Staff


class MovedMeanwhile(Exception):
    """Raised where somebody moved the note since the person looked; its text says who and where
    to."""


@transaction.atomic
def write_note(
    *,
    partnership_id: int,
    pane: str,
    side: str,
    kind: str,
    said: str,
    actor: Staff,
    at: dt.datetime,
    contact: str = "",
) -> WindowNote:
    """This will write a need or an interest of one side into a pane; `contact` is the number of
    the person there whom it concerns. Raises WindowNotAllowed."""
    partnership = led(partnership_id=partnership_id, actor=actor)
    if pane not in panes.FOUR or side not in Side.values or kind not in NoteKind.values:
        raise WindowNotAllowed(_("There is no such pane."))
    note = WindowNote.objects.create(
        partnership=partnership, side=side, kind=kind,
        words=words(said, missing=_("Write down the need or the interest.")),
        contact=contact_at(partnership.merchant, contact) if contact else None,
        written_by=actor, written_at=at,
    )  # fmt: skip
    _write_move(note, pane, actor, at, said="")
    audit.record(
        action="window.note_written", actor=actor, at=at, target=note,
        changes={"partnership": partnership.pk, "pane": pane, "side": side},
    )  # fmt: skip
    return note


@transaction.atomic
def move_note(
    *,
    note_id: int,
    to: str,
    after: int,
    said: str,
    actor: Staff,
    at: dt.datetime,
    meeting_id: int | None = None,
) -> WindowMove:
    """This will move a note to another pane, and keep what was learnt, or why it holds no more;
    `after` is the number of the last move that the person saw. Raises WindowNotAllowed,
    MovedMeanwhile."""
    of = WindowNote.objects.values_list("partnership_id", flat=True).get(pk=note_id)
    led(partnership_id=of, actor=actor)
    note = WindowNote.objects.get(pk=note_id)
    if note.moved != after:
        raise MovedMeanwhile(queries.told_of(note))
    taken = words(said)
    if refused := panes.refusal(note.pane, to, taken):
        raise WindowNotAllowed(refused)
    before = note.pane
    move = _write_move(note, to, actor, at, said=taken, meeting_id=meeting_id)
    audit.record(
        action="window.note_moved", actor=actor, at=at, target=note,
        changes={
            "partnership": of, "pane": {"before": before, "after": to}, "meeting": meeting_id,
        },
    )  # fmt: skip
    return move


def _write_move(
    note: WindowNote,
    to: str,
    actor: Staff,
    at: dt.datetime,
    *,
    said: str,
    meeting_id: int | None = None,
) -> WindowMove:
    move = WindowMove.objects.create(
        note=note, number=note.moved + 1, from_pane=note.pane, to_pane=to,
        on_date=clock.bank_day(at), at=at, actor=actor, meeting_id=meeting_id, words=said,
    )  # fmt: skip
    note.refresh_from_db(fields=["pane", "moved"])
    return move
