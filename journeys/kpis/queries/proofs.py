"""Whether figures and facts agree, as the proofs of the nights found."""

import datetime as dt

from django.db.models import QuerySet

from journeys.kpis.models import FigureGap, FigureMark, FigureProof


def newest_proof() -> FigureProof | None:
    """This will return the newest proof, if there was one."""
    return FigureProof.objects.filter(is_newest=True).first()


def was_proved_since(at: dt.datetime) -> bool:
    """This will tell whether the figures were proved since an instant."""
    return FigureProof.objects.filter(is_newest=True, at__gte=at).exists()


def proofs() -> QuerySet[FigureProof]:
    """This will list all proofs, the newest first."""
    return FigureProof.objects.order_by("-id")


def gaps_of(proof: FigureProof) -> QuerySet[FigureGap]:
    """This will list the figures of a proof that differ."""
    rows = FigureGap.objects.filter(proof=proof)
    return rows.select_related("branch", "team", "person", "product").order_by("day", "id")


def marked_days() -> int:
    """This will count the days of which facts were written and not counted yet."""
    return FigureMark.objects.values("day").distinct().count()
