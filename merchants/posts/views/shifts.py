"""Shifts: planned on the rota, stood by the person on a phone."""

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
from merchants.posts.access import may_plan, stands_there
from merchants.posts.enums import Counted, Standing
from merchants.posts.forms import ReasonForm, ShiftForm
from merchants.posts.models import Shift
from merchants.posts.views.keeping import form_page, planned_or_refused
from portal.kit import clock, days
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

_BEFORE, _AHEAD = dt.timedelta(days=7), dt.timedelta(days=15)


@requires(Permission.EDIT_POSTS)
def shift_new(request: HttpRequest, number: str) -> HttpResponse:
    """This will plan a shift at a post; who is qualified and there depends on the day."""
    post = planned_or_refused(request, number)
    asked = (request.POST or request.GET).get("day", "")
    on = _day(asked) or max(post.first_date, clock.today())
    start = {"day": on, "starts": post.opens, "ends": post.closes}
    people = queries.who_may_stand(post=post, on=on)
    form = ShiftForm(request.POST or None, initial=start, people=people)
    if form.is_valid():
        given = form.cleaned_data
        try:
            shift = operations.plan_shift(
                post=post, staff=form.chosen, on=given["day"], starts=given["starts"],
                ends=given["ends"], seat=given["seat"], actor=staff_of(request), at=clock.now(),
            )  # fmt: skip
        except operations.PostRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Planned."))
            return redirect(f"{reverse('post_rota')}?week={shift.on_date:%Y-%m-%d}")
    lead = "" if people else _(
        "Nobody of the branch is qualified and there on this day. The branch manager records "
        "qualifications under Staff at posts."
    )  # fmt: skip
    return form_page(form, request, title=_("Plan a shift"), of=f"{post.label} · {post.hours}",
        back=f"{reverse('post_rota')}?week={on:%Y-%m-%d}", submit=_("Plan the shift"), lead=lead,
    )  # fmt: skip


def _day(text: str) -> dt.date | None:
    try:
        found = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return found if days.FIRST <= found <= days.LAST else None


def _shift_or_404(request: HttpRequest, shift_id: int) -> Shift:
    shift = queries.one_shift(scope=scope_of(staff_of(request)), shift_id=shift_id)
    if shift is None:
        raise Http404
    return shift


@requires(Permission.VIEW_MERCHANTS)
def shift_page(request: HttpRequest, shift_id: int) -> HttpResponse:
    """This will show a shift: who, where, when, and what came of it."""
    return _show(request, _shift_or_404(request, shift_id), ReasonForm())


def _show(request: HttpRequest, shift: Shift, form: ReasonForm, status: int = 200) -> HttpResponse:
    staff, at = staff_of(request), clock.now()
    against = queries.unfit([shift], at).get(shift.pk, "")
    context = {
        **_card(shift, at),
        "form": form,
        "against": operations.SENTENCES.get(against, ""),
        "is_own": stands_there(staff, shift),
        "may_cancel": may_plan(staff, shift.post) and shift.is_planned and shift.came is None,
    }
    return render(request, "merchants/posts/shift_page.html", context, status=status)


def _card(shift: Shift, at: dt.datetime) -> dict[str, Any]:
    counted, last = queries.totals_of(shift)
    labels = dict(Counted.choices)
    return {
        "shift": shift,
        "standing": shift.standing(at),
        "counts": [(kind, labels[kind], counted[kind]) for kind in Counted.values],
        "after": last,
        "tasks": list(shift.tasks.order_by("place")),
    }


@require_POST
@requires(Permission.EDIT_POSTS)
def shift_cancel(request: HttpRequest, shift_id: int) -> HttpResponse:
    """This will cancel a shift with a reason."""
    shift = _shift_or_404(request, shift_id)
    if not may_plan(staff_of(request), shift.post):
        raise PermissionDenied
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _show(request, shift, form, status=422)
    try:
        operations.cancel_shift(
            shift_id=shift.pk, why=form.cleaned_data["why"], actor=staff_of(request),
            at=clock.now(),
        )  # fmt: skip
    except operations.PostRefused as refused:
        form.add_error(None, str(refused))
        return _show(request, shift, form, status=422)
    messages.success(request, _("Cancelled. The rota shows the gap."))
    return redirect(f"{reverse('post_rota')}?week={shift.on_date:%Y-%m-%d}")


