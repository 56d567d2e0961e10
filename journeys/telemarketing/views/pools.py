"""The branch manager's pool: who has what and until when, assigning, taking back, the policy."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from journeys.telemarketing import operations, queries
from journeys.telemarketing.forms import AssignForm, PolicyForm, TakeBackForm
from portal.kit import clock
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import BranchLevel, Permission
from portal.staff.models import Staff

_HELD = 200


@requires(Permission.ASSIGN_LEADS)
def lead_pool(request: HttpRequest) -> HttpResponse:
    """This will show who of the branches has how many leads, what is in the pool, and the policy
    in force."""
    return _pool(request, None)


def _pool(request: HttpRequest, form: AssignForm | None) -> HttpResponse:
    staff, at = staff_of(request), clock.now()
    scope = scope_of(staff)
    people = queries.holders(scope=scope, at=at)
    context = {
        "people": people,
        "free": queries.told_free(scope=scope, at=at),
        "policy": queries.policy_of(branch_id=staff.branch_id, on=clock.bank_day(at)),
        "policies": list(queries.policies_of(branch_path=staff.branch.path)[:10]),
        "form": form or AssignForm(people=people),
        "on": clock.bank_day(at),
        "promises": queries.promises_of_day(scope=scope, at=at),
        "kept": queries.kept_share(scope=scope, at=at),
        "at": at,
    }
    status = 422 if form else 200
    return render(request, "journeys/telemarketing/lead_pool.html", context, status=status)


@require_POST
@requires(Permission.ASSIGN_LEADS)
def lead_assign(request: HttpRequest) -> HttpResponse:
    """This will share out leads of the pool among the people chosen."""
    staff, at = staff_of(request), clock.now()
    scope = scope_of(staff)
    form = AssignForm(request.POST, people=queries.holders(scope=scope, at=at))
    if not form.is_valid():
        return _pool(request, form)
    ids = queries.free_ids(scope=scope, at=at, most=form.cleaned_data["count"])
    if not ids:
        messages.warning(request, _("The pool has no lead that may be called now."))
        return redirect("lead_pool")
    try:
        made = operations.assign_leads(lead_ids=ids, takers=form.takers, actor=staff, at=at)
    except operations.LeadRefused as refused:
        messages.warning(request, str(refused))
    else:
        told = _("Assigned: {given} of {asked}. Each lead's page says why.")
        messages.success(request, told.format(given=made.given, asked=made.asked))
    return redirect("lead_pool")


@requires(Permission.ASSIGN_LEADS)
def lead_holder(request: HttpRequest, username: str) -> HttpResponse:
    """This will show the open leads of a person, to take them back or hand them over; with
    `?relief=` what is proposed is filled in already, to be confirmed."""
    person = _person(request, username)
    return _held(request, person, None)


def _held(request: HttpRequest, person: Staff, form: TakeBackForm | None) -> HttpResponse:
    rows = _leads_of(request, person)
    status = 422 if form else 200
    relief = None
    if form is None and "relief" in request.GET:
        scope = scope_of(staff_of(request))
        relief = queries.relief_of(person, rows, scope=scope, at=clock.now())
    form = form or _take_back_form(request, person, rows, relief=relief)
    # Asked for once more where the form came back: a lead that is gone by now has no row.
    boxes = {box.data["value"]: box for box in form["leads"]}
    context = {
        "person": person, "rows": rows, "form": form, "relief": relief,
        "choices": [(row, boxes.get(row.pk)) for row in rows],
        "is_asked": "relief" in request.GET,
    }  # fmt: skip
    return render(request, "journeys/telemarketing/lead_holder.html", context, status=status)


def _leads_of(request: HttpRequest, person: Staff) -> list[Any]:
    scope = scope_of(staff_of(request))
    return list(queries.own_leads(scope=scope, staff_id=person.pk, at=clock.now())[:_HELD])


def _take_back_form(
    request: HttpRequest,
    person: Staff,
    rows: list[Any],
    data: Any = None,
    relief: queries.Relief | None = None,
) -> TakeBackForm:
    scope = scope_of(staff_of(request))
    others = [one for one in queries.holders(scope=scope, at=clock.now()) if one.pk != person.pk]
    choices = [(row.pk, f"{row.shown_name} {row.number}") for row in rows]
    return TakeBackForm(data, leads=choices, people=others, relief=relief)


@require_POST
@requires(Permission.ASSIGN_LEADS)
def lead_take_back(request: HttpRequest, username: str) -> HttpResponse:
    """This will take back leads of a person: into the pool, or to others."""
    person, actor, at = _person(request, username), staff_of(request), clock.now()
    form = _take_back_form(request, person, _leads_of(request, person), request.POST)
    if not form.is_valid():
        return _held(request, person, form)
    ids, why, to = (form.cleaned_data[name] for name in ("leads", "why", "to"))
    try:
        if to:
            takers = [operations.Taker(staff_id) for staff_id in to]
            made = operations.hand_over_leads(
                lead_ids=ids, takers=takers, actor=actor, at=at, why=why
            )
            told = _("Handed over: {count}.").format(count=made.given)
        else:
            rows = operations.take_back_leads(lead_ids=ids, actor=actor, at=at, why=why)
            told = _("Taken back into the pool: {count}.").format(count=len(rows))
        messages.success(request, told)
    except operations.LeadRefused as refused:
        messages.warning(request, str(refused))
    return redirect("lead_holder", username=person.username)


def _person(request: HttpRequest, username: str) -> Staff:
    scope = scope_of(staff_of(request))
    person = queries.one_holder(scope=scope, username=username)
    if person is None:
        raise Http404
    return person


@requires(Permission.ASSIGN_LEADS)
def pool_policy(request: HttpRequest) -> HttpResponse:
    """This will set the policy of the own branch's pool; at the head office that of the whole
    bank."""
    staff, on = staff_of(request), clock.today()
    now = queries.policy_of(branch_id=staff.branch_id, on=on)
    names = operations.PolicyFacts.__dataclass_fields__
    start = {name: getattr(now, name) for name in names} if now else {}
    form = PolicyForm(request.POST or None, initial={**start, "effective_date": on})
    of_bank = staff.branch.level == BranchLevel.HEAD_OFFICE
    if form.is_valid():
        try:
            operations.set_pool_policy(
                branch_id=None if of_bank else staff.branch_id, facts=form.facts,
                effective_date=form.cleaned_data["effective_date"],
                source=form.cleaned_data["source"], actor=staff, at=clock.now(),
            )  # fmt: skip
        except operations.LeadRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Kept."))
            return redirect("lead_pool")
    context = {
        "form": form, "back": reverse("lead_pool"), "title": _("Policy of the pool"),
        "of": _("The whole bank") if of_bank else staff.branch.label,
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "journeys/telemarketing/pool_policy.html", context, status=status)
