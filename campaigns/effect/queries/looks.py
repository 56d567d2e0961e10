"""Looks that were kept: what was seen on which day."""

import datetime as dt

from django.db.models import Min, Q, QuerySet

from campaigns.effect.enums import Measure
from campaigns.effect.models import EffectLook


def looks_of(campaign_id: int) -> QuerySet[EffectLook]:
    """This will list the looks at a campaign, the latest first."""
    rows = EffectLook.objects.select_related("campaign").filter(campaign=campaign_id)
    return rows.order_by("-on_date", "measure")


def all_looks() -> QuerySet[EffectLook]:
    """This will list the looks at all campaigns, the latest first."""
    rows = EffectLook.objects.select_related("campaign")
    return rows.order_by("-on_date", "campaign", "measure")


def series_of(campaign_id: int, measure: Measure, most: int) -> list[EffectLook]:
    """This will list the latest `most` looks at a measure, the earliest first."""
    rows = looks_of(campaign_id).filter(measure=measure)[:most]
    return sorted(rows, key=lambda one: one.on_date)


def first_shown(campaign_id: int) -> dict[str, dt.date]:
    """This will return for each measure the first day on which chance alone did not explain it."""
    shown = EffectLook.objects.filter(campaign=campaign_id).filter(Q(low__gt=0) | Q(high__lt=0))
    days = shown.values("measure").annotate(day=Min("on_date")).order_by("measure")
    return {row["measure"]: row["day"] for row in days}
