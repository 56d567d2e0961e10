"""Pages about customers; personal data is masked."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from journeys.customers import queries
from journeys.customers.forms import CustomerFilter
from journeys.points import queries as points
from journeys.spending import queries as spending
from portal.kit import tables
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.VIEW_CUSTOMERS)
def customer_list(request: HttpRequest) -> HttpResponse:
    """This will show the customers of the person's scope. What is searched for stands in the
    page's address, but never a phone or another personal number: that comes by POST and stays
    there."""
    is_post = request.method == "POST"
    form = CustomerFilter(request.POST if is_post else request.GET)
    form.is_valid()
    text = form.cleaned_data.get("text", "")
    if is_post != queries.is_personal(text):
        query = urlencode({"text": text}) if is_post and text else ""
        return HttpResponseRedirect(reverse("customer_list") + (f"?{query}" if query else ""))
    form = CustomerFilter() if is_post else form
    rows = queries.list_customers(scope=scope_of(staff_of(request)), text=text)
    context = {"form": form, "page": tables.page_of(request, rows)}
    return render(request, "journeys/customers/customer_list.html", context)


@requires(Permission.VIEW_CUSTOMERS)
def customer_page(request: HttpRequest, number: str) -> HttpResponse:
    """This will show one customer with cards, latest transactions and points."""
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
        "refusal": queries.refusal_of(customer),
        "may_see_care": staff_of(request).may(Permission.VIEW_CARE),
    }
    return render(request, "journeys/customers/customer_page.html", context)
