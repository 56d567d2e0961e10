"""Pages of the merchant directory."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from merchants.directory import queries
from merchants.directory.forms import MerchantFilter
from portal.kit import tables
from portal.kit.registry import registry
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission


@requires(Permission.VIEW_MERCHANTS)
def merchant_list(request: HttpRequest) -> HttpResponse:
    """This will show the merchants of the person's scope; a filter that is wrong is left out."""
    form = MerchantFilter(request.GET)
    form.is_valid()
    rows = queries.list_merchants(
        scope=scope_of(staff_of(request)),
        text=form.cleaned_data.get("text", ""),
        scenario=form.cleaned_data.get("scenario", ""),
        partners_only=form.cleaned_data.get("partners", False),
    )
    context = {"form": form, "page": tables.page_of(request, rows)}
    return render(request, "merchants/directory/merchant_list.html", context)


@requires(Permission.VIEW_MERCHANTS)
def merchant_page(request: HttpRequest, number: str) -> HttpResponse:
    """This will show one merchant, and what higher apps have to say of it."""
    staff = staff_of(request)
    merchant = queries.one_merchant(scope=scope_of(staff), number=number)
    if merchant is None:
        raise Http404
    parts = [
        reverse(part.url_name, args=[merchant.number])
        for part in registry.merchant_parts
        if staff.may(part.permission)
    ]
    context = {"merchant": merchant, "parts": parts}
    return render(request, "merchants/directory/merchant_page.html", context)
