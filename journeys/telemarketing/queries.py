"""Reading leads."""

from django.db.models import Count, Q, QuerySet

from journeys.telemarketing.enums import LeadState
from journeys.telemarketing.models import Lead
from portal.staff.access import Scope

OPEN = (LeadState.NEW, LeadState.WORKING)


def list_leads(*, scope: Scope, state: str = "", source: str = "") -> QuerySet[Lead]:
    """This will list the leads of a scope, the youngest first: for a telemarketer the own ones
    and those of the branch that nobody owns, for others all of the branch and below."""
    rows = Lead.objects.filter(_visible(scope))
    if state:
        rows = rows.filter(state=state)
    if source:
        rows = rows.filter(source=source)
    return rows.select_related("branch", "team", "owner").order_by("-created_at", "-id")


def _visible(scope: Scope) -> Q:
    if scope.own_staff_id is None:
        return scope.branches()
    return scope.branches() & Q(owner=None) | Q(owner=scope.own_staff_id)


def counts_of_owner(*, staff_id: int) -> dict[str, int]:
    """This will count a person's own leads by state."""
    rows = Lead.objects.filter(owner_id=staff_id).values("state").annotate(count=Count("id"))
    return {row["state"]: row["count"] for row in rows.order_by("state")}


def free_leads(*, scope: Scope) -> int:
    """This will count the new leads of the scope's branches that nobody owns."""
    return Lead.objects.filter(scope.branches(), owner=None, state=LeadState.NEW).count()


def counts_by_source(*, scope: Scope) -> list[tuple[str, int, int]]:
    """This will count the scope's leads by source, the most frequent first:
    (source, all, those that led to an application)."""
    rows = (
        Lead.objects.filter(_visible(scope))
        .values("source")
        .annotate(count=Count("id"), won=Count("id", filter=Q(state=LeadState.WON)))
        .order_by("-count", "source")
    )
    return [(row["source"], row["count"], row["won"]) for row in rows]
