"""Reading requests with their clock and history."""

import datetime as dt

from django.db.models import Q, QuerySet

from journeys.customers.models import Customer
from journeys.rights.enums import ErasureState, RightsState
from journeys.rights.models import (
    Correction,
    Erasure,
    RightsCopy,
    RightsEvent,
    RightsRequest,
    RightsRule,
)
from journeys.rights.rules import deadlines
from journeys.telemarketing.models import Lead
from portal.staff.access import Scope
from portal.staff.models import Staff

_RUNNING = [RightsState.OPEN, RightsState.WAITING, RightsState.APPROVED]


def rule_on(day: dt.date) -> RightsRule | None:
    """This will return the rule in force on a day; None where there is none."""
    return RightsRule.objects.filter(effective_date__lte=day).order_by("-effective_date").first()


def _within(scope: Scope, prefix: str = "") -> Q:
    """Requests of persons whom a branch of the scope keeps now, whoever took them in."""
    customer, lead = (f"{prefix}{root}__branch" for root in ("customer", "lead"))
    return scope.branches(customer) | scope.branches(lead) if scope.branch_path else Q()


def list_requests(
    *, scope: Scope, state: str = "running", kind: str = ""
) -> QuerySet[RightsRequest]:
    """This will list the requests of a scope: running ones by their end, so that those overdue
    come first; others the youngest first. `state` may be "running" or "" for all."""
    rows = RightsRequest.objects.filter(_within(scope), **({"kind": kind} if kind else {}))
    if state == "running":
        rows = rows.filter(state__in=_RUNNING)
    elif state:
        rows = rows.filter(state=state)
    order = ("due_date", "id") if state == "running" else ("-received_date", "-id")
    return rows.select_related("customer", "lead", "branch").order_by(*order)


def one_request(*, scope: Scope, number: str) -> RightsRequest | None:
    """This will return a request of the scope, or None."""
    rows = RightsRequest.objects.filter(_within(scope), number=number)
    return rows.select_related("customer", "lead", "branch", "opened_by", "handled_by").first()


def requests_of(*, scope: Scope, customer_number: str) -> QuerySet[RightsRequest]:
    """This will list a customer's requests, the youngest first."""
    return list_requests(scope=scope, state="").filter(customer__number=customer_number)


def nearing_limit(*, scope: Scope, on: dt.date) -> QuerySet[RightsRequest]:
    """This will list the running requests whose end is near or has passed, the most pressing
    first."""
    last = on + dt.timedelta(days=deadlines.NEAR_DAYS)
    return list_requests(scope=scope).filter(due_date__lte=last)


def events_of(request: RightsRequest) -> QuerySet[RightsEvent]:
    """This will return the history, in order."""
    return request.events.select_related("actor").order_by("at", "id")


def copies_on(*, actor: Staff, day: dt.date) -> int:
    """This will count the copies that somebody made on a bank's day."""
    return RightsCopy.objects.filter(made_by=actor, on_date=day).count()


def person_of(*, scope: Scope, number: str) -> Customer | Lead | None:
    """This will find the customer, otherwise the lead, of the scope under a number."""
    customer = Customer.objects.filter(scope.branches(), number=number).first()
    return customer or Lead.objects.filter(scope.branches(), number=number).first()


def contradicted(*, scope: Scope) -> QuerySet[Correction]:
    """This will list the corrections against which the source brought another value, the latest
    first."""
    rows = Correction.objects.filter(_within(scope, "request__"))
    rows = rows.filter(source_differs_at__isnull=False)
    return rows.select_related("request", "customer").order_by("-source_differs_at", "-id")


def erasures_to_do() -> list[Erasure]:
    """This will return the erasures that wait for a worker, in order."""
    rows = Erasure.objects.filter(state__in=[ErasureState.APPROVED, ErasureState.ERASED])
    rows = rows.select_related("request").order_by("id")
    return [
        row
        for row in rows
        if row.is_search_due or (row.state == ErasureState.APPROVED and not row.failure)
    ]
