"""Taking out of use what callers are shown or say, from its own page."""

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from journeys.telemarketing import operations
from journeys.telemarketing.forms import WithdrawForm
from journeys.telemarketing.models.proposals import Proposal
from portal.kit import clock
from portal.staff.access import staff_of
from portal.staff.enums import Permission
from portal.staff.models import Staff

Row = TypeVar("Row", bound=Proposal)


def may_withdraw(row: Proposal, *, staff: Staff) -> bool:
    """This will tell whether somebody is offered to withdraw it: who writes such texts, and who
    withdraws any."""
    may = staff.may(Permission.EDIT_SCRIPTS) or staff.may(Permission.WITHDRAW_TEXTS)
    return row.is_approved and may


def withdraw(
    row: Row,
    *,
    request: HttpRequest,
    page: Callable[[HttpRequest, Row, WithdrawForm], HttpResponse],
    carry_out: Callable[..., Row],
    url_name: str,
) -> HttpResponse:
    """This will withdraw it at once by `carry_out`, and lead to its page; a form that is wrong is
    shown again by `page`."""
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return page(request, row, form)
    try:
        carry_out(reason=form.cleaned_data["reason"], actor=staff_of(request), at=clock.now())
    except operations.TextRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Withdrawn. Callers do not see it any more."))
    return redirect(url_name, row.pk)
