"""The list of merchants, and the page of one."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from merchants.directory import access, queries
from merchants.directory.enums import ContactField
from merchants.directory.forms import MerchantFilter
from portal.kit import clock, tables
from portal.kit.registry import registry
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission


@requires(Permission.VIEW_MERCHANTS)
def merchant_list(request: HttpRequest) -> HttpResponse:
    """This will show the merchants of the person's scope; a filter that is wrong is left out."""
    staff = staff_of(request)
    scope = scope_of(staff)
    form = MerchantFilter(request.GET, scope=scope)
    form.is_valid()
    rows = queries.list_merchants(scope=scope, **form.asked(clock.today()))
    page = tables.page_of(request, rows)
    codes = [row.division_code for row in page.rows]
    context = {
        "form": form,
        "page": page,
        "rows": _with_places(page.rows, queries.full_names(codes=codes)),
        "is_filtered": any(form.cleaned_data.values()),
        "is_manager": staff.may(Permission.EDIT_MERCHANTS),
        "own_url": f"{reverse('merchant_list')}?manager={staff.username}",
        "may_assign": staff.may(Permission.ASSIGN_MERCHANTS),
        "may_import": staff.may(Permission.IMPORT_FILES),
    }
    return render(request, "merchants/directory/merchant_list.html", context)


def _with_places(rows: object, names: dict[str, str]) -> list[tuple[object, str]]:
    return [(row, names.get(row.division_code, "")) for row in rows]  # type: ignore[attr-defined]


@requires(Permission.VIEW_MERCHANTS)
def merchant_page(request: HttpRequest, number: str) -> HttpResponse:
    """This will show one merchant, and what other topics have to say of it; of one that was merged,
    the other."""
    staff = staff_of(request)
    merchant = queries.one_merchant(scope=scope_of(staff), number=number)
    if merchant is None:
        raise Http404
    if merchant.merged_into is not None:
        found = queries.one_merchant(scope=scope_of(staff), number=merchant.merged_into.number)
        if found is None:
            raise Http404
        messages.info(
            request,
            _("{number} was found to be this merchant and merged into it.").format(number=number),
        )
        return redirect("merchant_page", number=found.number)
    on = clock.today()
    card = queries.card_of(merchant=merchant, on=on)
    last = card.contract.last_date if card.contract else None
    context = {
        "merchant": merchant,
        "card": card,
        "on": on,
        "days_left": (last - on).days if last else None,
        "fields": [(field.value, field.label) for field in ContactField],
        "may_keep": access.may_keep(staff, merchant),
        "may_assign": access.may_assign(staff, merchant),
        "may_reveal": staff.may(Permission.REVEAL_CONTACTS),
        "parts": [
            reverse(part.url_name, args=[merchant.number])
            for part in registry.merchant_parts
            if staff.may(part.permission)
        ],
    }
    return render(request, "merchants/directory/merchant_page.html", context)
