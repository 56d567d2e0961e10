"""Reading what callers did for the moods they met, and what became of those."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from journeys.telemarketing.enums import Mood
from journeys.telemarketing.models import LeadCall, MoodMove
from merchants.refusals.rules.standing import Standing, ranked
from portal.kit.shares import Share
from portal.staff.access import Scope

_GOOD = (Mood.CALM, Mood.PLEASED)


@dataclass(frozen=True)
class OfMood:
    """A mood at the beginning of calls, and how its moves did: so many calls ended calm or pleased
    of those whose end was noted."""

    mood: str
    label: str
    rows: list[Standing]


def moves_by_mood() -> list[tuple[str, list[MoodMove]]]:
    """This will list what may be done for each mood, in its order."""
    rows = list(MoodMove.objects.order_by("place"))
    return [(str(mood.label), [row for row in rows if row.mood == mood.value]) for mood in Mood]


def moves_for(mood: str) -> list[MoodMove]:
    """This will list what may be done for one mood, in its order; nothing for none."""
    return list(MoodMove.objects.filter(mood=mood).order_by("place")) if mood else []


def mood_move_of(code: str) -> MoodMove | None:
    """This will return a move by its code, None where there is none."""
    return MoodMove.objects.filter(code=code).first()


def moves_at_work(*, scope: Scope) -> list[OfMood]:
    """This will say of each mood how often its moves ended it well in calls to leads of a scope's
    branches; what was done too few times is not ranked."""
    calls = LeadCall.objects.filter(scope.branches("lead__branch"), mood_move__isnull=False)
    counted = (
        calls.exclude(mood_after="")
        .values("mood_before", "mood_move")
        .annotate(whole=Count("id"), good=Count("id", filter=Q(mood_after__in=_GOOD)))
    )
    found = {(row["mood_before"], row["mood_move"]): row for row in counted.order_by()}
    moves = list(MoodMove.objects.order_by("mood", "place"))
    return [_of_mood(mood, moves, found) for mood in Mood]


def _of_mood(mood: Mood, moves: list[MoodMove], found: Mapping[tuple[str, int], Any]) -> OfMood:
    rows = []
    for move in moves:
        row = found.get((mood.value, move.pk))
        if row is not None or move.mood == mood.value:
            share = Share(row["good"], row["whole"]) if row else Share(0, 0)
            rows.append((move, share, 0))
    return OfMood(mood.value, str(mood.label), ranked(rows))
