"""One value of a contact person in full, as a fragment of the merchant's page; and who saw what."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from merchants.directory import operations, queries
from merchants.directory.enums import ContactField
from merchants.directory.forms import RevealForm
from merchants.directory.models import MerchantContact
from merchants.directory.models.contacts import MOST_PER_DAY
from merchants.directory.views.keeping import merchant_or_404
from portal.kit import clock, parts, revealing, tables
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

_MASKED = "merchants/directory/_contact_masked.html"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REVEAL_CONTACTS)
@parts.part_of("merchant_page", "number")
def contact_reveal(request: HttpRequest, number: str, contact: str, field: str) -> HttpResponse:
    """This will ask for the reason (GET) and show the value (POST), never kept by a browser or a
    proxy. `?closed=1` is the mask again."""
    merchant = merchant_or_404(request, number)
    row = queries.contact_of(merchant=merchant, number=contact)
    if row is None or field not in ContactField.values:
        raise Http404
    prefix = f"{field}-{row.pk}"
    if request.method != "POST":
        if "closed" in request.GET:
            return _fragment(request, _MASKED, number, row, field)
        return _ask(request, number, row, field, RevealForm(prefix=prefix))
    form = RevealForm(request.POST, prefix=prefix)
    if not form.is_valid():
        return _ask(request, number, row, field, form, status=422)
    try:
        shown = operations.reveal_contact(
            contact=row, field=field, actor=staff_of(request), at=clock.now(), **form.cleaned_data
        )
    except operations.DirectoryRefused as refusal:
        form.add_error(None, str(refusal))
        return _ask(request, number, row, field, form, status=409)
    said: dict[str, Any] = {
        "value": shown.value,
        "used": shown.number_of_day,
        "allowed": shown.most,
    }
    return _fragment(
        request, "_parts/revealed.html", number, row, field, seconds=revealing.SHOWN_SECONDS, **said
    )


def _ask(
    request: HttpRequest,
    number: str,
    row: MerchantContact,
    field: str,
    form: RevealForm,
    status: int = 200,
) -> HttpResponse:
    used = queries.revealed_on(actor=staff_of(request), day=clock.today())
    more: dict[str, Any] = {"form": form, "used": used, "allowed": MOST_PER_DAY}
    return _fragment(request, "_parts/reveal_ask.html", number, row, field, status, **more)


def _fragment(
    request: HttpRequest,
    template: str,
    number: str,
    row: MerchantContact,
    field: str,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    cell = {
        "url": request.path,
        "number": number,
        "contact": row.number,
        "field": field,
        "label": ContactField(field).label,
        "shown": queries.masked(row, field),
        "may_reveal": True,
    }
    return render(request, template, {**cell, **context}, status=status)


@require_safe
@requires(Permission.VIEW_REVEALS)
def contact_reveal_list(request: HttpRequest) -> HttpResponse:
    """This will list who saw which value of which contact person in full, when and why."""
    rows = queries.reveals(scope=scope_of(staff_of(request)))
    context = {"page": tables.page_of(request, rows), "allowed": MOST_PER_DAY}
    return render(request, "merchants/directory/contact_reveal_list.html", context)
