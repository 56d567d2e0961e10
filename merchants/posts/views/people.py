"""Staff at posts: qualifications and absences."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from merchants.posts import operations, queries
from merchants.posts.access import may_keep_person
from merchants.posts.forms import AbsenceForm, PeopleFilter, QualificationForm, ReasonForm
from merchants.posts.models import PostAbsence, StaffQualification
from merchants.posts.views.keeping import form_page
from portal.kit import clock, tables
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission
from portal.staff.models import Staff

_YEAR = dt.timedelta(days=364)


@requires(Permission.KEEP_QUALIFICATIONS)
def post_staff_list(request: HttpRequest) -> HttpResponse:
    """This will show who of the branch may stand at posts, and who lacks what."""
    staff, on = staff_of(request), clock.today()
    form = PeopleFilter(request.GET)
    form.is_valid()
    text = form.cleaned_data.get("text", "")
    page = tables.page_of(request, queries.people_of(scope=scope_of(staff), text=text))
    context = {
        "form": form,
        "page": page,
        "rows": [
            {"person": one, "may_keep": may_keep_person(staff, one.staff)}
            for one in queries.described(page.rows, on)
        ],
        "on": on,
        "withdraw_form": ReasonForm(auto_id=False),
    }
    return render(request, "merchants/posts/post_staff_list.html", context)


def _person(request: HttpRequest, username: str) -> Staff:
    scope = scope_of(staff_of(request))
    person = queries.one_person(scope=scope, username=username)
    if person is None:
        raise Http404
    if not may_keep_person(staff_of(request), person):
        raise PermissionDenied
    return person


@requires(Permission.KEEP_QUALIFICATIONS)
def qualification_new(request: HttpRequest, username: str) -> HttpResponse:
    """This will record that a person is qualified."""
    person, on = _person(request, username), clock.today()
    start = {
        "kind": request.GET.get("kind", ""), "first_date": on, "last_date": on + _YEAR,
    }  # fmt: skip
    form = QualificationForm(request.POST or None, initial=start)
    if form.is_valid():
        try:
            operations.record_qualification(
                staff=person, actor=staff_of(request), at=clock.now(), **form.cleaned_data
            )
        except operations.PostRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Kept."))
            return redirect("post_staff_list")
    return _form(request, form, person, _("New qualification"))


@requires(Permission.KEEP_QUALIFICATIONS)
def absence_new(request: HttpRequest, username: str) -> HttpResponse:
    """This will record that a person is not there; the shifts of these days are cancelled."""
    person, on = _person(request, username), clock.today()
    form = AbsenceForm(request.POST or None, initial={"first_date": on, "last_date": on})
    if form.is_valid():
        try:
            _row, cancelled = operations.record_absence(
                staff=person, actor=staff_of(request), at=clock.now(), **form.cleaned_data
            )
        except operations.PostRefused as refused:
            form.add_error(None, str(refused))
        else:
            told = _("Kept. Shifts that were cancelled: {count}.").format(count=cancelled)
            messages.success(request, told)
            return redirect("post_staff_list")
    lead = _("Shifts that are planned on these days are cancelled; the rota shows the gap.")
    return _form(request, form, person, _("New absence"), lead=lead)


def _form(
    request: HttpRequest, form: Any, person: Staff, title: str, lead: str = ""
) -> HttpResponse:
    back = reverse("post_staff_list")
    return form_page(form, request, title=title, of=person.label, back=back, lead=lead)


@require_POST
@requires(Permission.KEEP_QUALIFICATIONS)
def qualification_withdraw(request: HttpRequest, qualification_id: int) -> HttpResponse:
    """This will end a qualification from today on."""
    rows = StaffQualification.objects.select_related("staff")
    row = rows.filter(pk=qualification_id).first()
    if row is None:
        raise Http404
    _person(request, row.staff.username)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Say why it is withdrawn."))
        return redirect("post_staff_list")
    try:
        operations.withdraw_qualification(
            qualification_id=row.pk, why=form.cleaned_data["why"], on=clock.today(),
            actor=staff_of(request), at=clock.now(),
        )  # fmt: skip
        messages.success(request, _("Withdrawn from today on."))
    except operations.PostRefused as refused:
        messages.warning(request, str(refused))
    return redirect("post_staff_list")


@require_POST
@requires(Permission.KEEP_QUALIFICATIONS)
def absence_cancel(request: HttpRequest, absence_id: int) -> HttpResponse:
    """This will say that a person is there after all."""
    row = PostAbsence.objects.select_related("staff").filter(pk=absence_id).first()
    if row is None:
        raise Http404
    _person(request, row.staff.username)
    try:
        operations.cancel_absence(absence_id=row.pk, actor=staff_of(request), at=clock.now())
        messages.success(request, _("Cancelled. Plan the shifts anew."))
    except operations.PostRefused as refused:
        messages.warning(request, str(refused))
    return redirect("post_staff_list")
