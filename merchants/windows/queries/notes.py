"""Notes of a window, by pane."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from merchants.partnerships.models import Partnership
from merchants.windows.enums import Pane
from merchants.windows.models import WindowMove, WindowNote
from merchants.windows.rules import panes

HIDDEN = (Pane.OURS, Pane.THEIRS, Pane.UNKNOWN)


@dataclass(frozen=True)
class PaneOfWindow:
    """A pane with its notes, the newest first."""

    pane: Pane
    notes: Sequence[WindowNote]


def notes_of(partnership: Partnership, *, among: Iterable[str] = panes.FOUR) -> list[WindowNote]:
    """This will list the notes of a partnership that stand in some panes, the newest first."""
    rows = WindowNote.objects.filter(partnership=partnership, pane__in=list(among))
    return list(rows.select_related("contact", "written_by").order_by("-written_at", "-id"))


def window_of(partnership: Partnership) -> list[PaneOfWindow]:
    """This will give the four panes of a window in their order."""
    rows = notes_of(partnership)
    return [PaneOfWindow(pane, [row for row in rows if row.pane == pane]) for pane in panes.FOUR]


def hidden_counts(*, partnership_ids: Iterable[int]) -> dict[int, int]:
    """This will count the notes that one side or neither knows, by partnership."""
    rows = WindowNote.objects.filter(partnership__in=list(partnership_ids), pane__in=HIDDEN)
    counted = rows.order_by().values("partnership").annotate(number=Count("pk"))
    return {row["partnership"]: row["number"] for row in counted}


def one_note(*, note_id: int) -> WindowNote | None:
    """This will return a note with its partnership, or None; whoever asks loads the partnership
    within the scope."""
    rows = WindowNote.objects.filter(pk=note_id)
    return rows.select_related("contact", "written_by").first()


def told_of(note: WindowNote) -> str:
    """This will say who moved a note last, where to and when, to who looked before that."""
    last = history_of(note).first()
    if last is None:
        return _("Somebody moved this note meanwhile: look again.")
    sentence = _("{name} moved this note to {pane} on {day}, after you opened it.")
    return sentence.format(name=last.actor.label, pane=last.get_to_pane_display(), day=last.on_date)


def history_of(note: WindowNote) -> QuerySet[WindowMove]:
    """This will list the moves of a note, the newest first."""
    return note.moves.select_related("actor", "meeting").order_by("-number")
