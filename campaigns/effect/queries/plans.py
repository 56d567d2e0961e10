"""Rules of effects, and what is fixed for campaigns."""

import datetime as dt
from collections.abc import Collection

from django.db.models import Exists, OuterRef, QuerySet

from campaigns.effect.models import EffectDay, EffectIntake, EffectPlan, EffectRule
from campaigns.eligibility.enums import RunKind, RunState
from campaigns.eligibility.models import Run


def rule_on(on: dt.date) -> EffectRule | None:
    """This will return the rule in force on a day."""
    rows = EffectRule.objects.filter(effective_date__lte=on)
    return rows.order_by("-effective_date").first()


def plan_of_campaign(campaign_id: int) -> EffectPlan | None:
    """This will return what is fixed for a campaign; None where nothing is yet."""
    return fixed([campaign_id]).first()


def fixed(campaign_ids: Collection[int] | None = None) -> QuerySet[EffectPlan]:
    """This will list what is fixed, for these campaigns or all, the latest first."""
    rows = EffectPlan.objects.select_related("rule", "campaign")
    if campaign_ids is not None:
        rows = rows.filter(campaign__in=campaign_ids)
    return rows.order_by("-first_date", "-campaign")


def runs_to_take_in(campaign_id: int | None = None) -> QuerySet[Run]:
    """This will list the live runs that gave something and have ended, whose decisions were not
    taken in yet, of a campaign or of all."""
    taken = EffectIntake.objects.filter(run=OuterRef("pk"))
    rows = Run.objects.filter(kind=RunKind.LIVE, cleared_at__isnull=False).exclude(
        state=RunState.RUNNING
    )
    if campaign_id is not None:
        rows = rows.filter(campaign=campaign_id)
    return rows.filter(~Exists(taken)).order_by("on_date", "pk")


def due_campaigns(on: dt.date) -> list[int]:
    """This will list the campaigns of which something is to be counted on a day."""
    runs = runs_to_take_in().values_list("campaign_id", flat=True)
    days = EffectDay.objects.filter(due_date__lte=on).values_list("campaign_id", flat=True)
    return sorted({*runs, *days})
