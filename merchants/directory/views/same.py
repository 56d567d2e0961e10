"""Merchants that may be the same: the list of them, two side by side, and the way back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from merchants.directory import access, operations, queries
from merchants.directory.forms import MergeForm
from merchants.directory.models import Merchant
from merchants.directory.views.keeping import form_page, merchant_or_404
from portal.kit import clock
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission


@require_safe
@requires(Permission.ASSIGN_MERCHANTS)
def merchant_same_list(request: HttpRequest) -> HttpResponse:
    """This will list merchants of the person's branches that may be the same, and by which
    signs."""
    scope = scope_of(staff_of(request))
    context = {
        "groups": [
            (group, list(zip(group.merchants, group.beside, strict=True)))
            for group in queries.groups_of_same(scope=scope)
        ],
        "told_apart": queries.told_apart(scope=scope),
    }
    return render(request, "merchants/directory/same_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ASSIGN_MERCHANTS)
def merchant_merge(request: HttpRequest, number: str, other: str) -> HttpResponse:
    """This will show two merchants side by side, and merge the other into the one of `number`, or
    keep that they are two."""
    kept, merged = _mergeable(request, number), _mergeable(request, other)
    form = MergeForm(request.POST or None)
    if form.is_valid():
        try:
            return _decided(request, kept, merged, form.cleaned_data["reason"])
        except operations.DirectoryRefused as refusal:
            form.add_error(None, str(refusal))
    on = clock.today()
    context = {
        "form": form,
        "kept": kept,
        "merged": merged,
        "sides": [(one, queries.card_of(merchant=one, on=on)) for one in (kept, merged)],
        "told": queries.told_of(one=kept, other=merged),
        "signs": queries.signs_of(first=kept, second=merged),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "merchants/directory/merge.html", context, status=status)


def _decided(request: HttpRequest, kept: Merchant, merged: Merchant, reason: str) -> HttpResponse:
    given: dict[str, Any] = {"reason": reason, "actor": staff_of(request), "at": clock.now()}
    if "apart" in request.POST:
        operations.tell_apart(one=kept, other=merged, **given)
        messages.success(request, _("They are two, and are not shown for the same signs again."))
        return redirect("merchant_same_list")
    operations.merge_merchants(kept=kept, merged=merged, **given)
    messages.success(request, _("They are one merchant now. It can be undone here."))
    return redirect("merchant_page", number=kept.number)


def _mergeable(request: HttpRequest, number: str) -> Merchant:
    merchant = merchant_or_404(request, number)
    if not access.may_assign(staff_of(request), merchant):
        raise PermissionDenied
    return merchant


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ASSIGN_MERCHANTS)
def merchant_merge_undo(request: HttpRequest, merge_id: int) -> HttpResponse:
    """This will take two merchants apart that were merged."""
    merge = queries.last_merge_of(scope=scope_of(staff_of(request)), merge_id=merge_id)
    if merge is None:
        raise Http404
    form = MergeForm(request.POST or None)
    if form.is_valid():
        try:
            operations.undo_merge(
                merge=merge,
                reason=form.cleaned_data["reason"],
                actor=staff_of(request),
                at=clock.now(),
            )
        except operations.DirectoryRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("They are two merchants again."))
            return redirect("merchant_page", number=merge.kept.number)
    return form_page(
        merge.kept,
        request,
        form=form,
        title=_("Take apart what was merged"),
        lead=_("{number} becomes a merchant of its own again, with what it brought along.").format(
            number=merge.merged.number
        ),
        submit=_("Take apart"),
    )
