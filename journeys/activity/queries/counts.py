"""Reading what was counted, and what proofs found."""

import datetime as dt

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from journeys.activity.enums import CountKind
from journeys.activity.models import ActivityCount, ActivityProof, CardMark


def is_counted(kind: CountKind, day: dt.date) -> bool:
    """This will tell whether figures were counted and nothing came since that changes them."""
    return ActivityCount.objects.filter(kind=kind, day=day, is_stale=False).exists()


def has_marks() -> bool:
    """This will tell whether facts came in that were not taken in yet."""
    return CardMark.objects.exists()


def latest_count() -> ActivityCount | None:
    """This will return the latest day whose figures were counted."""
    rows = ActivityCount.objects.filter(kind=CountKind.DAY, counted_at__isnull=False)
    return rows.order_by("-day").first()


def counts_again(*, first: dt.date, last: dt.date) -> QuerySet[ActivityCount]:
    """This will list the days of a span that were counted once more, or are to be, the latest
    first."""
    rows = ActivityCount.objects.filter(kind=CountKind.DAY, day__gte=first, day__lte=last)
    return (rows.filter(again_at__isnull=False) | rows.filter(is_stale=True)).order_by("-day")


def is_unproved(day: dt.date) -> bool:
    """This will tell whether a day was counted and its figures were not proved since."""
    counted = ActivityCount.objects.filter(kind=CountKind.DAY, day=day, is_stale=False)
    said = counted.annotate(said_at=Coalesce(F("again_at"), F("counted_at"))).first()
    if said is None:
        return False
    return not ActivityProof.objects.filter(day=day, at__gte=said.said_at).exists()


def proofs() -> QuerySet[ActivityProof]:
    """This will list all proofs, the latest first."""
    return ActivityProof.objects.order_by("-at", "-id")


def latest_proof() -> list[ActivityProof]:
    """This will list what the latest proof compared."""
    newest = proofs().first()
    return list(proofs().filter(at=newest.at).order_by("id")) if newest else []
