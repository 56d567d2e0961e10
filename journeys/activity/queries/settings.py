"""Reading what figures mean, and the limit of sleeping cards."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import QuerySet

from journeys.activity.models import ActiveDefinition, SleepRule
from journeys.activity.rules import USUAL, SleepLimits


def definitions_on(day: dt.date) -> list[ActiveDefinition]:
    """This will list the definitions in force on a day, the latest version of each code, by
    code."""
    rows = ActiveDefinition.objects.filter(effective_date__lte=day)
    return list(rows.order_by("code", "-effective_date").distinct("code"))


def latest_definitions() -> list[ActiveDefinition]:
    """This will list the latest version of each definition, in force or not yet, by code."""
    return list(ActiveDefinition.objects.order_by("code", "-effective_date").distinct("code"))


def definitions() -> QuerySet[ActiveDefinition]:
    """This will list all versions of all definitions, by code, the latest first."""
    return ActiveDefinition.objects.order_by("code", "-effective_date")


def versions_of(code: str, *, ids: Iterable[int]) -> list[ActiveDefinition]:
    """This will list those versions of a definition that are named by id, the latest first."""
    rows = ActiveDefinition.objects.filter(code=code, pk__in=ids)
    return list(rows.order_by("-effective_date"))


def sleep_rule_on(day: dt.date) -> SleepRule | None:
    """This will return the limit of sleeping cards in force on a day, None before the first."""
    rows = SleepRule.objects.filter(effective_date__lte=day)
    return rows.order_by("-effective_date").first()


def sleep_rules() -> QuerySet[SleepRule]:
    """This will list all limits of sleeping cards, the latest first."""
    return SleepRule.objects.order_by("-effective_date")


def limits_of(rule: SleepRule | None) -> SleepLimits:
    """This will return the limits of a rule; without one the usual ones."""
    return rule.limits if rule else USUAL
