"""One value in full as a fragment of the customer's page, and the list of who saw what."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from journeys.customers import queries as customers
from journeys.customers.models import Customer
from journeys.reveals import operations as reveals
from journeys.reveals import queries, rules
from journeys.reveals.enums import RevealField
from journeys.reveals.forms import RevealFilter, RevealForm
from portal.kit import clock, parts, tables
from portal.staff import queries as staff_queries
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

# The longest span of which the striking days are worked out.
_MOST_DAYS = 92

_STATUS = {
    reveals.NoReason: 422,
    reveals.LimitReached: 429,
    reveals.NoRule: 409,
    reveals.NothingHeld: 409,
    reveals.CannotBeOpened: 409,
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REVEAL_DATA)
@parts.part_of("customer_page", "number")
def reveal_field(request: HttpRequest, number: str, field: str) -> HttpResponse:
    """This will ask for the reason (GET) and show the value (POST): the only answer of the portal
    that holds one, never kept by a browser or a proxy. `?closed=1` is the mask again."""
    customer = customers.one_customer(scope=scope_of(staff_of(request)), number=number)
    if customer is None or field not in RevealField.values:
        raise Http404
    if request.method == "POST":
        return _reveal(request, customer, field)
    if "closed" in request.GET:
        return _fragment(request, "_masked", customer, field)
    return _ask(request, customer, field, RevealForm(prefix=field))


def _reveal(request: HttpRequest, customer: Customer, field: str) -> HttpResponse:
    form = RevealForm(request.POST, prefix=field)
    if not form.is_valid():
        return _ask(request, customer, field, form, status=422)
    try:
        revealed = reveals.reveal(
            customer=customer,
            field=field,
            kind=form.cleaned_data["kind"],
            words=form.cleaned_data["words"],
            actor=staff_of(request),
            at=clock.now(),
        )
    except reveals.RevealRefused as refusal:
        form.add_error(None, str(refusal))
        return _ask(request, customer, field, form, status=_STATUS[type(refusal)])
    return _fragment(
        request,
        "_revealed",
        customer,
        field,
        value=revealed.value,
        used=revealed.reveal.number_of_day,
        allowed=revealed.reveal.allowed,
        seconds=rules.SHOWN_SECONDS,
    )


def _ask(
    request: HttpRequest, customer: Customer, field: str, form: RevealForm, status: int = 200
) -> HttpResponse:
    on = clock.today()
    rule = queries.rule_on(on)
    used = queries.used_on(actor=staff_of(request), day=on)
    return _fragment(
        request, "_ask", customer, field, status=status, form=form, rule=rule, used=used
    )


def _fragment(
    request: HttpRequest,
    name: str,
    customer: Customer,
    field: str,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    cell = {
        "number": customer.number,
        "field": field,
        "label": RevealField(field).label,
        "shown": queries.masked(customer, field),
        "may_reveal": True,
    }
    template = f"journeys/reveals/{name}.html"
    return render(request, template, {**cell, **context}, status=status)


@requires(Permission.VIEW_REVEALS)
def reveal_list(request: HttpRequest) -> HttpResponse:
    """This will list who revealed what of whom, when and why, the striking days first; a filter
    that is wrong is left out."""
    scope, on = scope_of(staff_of(request)), clock.today()
    branches = staff_queries.branches_below(scope.branch_path)
    form = RevealFilter(request.GET, branches=[(branch.code, branch.label) for branch in branches])
    form.is_valid()
    asked = dict(form.cleaned_data)
    paths = {branch.code: branch.path for branch in branches}
    branch_path = paths.get(asked.pop("branch", ""), "")
    rows = queries.list_reveals(scope=scope, branch_path=branch_path, **asked)
    first, last = form.days(on=on, most=_MOST_DAYS)
    unusual = queries.unusual_days(scope=scope, first=first, last=last)
    striking = {(day.actor.pk, day.on_date) for day in unusual}
    page = tables.page_of(request, rows)
    context = {
        "form": form,
        "page": page,
        "rows": [(row, row.person_and_day in striking) for row in page.rows],
        "unusual": unusual,
        "first": first,
        "last": last,
        "rule": queries.rule_on(on),
    }
    return render(request, "journeys/reveals/reveal_list.html", context)
