"""Pages about customers; personal data is masked."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from journeys.cards import queries as applications
from journeys.contact import queries as contact
from journeys.customers import queries
from journeys.customers.forms import CustomerFilter
from journeys.customers.models import Customer
from journeys.scoring import queries as scoring
from journeys.spending import queries as spending
from portal.kit import charts, clock, money, parts, tables, timeline
from portal.kit.registry import registry
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

_MONTHS = 12
_TIMELINE_ROWS = 20
_TIMELINE_ASKED = {"kind", "before"}


@requires(Permission.VIEW_CUSTOMERS)
def customer_list(request: HttpRequest) -> HttpResponse:
    """This will show the customers of the person's scope. What is searched for stands in the
    page's address, but never a phone or another personal number: that is sent to
    `customer_search`, which counts it."""
    form = CustomerFilter(request.GET)
    form.is_valid()
    text = form.cleaned_data.get("text", "")
    if queries.is_personal(text):
        return redirect("customer_list")
    scope = scope_of(staff_of(request))
    context = {
        "form": form,
        "page": tables.page_of(request, queries.list_customers(scope=scope, text=text)),
        "initials": queries.initials_meant(scope=scope, text=text),
    }
    return render(request, "journeys/customers/customer_list.html", context)


@requires(Permission.VIEW_CUSTOMERS)
def customer_page(request: HttpRequest, number: str) -> HttpResponse:
    """This will show one customer: where they stand, what they promise, cards. What was spent and
    the timeline of everything follow as parts of their own, the timeline at once where the address
    asks for a kind or a place in it. `?traits=off` leaves personal traits out of the score."""
    scope = scope_of(staff_of(request))
    found = contact.customer_and_refusals(scope=scope, number=number)
    if found is None:
        raise Http404
    customer, refusals = found
    with_traits = request.GET.get("traits") != "off"
    context = {
        "customer": customer,
        "cards": queries.cards_of(customer, scope=scope),
        "waiting": applications.waiting_of(customer.pk, on=clock.today()),
        "score": scoring.score_of(
            customer_id=customer.pk, on=clock.today(), with_traits=with_traits
        ),
        "refusals": refusals,
        "may_reveal": staff_of(request).may(Permission.REVEAL_DATA),
        "may_see_campaigns": staff_of(request).may(Permission.VIEW_CAMPAIGNS),
        "may_see_care": staff_of(request).may(Permission.VIEW_CARE),
        "may_open_rights": staff_of(request).may(Permission.OPEN_RIGHTS),
        **(_timeline(request, customer) if _TIMELINE_ASKED & request.GET.keys() else {}),
    }
    return render(request, "journeys/customers/customer_page.html", context)


@requires(Permission.VIEW_CUSTOMERS)
@parts.part_of("customer_page", "number")
def customer_timeline(request: HttpRequest, number: str) -> HttpResponse:
    """This will give a piece of a customer's timeline: what is older than `?before=`, or its
    beginning with the choice of kinds."""
    context = _timeline(request, _load(request, number))
    part = "_timeline_rows.html" if context["is_continued"] else "_timeline.html"
    return render(request, f"journeys/customers/{part}", context)


@requires(Permission.VIEW_CUSTOMERS)
@parts.part_of("customer_page", "number")
def customer_spending(request: HttpRequest, number: str) -> HttpResponse:
    """This will give what a customer spent in the last twelve months, as a picture and a table."""
    cards = queries.card_ids(_load(request, number))
    context = {"has_cards": bool(cards), **_spent(cards, clock.today())}
    return render(request, "journeys/customers/_spending.html", context)


def _load(request: HttpRequest, number: str) -> Customer:
    customer = queries.one_customer(scope=scope_of(staff_of(request)), number=number)
    if customer is None:
        raise Http404
    return customer


def _spent(card_ids: Sequence[int], on: dt.date) -> dict[str, Any]:
    """The spending of the last twelve months as a picture."""
    months = spending.latest_months(on, _MONTHS)
    found = spending.spent_by_month(
        card_ids=card_ids, first=months[0], end=on + dt.timedelta(days=1)
    )
    sums = [(month, found.get(month, Decimal(0))) for month in months]
    bars = [
        charts.Bar(
            f"{month:%Y-%m}",
            float(total),
            money.show(total),
        )
        for month, total in sums
    ]
    title = _("Spending by month")
    chart = charts.bars_svg(bars, title=title, height=130)
    return {
        "spent": sums,
        "spent_chart": chart,
        "spent_total": sum(found.values(), Decimal(0)),
        "has_spent": any(found.values()),
    }


def _timeline(request: HttpRequest, customer: Customer) -> dict[str, Any]:
    """A page of the timeline, of the sources that this person may see."""
    staff = staff_of(request)
    sources = [source for source in registry.timeline if staff.may(source.permission)]
    chosen = [source for source in sources if source.code == request.GET.get("kind")]
    before = timeline.read_place(request.GET.get("before", ""))
    page = timeline.page_of(
        chosen or sources,
        customer_id=customer.pk,
        scope=scope_of(staff),
        before=before or timeline.END,
        size=_TIMELINE_ROWS,
    )
    return {
        "customer": customer,
        "sources": sources,
        "kind": chosen[0].code if chosen else "",
        "days": timeline.by_day(page.entries, after=clock.bank_day(before.at) if before else None),
        "older": page.older,
        "is_continued": before is not None,
        "linked": {
            source.code
            for source in sources
            if not source.link_permission or staff.may(source.link_permission)
        },
    }
