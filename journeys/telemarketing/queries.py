"""Reading leads."""

from django.db.models import Count, Q, QuerySet

from journeys.contact import queries as contact
from journeys.telemarketing.enums import LeadState
from journeys.telemarketing.models import Lead
from portal.staff.access import Scope

OPEN = (LeadState.NEW, LeadState.WORKING)


def list_leads(*, scope: Scope, state: str = "", source: str = "") -> QuerySet[Lead]:
    """This will list the leads of a scope, the youngest first: for a telemarketer the own ones
    and those of the branch that nobody owns, for others all of the branch and below. Each says
    whether a word stands against contacting it (`is_refused`), as it is now."""
    rows = Lead.objects.filter(_visible(scope)).annotate(is_refused=_refused())
    if state:
        rows = rows.filter(state=state)
    if source:
        rows = rows.filter(source=source)
    return rows.select_related("branch", "team", "owner").order_by("-created_at", "-id")


def callable_leads(*, scope: Scope) -> QuerySet[Lead]:
    """This will list the open leads of a scope that may be handed to somebody for a call, the
    youngest first: none against which a word stands."""
    return list_leads(scope=scope).filter(~_refused(), state__in=OPEN)


def _refused() -> Q:
    """Whether somebody refused who has the lead's phone, or the customer who the lead became."""
    return contact.phone_is_refused("callee") | contact.customer_is_barred("customer")


def _visible(scope: Scope) -> Q:
    if scope.own_staff_id is None:
        return scope.branches()
    return scope.branches() & Q(owner=None) | Q(owner=scope.own_staff_id)


def counts_of_owner(*, staff_id: int) -> dict[str, int]:
    """This will count a person's own leads by state, but for those not to be contacted."""
    rows = Lead.objects.filter(~_refused(), owner_id=staff_id).values("state")
    counted = rows.annotate(count=Count("id")).order_by("state")
    return {row["state"]: row["count"] for row in counted}


def refused_of_owner(*, staff_id: int) -> int:
    """This will count a person's own leads that are not to be contacted."""
    return Lead.objects.filter(_refused(), owner_id=staff_id).count()


def free_leads(*, scope: Scope) -> int:
    """This will count the new leads of the scope's branches that nobody owns and that may be
    contacted."""
    rows = Lead.objects.filter(scope.branches(), ~_refused(), owner=None, state=LeadState.NEW)
    return rows.count()


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
