"""Pages on which a merchant's facts, its manager and its partnership are kept."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from merchants.directory import access, operations, queries
from merchants.directory.enums import PartnerStep
from merchants.directory.forms import AssignForm, MerchantForm, PartnerForm
from merchants.directory.models import Merchant
from portal.kit import clock, parts
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

_FACTS = ("name", "name_en", "legal_name", "credit_code", "category_id", "division_code", "source")


def merchant_or_404(request: HttpRequest, number: str) -> Merchant:
    """This will return a merchant of the person's scope. Raises Http404."""
    merchant = queries.one_merchant(scope=scope_of(staff_of(request)), number=number)
    if merchant is None:
        raise Http404
    return merchant


def kept_or_refused(request: HttpRequest, number: str) -> Merchant:
    """This will return a merchant that the person keeps. Raises Http404, PermissionDenied."""
    merchant = merchant_or_404(request, number)
    if not access.may_keep(staff_of(request), merchant):
        raise PermissionDenied
    return merchant


def form_page(merchant: Merchant, request: HttpRequest, **context: Any) -> HttpResponse:
    """This will show a form about a merchant, with the way back."""
    shown = {"merchant": merchant, "back": reverse("merchant_page", args=[merchant.number])}
    status = 422 if request.method == "POST" else 200
    return render(
        request, "merchants/directory/form_page.html", {**shown, **context}, status=status
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_MERCHANTS)
def merchant_edit(request: HttpRequest, number: str) -> HttpResponse:
    """This will have its manager correct what is known of a merchant."""
    merchant = kept_or_refused(request, number)
    initial = {name: getattr(merchant, name) for name in _FACTS}
    form = MerchantForm(request.POST or None, initial=initial)
    if form.is_valid():
        facts = operations.MerchantFacts(**form.cleaned_data)
        try:
            operations.save_merchant(
                merchant=merchant, facts=facts, actor=staff_of(request), at=clock.now()
            )
        except operations.DirectoryRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Kept."))
            return redirect("merchant_page", number=number)
    return form_page(merchant, request, form=form, title=_("Facts of the merchant"))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ASSIGN_MERCHANTS)
def merchant_assign(request: HttpRequest, number: str) -> HttpResponse:
    """This will give a merchant to a relationship manager."""
    merchant = merchant_or_404(request, number)
    if not access.may_assign(staff_of(request), merchant):
        raise PermissionDenied
    initial = {"manager": merchant.manager.username if merchant.manager else ""}
    people = queries.managers_for(merchant=merchant)
    form = AssignForm(request.POST or None, initial=initial, people=people)
    if form.is_valid():
        try:
            operations.assign_manager(
                merchant=merchant, manager=form.chosen, reason=form.cleaned_data["reason"],
                actor=staff_of(request), at=clock.now(),
            )  # fmt: skip
        except operations.DirectoryRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Kept."))
            return redirect("merchant_page", number=number)
    return form_page(
        merchant,
        request,
        form=form,
        title=_("Relationship manager"),
        lead=_(
            "Offered are those of the merchant's branch and of the branches above it. An open "
            "partnership with the merchant goes along, and what is open in it."
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_MERCHANTS)
def merchant_partner(request: HttpRequest, number: str) -> HttpResponse:
    """This will ask a second person to admit a merchant as a partner, or to release it."""
    merchant = kept_or_refused(request, number)
    step = PartnerStep.RELEASE if merchant.is_partner else PartnerStep.ADMIT
    lacks = queries.lacks_for(merchant, step)
    form = PartnerForm(request.POST or None)
    if form.is_valid():
        try:
            operations.ask_partner(
                merchant=merchant,
                step=step,
                reason=form.cleaned_data["reason"],
                actor=staff_of(request),
                at=clock.now(),
            )
        except operations.DirectoryRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("An approver decides about it now."))
            return redirect("merchant_page", number=number)
    return form_page(
        merchant,
        request,
        form=form,
        title=step.label,
        lead=_("A second person decides; until then nothing changes."),
        lacks=lacks,
        submit=_("Submit for approval"),
    )


@require_safe
@requires(Permission.VIEW_MERCHANTS)
@parts.part_of("merchant_list")
def merchant_divisions(request: HttpRequest) -> HttpResponse:
    """This will offer the divisions that fit what was typed, as options of a list."""
    typed = [request.GET.get(name, "") for name in ("division_code", "division_id")]
    found = queries.find_divisions(text=next((text for text in typed if text), "")[:40])
    return render(request, "merchants/directory/_divisions.html", {"found": found.items()})