@requires(Permission.STAND_AT_POSTS)
def post_mine(request: HttpRequest) -> HttpResponse:
    """This will show a person's shifts: today's with all that is done there, those ahead, and those
    of last week."""
    staff, at = staff_of(request), clock.now()
    on = clock.bank_day(at)
    shifts = queries.mine(staff=staff, first=on - _BEFORE, end=on + _AHEAD)
    rule = queries.rule_on(on)
    early = dt.timedelta(minutes=rule.early_minutes if rule else 0)
    now = [one for one in shifts if one.is_planned and _is_now(one, on)]
    context = {
        "cards": [
            {**_card(one, at), "opens_at": one.starts_at - early,
             "may_check_in": _may_check_in(one, at, early), "is_there": _is_there(one)}
            for one in now
        ],
        "ahead": [one for one in shifts if one.on_date > on],
        "past": [(one, one.standing(at)) for one in reversed(shifts)
                 if one.on_date < on and one not in now],
        "rule": rule,
    }  # fmt: skip
    return render(request, "merchants/posts/post_mine.html", context)


def _is_now(shift: Shift, on: dt.date) -> bool:
    return shift.on_date == on or _is_there(shift)


def _is_there(shift: Shift) -> bool:
    return shift.came is not None and shift.came.out_at is None


def _may_check_in(shift: Shift, at: dt.datetime, early: dt.timedelta) -> bool:
    is_open = shift.standing(at) in {Standing.AHEAD, Standing.DUE}
    return is_open and shift.starts_at - early <= at < shift.ends_at


@require_POST
@requires(Permission.STAND_AT_POSTS)
def shift_step(request: HttpRequest, shift_id: int, step: str) -> HttpResponse:
    """This will check in or out ("in", "out"), count one more or less ("count"), or tick a task
    ("task")."""
    shift = Shift.objects.filter(pk=shift_id, staff=staff_of(request)).first()
    if shift is None or step not in _STEPS:
        raise Http404
    try:
        told = _STEPS[step](request, shift)
        if told:
            messages.success(request, told)
    except operations.PostRefused as refused:
        messages.warning(request, str(refused))
    return redirect("post_mine")


def _check_in(request: HttpRequest, shift: Shift) -> str:
    came = operations.check_in(shift_id=shift.pk, actor=staff_of(request), at=clock.now())
    if came.is_late:
        return _("Checked in, {minutes} minutes late.").format(minutes=came.minutes_late)
    return _("Checked in.")


def _check_out(request: HttpRequest, shift: Shift) -> str:
    operations.check_out(shift_id=shift.pk, actor=staff_of(request), at=clock.now())
    return _("Checked out. Thank you.")


def _count(request: HttpRequest, shift: Shift) -> str:
    kind, step = request.POST.get("kind", ""), request.POST.get("step", "")
    after = request.POST.get("after", "")
    if kind not in Counted.values or step not in {"1", "-1"} or not after.isdecimal():
        raise Http404
    operations.count_one(
        shift_id=shift.pk, kind=kind, step=int(step), after=int(after[:9]),
        actor=staff_of(request), at=clock.now(),
    )  # fmt: skip
    return ""


def _task(request: HttpRequest, shift: Shift) -> str:
    place = request.POST.get("place", "")
    if not place.isdecimal() or not shift.tasks.filter(place=int(place[:4])).exists():
        raise Http404
    operations.tick_task(
        shift_id=shift.pk, place=int(place[:4]), is_done=request.POST.get("done") == "1",
        actor=staff_of(request), at=clock.now(),
    )  # fmt: skip
    return ""


_STEPS = {"in": _check_in, "out": _check_out, "count": _count, "task": _task}
