"""Pages about who brought whom."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from journeys.referrals import operations, queries
from journeys.referrals.forms import ReferralFilter, ReferralForm, WithdrawForm
from portal.kit import clock, tables
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission


@require_safe
@requires(Permission.VIEW_CUSTOMERS)
def referral_list(request: HttpRequest) -> HttpResponse:
    """This will list who was brought among the customers of the person's scope."""
    form = ReferralFilter(request.GET)
    number = form.cleaned_data["customer"] if form.is_valid() else ""
    staff = staff_of(request)
    rows = queries.referrals(scope=scope_of(staff), number=number)
    context = {
        "form": form,
        "page": tables.page_of(request, rows),
        "may_record": staff.may(Permission.RECORD_REFERRALS),
        "may_withdraw": staff.may(Permission.WITHDRAW_REFERRALS),
    }
    return render(request, "journeys/referrals/referral_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.RECORD_REFERRALS)
def referral_new(request: HttpRequest) -> HttpResponse:
    """This will record who brought the applicant of an application of the person's branches."""
    form, staff = ReferralForm(request.POST or None), staff_of(request)
    if form.is_valid():
        try:
            row = operations.record_referral(
                **form.cleaned_data, scope=scope_of(staff), actor=staff, at=clock.now()
            )
        except operations.ReferralRefused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            text = _("Recorded: who brought the applicant of {number}.").format(number=row.number)
            messages.success(request, text)
            return redirect("referral_new")
    context = {
        "form": form,
        "title": _("Record a referral"),
        "lead": _("The applicant names the customer by whom the bank was recommended; it is "
                  "recorded once; who recorded it wrongly has it withdrawn."),
        "submit": _("Record"),
        "confirm": _("It cannot be changed afterwards, only withdrawn. Record it?"),
        "back": reverse(
            "referral_list" if staff.may(Permission.VIEW_CUSTOMERS) else "home"
        ),
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "journeys/contact/form_page.html", context, status=status)


@require_http_methods(["GET", "POST"])
@requires(Permission.WITHDRAW_REFERRALS)
def referral_withdraw(request: HttpRequest, referral_id: int) -> HttpResponse:
    """This will withdraw a referral that was recorded wrongly, with a reason."""
    staff = staff_of(request)
    row = queries.referrals(scope=scope_of(staff)).filter(pk=referral_id).first()
    if row is None:
        raise Http404
    form = WithdrawForm(request.POST or None)
    if form.is_valid():
        try:
            operations.withdraw_referral(
                referral_id=referral_id,
                reason=form.cleaned_data["reason"],
                scope=scope_of(staff),
                actor=staff,
                at=clock.now(),
            )
        except operations.ReferralRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Withdrawn. The right one can be recorded now."))
            return redirect("referral_list")
    context = {
        "form": form,
        "title": _("Withdraw a referral"),
        "lead": _(
            "Application {number}. It counts for nothing any more; what was granted for it and can "
            "be taken back is taken back."
        ).format(number=row.application.number),
        "submit": _("Withdraw"),
        "confirm": _("A withdrawn referral does not come back by itself. Withdraw it?"),
        "is_grave": True,
        "back": reverse("referral_list"),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "journeys/contact/form_page.html", context, status=status)
