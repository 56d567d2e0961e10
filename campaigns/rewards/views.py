"""The page of those who hold a reward twice, and what becomes of that."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from campaigns.rewards import operations, queries
from campaigns.rewards.forms import ReasonForm
from portal.kit import clock, money
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

_MOST = 100
_OF_GROUP = {"campaign": False, "group": True}


@require_safe
@requires(Permission.VIEW_CUSTOMERS)
def given_twice(request: HttpRequest) -> HttpResponse:
    """This will list the persons who hold two rewards of one campaign, or of one exclusive group,
    because a file made two customer numbers one person later."""
    staff = staff_of(request)
    found = queries.given_twice(scope=scope_of(staff), most=_MOST + 1)
    lines = [
        (
            one,
            [
                (held, queries.reward_of(held.grant), money.show(held.grant.amount))
                for held in one.held
            ],
        )
        for one in found[:_MOST]
    ]
    context = {
        "lines": [line for line in lines if line[0].looked is None],
        "looked": [line for line in lines if line[0].looked is not None],
        "has_more": len(found) > _MOST,
        "most": _MOST,
        "may_settle": staff.may(Permission.SETTLE_TWICE),
    }
    return render(request, "campaigns/rewards/twice.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.SETTLE_TWICE)
def twice_looked(request: HttpRequest, what: str, grant_id: int) -> HttpResponse:
    """This will note that a line of the list was looked at and stays as it is."""
    staff = staff_of(request)
    scope, of_group = scope_of(staff), _OF_GROUP.get(what)
    line = of_group is not None and queries.twice_of(grant_id, of_group=of_group, scope=scope)
    if not line:
        raise Http404
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            operations.look_at(
                grant_id=grant_id, of_group=line.of_group, reason=form.cleaned_data["reason"],
                scope=scope, actor=staff, at=clock.now(),
            )  # fmt: skip
        except operations.TwiceRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Noted. The line stands with those looked at."))
            return redirect("given_twice")
    return _form_page(
        request,
        form,
        title=_("Looked at"),
        lead=_("{name}: both rewards stay as they are.").format(
            name=line.known.grant.customer.shown_name
        ),
        note=_("When a further reward comes, or one goes, the line is shown as open again."),
        submit=_("Looked at"),
        confirm=_("It stays in the records and cannot be changed. Note it?"),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.SETTLE_TWICE)
def claw_back_new(request: HttpRequest, grant_id: int) -> HttpResponse:
    """This will put it before a second person that one of the rewards is claimed back."""
    staff = staff_of(request)
    scope = scope_of(staff)
    if not queries.can_be_claimed(grant_id, scope=scope):
        raise Http404
    grant = queries.reached_grant(grant_id, scope=scope)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            operations.ask_back(
                grant_id=grant_id, reason=form.cleaned_data["reason"], scope=scope, maker=staff,
                at=clock.now(),
            )  # fmt: skip
        except operations.TwiceRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            done = _("Asked for. It is claimed back once somebody else approves it.")
            messages.success(request, done)
            return redirect("given_twice")
    return _form_page(
        request,
        form,
        title=_("Claim back a reward"),
        lead=_("{number} · {campaign} · {reward} · {amount}").format(
            number=grant.customer.number, campaign=grant.campaign.label,
            reward=queries.reward_of(grant), amount=money.show(grant.amount),
        ),
        note=_(
            "Points are taken back and budget and stock are free again; what was used of a benefit"
            " stays used and is settled apart. Something that was handed over is for you to get."
        ),
        submit=_("Ask for approval"),
        confirm=_("Another person has to approve it. Ask for it?"),
    )  # fmt: skip


@require_safe
@requires(Permission.VIEW_APPROVALS)
def claw_back_page(request: HttpRequest, claw_back_id: int) -> HttpResponse:
    """This will show what was asked to be claimed back, and what became of it."""
    row = queries.claw_backs(scope=scope_of(staff_of(request))).filter(pk=claw_back_id).first()
    if row is None:
        raise Http404
    context = {
        "row": row,
        "reward": queries.reward_of(row.grant),
        "amount": money.show(row.grant.amount),
        "may_see": staff_of(request).may(Permission.VIEW_CUSTOMERS),
    }
    return render(request, "campaigns/rewards/claw_back.html", context)


def _form_page(request: HttpRequest, form: ReasonForm, **words: Any) -> HttpResponse:
    context = {"form": form, "back": reverse("given_twice"), **words}
    status = 422 if form.is_bound else 200
    return render(request, "campaigns/rewards/form.html", context, status=status)
