"""One value in full as a fragment of the customer's page, the search by one, and the lists of who
saw and who looked for what."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from journeys.customers import queries as customers
from journeys.customers.enums import SearchWay
from journeys.customers.forms import CustomerFilter
from journeys.customers.models import Customer
from journeys.reveals import operations as reveals
from journeys.reveals import queries
from journeys.reveals.enums import RevealField, SearchDoor
from journeys.reveals.forms import RevealFilter, RevealForm, SearchFilter
from portal.kit import clock, parts, revealing, tables
from portal.staff import queries as staff_queries
from portal.staff.access import Scope, requires, scope_of, staff_of
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
        return _fragment(request, "journeys/reveals/_masked.html", customer, field)
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
        "_parts/revealed.html",
        customer,
        field,
        value=revealed.value,
        used=revealed.reveal.number_of_day,
        allowed=revealed.reveal.allowed,
        seconds=revealing.SHOWN_SECONDS,
    )


def _ask(
    request: HttpRequest, customer: Customer, field: str, form: RevealForm, status: int = 200
) -> HttpResponse:
    on = clock.today()
    rule = queries.rule_on(on)
    used = queries.used_on(actor=staff_of(request), day=on)
    more: dict[str, Any] = {"form": form, "used": used, "allowed": rule.per_day if rule else None}
    return _fragment(request, "_parts/reveal_ask.html", customer, field, status, **more)


def _fragment(
    request: HttpRequest,
    template: str,
    customer: Customer,
    field: str,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    cell = {
        "url": request.path,
        "number": customer.number,
        "field": field,
        "label": RevealField(field).label,
        "shown": queries.masked(customer, field),
        "may_reveal": True,
    }
    return render(request, template, {**cell, **context}, status=status)


@requires(Permission.VIEW_REVEALS)
def reveal_list(request: HttpRequest) -> HttpResponse:
    """This will list who revealed what of whom, when and why, the striking days first, and the
    days on which somebody searched strikingly much; a filter that is wrong is left out."""
    scope, form, asked = _asked(request, RevealFilter)
    rows = queries.list_reveals(scope=scope, **asked)
    first, last = form.days(on=clock.today(), most=_MOST_DAYS)
    unusual = queries.unusual_days(scope=scope, first=first, last=last)
    searches = queries.unusual_searches(scope=scope, first=first, last=last)
    context = _listed(request, form, rows, unusual) | {"searches": searches}
    return render(request, "journeys/reveals/reveal_list.html", context)


@requires(Permission.VIEW_REVEALS)
def search_list(request: HttpRequest) -> HttpResponse:
    """This will list who looked for the holder of a full value, when and with what outcome, those
    that were refused too, the striking days first; a filter that is wrong is left out."""
    scope, form, asked = _asked(request, SearchFilter)
    rows = queries.list_searches(scope=scope, **asked)
    first, last = form.days(on=clock.today(), most=_MOST_DAYS)
    searches = queries.unusual_searches(scope=scope, first=first, last=last)
    context = _listed(request, form, rows, searches) | {"searches": searches}
    return render(request, "journeys/reveals/search_list.html", context)


def _asked(
    request: HttpRequest, kind: type[RevealFilter]
) -> tuple[Scope, RevealFilter, dict[str, Any]]:
    """The person's scope, the checked filter, and what it asks of the list."""
    scope = scope_of(staff_of(request))
    branches = staff_queries.branches_below(scope.branch_path)
    form = kind(request.GET, branches=[(branch.code, branch.label) for branch in branches])
    form.is_valid()
    asked = dict(form.cleaned_data)
    paths = {branch.code: branch.path for branch in branches}
    asked["branch_path"] = paths.get(asked.pop("branch", ""), "")
    return scope, form, asked


def _listed(
    request: HttpRequest, form: RevealFilter, rows: QuerySet[Any], unusual: Sequence[Any]
) -> dict[str, Any]:
    """A page of rows with the striking ones marked, the days meant, and the rule in force."""
    on = clock.today()
    first, last = form.days(on=on, most=_MOST_DAYS)
    striking = {(day.actor.pk, day.on_date) for day in unusual}
    page = tables.page_of(request, rows)
    return {
        "form": form,
        "page": page,
        "rows": [(row, row.person_and_day in striking) for row in page.rows],
        "unusual": unusual,
        "first": first,
        "last": last,
        "rule": queries.rule_on(on),
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.VIEW_CUSTOMERS)
def customer_search(request: HttpRequest) -> HttpResponse:
    """This will find customers by what was typed (POST); who is found exactly is shown at once. A
    phone, ID number or e-mail address stays out of every address, and asking for one is counted
    and recorded; whoever has no more such searches today keeps what was typed."""
    if request.method != "POST":
        return redirect("customer_list")
    form, scope = CustomerFilter(request.POST), scope_of(staff_of(request))
    form.is_valid()
    text = form.cleaned_data.get("text", "")
    if exact := customers.exact_value(text):
        try:
            found = _search(request, scope, text, *exact)
        except reveals.SearchRefused as refusal:
            form.add_error("text", str(refusal))
            status = 429 if isinstance(refusal, reveals.SearchLimitReached) else 409
            return _found_page(request, form, Customer.objects.none().order_by("id"), status)
        if len(found) == 1:
            return redirect("customer_page", found[0])
    elif number := customers.the_one(scope=scope, text=text):
        return redirect("customer_page", number)
    if not customers.is_personal(text):
        query = urlencode({"text": text}) if text else ""
        return HttpResponseRedirect(reverse("customer_list") + (f"?{query}" if query else ""))
    rows = customers.list_customers(scope=scope, text=text)
    return _found_page(request, CustomerFilter(), rows)


def _search(
    request: HttpRequest, scope: Scope, text: str, way: SearchWay, value: str
) -> Sequence[str]:
    """The numbers of those who have a value, at most one page of them. Raises SearchRefused."""
    rows = customers.list_customers(scope=scope, text=text).values_list("number", flat=True)
    return reveals.search_exactly(
        field=RevealField(way.value),
        value=value,
        door=SearchDoor.CUSTOMERS,
        find=lambda: list(rows[: tables.PAGE_SIZE]),
        actor=staff_of(request),
        at=clock.now(),
    )


def _found_page(
    request: HttpRequest, form: CustomerFilter, rows: QuerySet[Customer], status: int = 200
) -> HttpResponse:
    context = {"form": form, "page": tables.page_of(request, rows), "is_refused": status != 200}
    return render(request, "journeys/customers/customer_list.html", context, status=status)
