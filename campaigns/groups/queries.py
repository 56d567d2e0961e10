"""Reading the groups of campaigns that exclude one another."""

from collections.abc import Iterable

from django.db.models import QuerySet

from campaigns.groups.models import ExclusiveGroup
from campaigns.groups.rules import Group


def groups() -> QuerySet[ExclusiveGroup]:
    """This will list the groups by their code."""
    return ExclusiveGroup.objects.select_related("decided_by").order_by("code")


def named(codes: Iterable[str]) -> dict[str, Group]:
    """This will return the groups of these codes, as far as they exist."""
    wanted = sorted({code for code in codes if code})
    if not wanted:
        return {}
    return {row.code: row.plain for row in ExclusiveGroup.objects.filter(code__in=wanted)}


def offered() -> list[tuple[str, str]]:
    """This will list the groups as a form offers them."""
    return [(row.code, f"{row.label} · {row.term}") for row in groups()]
