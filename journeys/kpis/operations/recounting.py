"""Counting days again after a proof found that their figures differ."""

import datetime as dt

from django.db import transaction

from journeys.kpis.models import FigureGap, FigureMark, FigureProof
from portal.audit import operations as audit
from portal.staff.models import Staff


class NothingDiffers(Exception):
    """Raised where the newest proof found nothing to count again."""


@transaction.atomic
def recount_days(*, reason: str, actor: Staff, at: dt.datetime) -> list[dt.date]:
    """This will mark the days whose figures differ by the newest proof, so that the next count
    restates them with a mark; returns the days. Raises NothingDiffers."""
    proof = FigureProof.objects.filter(is_newest=True).first()
    rows = FigureGap.objects.filter(proof=proof) if proof else FigureGap.objects.none()
    days = sorted(set(rows.values_list("day", flat=True)))
    if not days:
        raise NothingDiffers
    FigureMark.objects.bulk_create(FigureMark(day=day) for day in days)
    audit.record(
        action="figures.recount_asked", actor=actor, at=at, target=proof, reason=reason,
        changes={"days": [str(day) for day in days]},
    )  # fmt: skip
    return days
