"""What points add to a customer's page."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from journeys.customers import queries as customers
from journeys.points import queries, rules
from portal.kit import clock, parts
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

_ENTRIES = 15


@requires(Permission.VIEW_CUSTOMERS)
@parts.part_of("customer_page", "number")
def customer_points(request: HttpRequest, number: str) -> HttpResponse:
    """This will show a customer's points, as a part of the customer's page: the balance, what is
    left of each batch and until when, the latest entries."""
    customer = customers.one_customer(scope=scope_of(staff_of(request)), number=number)
    if customer is None:
        raise Http404
    account, on = queries.account_of(customer_id=customer.pk), clock.today()
    near = [batch for batch in account.batches if rules.is_near(batch.expires_date, on)]
    context = {
        "account": account,
        "batches": [(batch, batch in near) for batch in account.batches],
        "near": sum(batch.left for batch in near),
        "near_days": rules.NEAR_DAYS,
        "entries": queries.latest_entries(customer_id=customer.pk, limit=_ENTRIES),
    }
    return render(request, "journeys/points/_customer.html", context)
