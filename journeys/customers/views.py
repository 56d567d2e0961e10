"""Pages about customers; personal data is masked."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from journeys.customers import queries
from journeys.customers.forms import CustomerFilter
from journeys.points import queries as points
from journeys.spending import queries as spending
from portal.kit import tables
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission


@requires(Permission.VIEW_CUSTOMERS)
def customer_list(request: HttpRequest) -> HttpResponse:
    """This will show the customers of the person's scope."""
    form = CustomerFilter(request.GET)
    form.is_valid()
    rows = queries.list_customers(
        scope=scope_of(staff_of(request)), text=form.cleaned_data.get("text", "")
    )
    context = {"form": form, "page": tables.page_of(request, rows)}
    return render(request, "journeys/customers/customer_list.html", context)


@requires(Permission.VIEW_CUSTOMERS)
def customer_page(request: HttpRequest, number: str) -> HttpResponse:
    """This will show one customer with cards, latest transactions, points and consents."""
    customer = queries.one_customer(scope=scope_of(staff_of(request)), number=number)
    if customer is None:
        raise Http404
    cards = list(queries.cards_of(customer))
    context = {
        "customer": customer,
        "cards": cards,
        "transactions": spending.recent_of(
            customer_id=customer.pk, card_ids=[card.pk for card in cards]
        ),
        "points": points.balance_of(customer.pk),
        "consents": queries.consents_of(customer),
        "refusal": queries.refusal_of(customer),
        "may_see_care": staff_of(request).may(Permission.VIEW_CARE),
    }
    return render(request, "journeys/customers/customer_page.html", context)
