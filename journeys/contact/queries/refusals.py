"""Whose word stands against marketing to a customer: the customer's own, or that of another who is,
or was, on file with the same phone."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from journeys.contact.models import DoNotContact, ErasedRefusal
from journeys.customers.models import Customer
from portal.kit import clock
from portal.staff.access import Scope

_SHOWN = 30
_OTHERS_SHOWN = 3
_OTHERS_READ = 100  # a switchboard may be the phone of thousands


@dataclass(frozen=True)
class Bar:
    """The word of another for the same phone, and since which day it stands. `number` is the other
    customer's where the reader may see it; it is empty outside the reader's scope, and where that
    person was erased or left the phone (`is_erased`)."""

    since: dt.date
    number: str = ""
    is_erased: bool = False


@dataclass(frozen=True)
class Refusals:
    """What stands against marketing to a customer: the customer's own first word, and those of
    others for the same phone, the first ones first."""

    own: DoNotContact | None
    others: list[Bar]


def customer_and_refusals(*, scope: Scope, number: str) -> tuple[Customer, Refusals] | None:
    """This will return a customer of the scope for the page about him, with branch and stage, and
    what stands against marketing to him; None where there is no such customer."""
    rows = Customer.objects.filter(scope.branches(), number=number).annotate(
        has_refused=Exists(DoNotContact.objects.filter(customer=OuterRef("pk"))),
        is_barred=Exists(_of_others(OuterRef("pk"), OuterRef("callee"))),
        is_listed=Exists(ErasedRefusal.objects.filter(callee=OuterRef("callee"))),
    )
    customer = rows.select_related("branch", "journey").first()
    if customer is None:
        return None
    own = refusals_of(customer.pk)[0] if customer.has_refused else None
    others = _erased(customer) if customer.is_listed else []
    if customer.is_barred:
        others = [*_living(customer, scope), *others]
    return customer, Refusals(own, sorted(others, key=lambda bar: bar.since))


def refusals_of(customer_id: int) -> list[DoNotContact]:
    """This will return a person's words never to be contacted, the first one first."""
    rows = DoNotContact.objects.filter(customer_id=customer_id).select_related("recorded_by")
    return list(rows.order_by("at", "id")[:_SHOWN])


def _of_others(customer: Any, callee: Any) -> QuerySet[DoNotContact]:
    return DoNotContact.objects.filter(customer__callee=callee).exclude(customer=customer)


def _living(customer: Customer, scope: Scope) -> list[Bar]:
    """The first word of each other customer, of those first whom the reader may see."""
    within = Customer.objects.filter(scope.branches(), pk=OuterRef("customer_id"))
    rows = _of_others(customer.pk, customer.callee).annotate(is_seen=Exists(within))
    rows = rows.select_related("customer")
    firsts = rows.order_by("customer_id", "at", "id").distinct("customer_id")[:_OTHERS_READ]
    told = sorted(firsts, key=lambda row: (not row.is_seen, row.at))[:_OTHERS_SHOWN]
    return [Bar(clock.bank_day(row.at), row.customer.number if row.is_seen else "") for row in told]


def _erased(customer: Customer) -> list[Bar]:
    rows = ErasedRefusal.objects.filter(callee=customer.callee)
    return [Bar(day, is_erased=True) for day in rows.values_list("refused_date", flat=True)]
