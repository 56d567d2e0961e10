"""The steps of a request, each by POST."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from journeys.contact.operations import ErasedCustomer
from journeys.rights import operations as rights
from journeys.rights.enums import Obstacle
from journeys.rights.forms import CopyOrder, CorrectForm, EndForm, IdentityForm, RefuseForm
from journeys.rights.models import RightsRequest
from journeys.rights.queries import holdings
from journeys.rights.views.pages import load, show
from portal.approvals.operations import AlreadyPending
from portal.kit import clock
from portal.staff.access import requires, staff_of
from portal.staff.enums import Permission

Step = Callable[[int, dict[str, Any]], object]
_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


def _take(request: HttpRequest, number: str, name: str, form: Form, step: Step) -> HttpResponse:
    """Take one step of a request; what does not allow it is said in words."""
    asked = load(request, number)
    if not form.is_valid():
        return show(asked, request, {f"{name}_form": form}, status=422)
    try:
        step(asked.pk, form.cleaned_data)
    except rights.NotCorrectable as bad:
        form.add_error("value", str(bad))
        return show(asked, request, {f"{name}_form": form}, status=422)
    except tuple(_REFUSALS) as refusal:
        messages.error(request, _words_of(refusal))
    else:
        messages.success(request, _("Done. The history keeps it."))
    return redirect("rights_page", number)


def _changed() -> str:
    return _("This request changed meanwhile. Look at its state again.")


def _against(refusal: rights.StandsAgainst) -> str:
    listed = "; ".join(
        f"{Obstacle(obstacle).label}: {number}" for obstacle, number in refusal.obstacles
    )
    return _("The data cannot be erased yet. {obstacles}.").format(obstacles=listed)


_REFUSALS: dict[type[Exception], Callable[[Any], str]] = {
    rights.NotInState: lambda _refusal: _changed(),
    AlreadyPending: lambda _refusal: _changed(),
    rights.IdentityMissing: lambda _refusal: _("Check the identity of the person first."),
    rights.WordsMissing: lambda _refusal: _("Write down what was done or said."),
    rights.SameValue: lambda _refusal: _("This is the value that is held already."),
    rights.NotACustomer: lambda _refusal: _(
        "A lead is in no ledger of contacts. Choose erasure instead."
    ),
    rights.NotForErasure: lambda _refusal: _("This request does not ask for erasure."),
    rights.TooManyCopies: lambda _refusal: _(
        "This request has had as many copies as it may. Open a new request."
    ),
    rights.StandsAgainst: _against,
    ErasedCustomer: str,
}


def _words_of(refusal: Exception) -> str:
    return next(words(refusal) for kind, words in _REFUSALS.items() if isinstance(refusal, kind))


@require_POST
@requires(Permission.HANDLE_RIGHTS)
def rights_identity(request: HttpRequest, number: str) -> HttpResponse:
    """This will record how the identity was checked."""

    def step(request_id: int, given: dict[str, Any]) -> object:
        return rights.check_identity(
            request_id=request_id, actor=staff_of(request), at=clock.now(), **given
        )

    return _take(request, number, "identity", IdentityForm(request.POST, prefix="identity"), step)


@require_POST
@never_cache
@requires(Permission.HANDLE_RIGHTS)
def rights_copy(request: HttpRequest, number: str) -> HttpResponse:
    """This will make the copy of the person's data and hand it out; no browser or proxy keeps it
    by itself."""
    asked, form = load(request, number), CopyOrder(request.POST, prefix="copy")
    if not form.is_valid():
        return show(asked, request, {"copy_form": form}, status=422)
    try:
        copy, handle = rights.make_copy(
            request_id=asked.pk,
            form=form.cleaned_data["form"],
            actor=staff_of(request),
            at=clock.now(),
        )
    except tuple(_REFUSALS) as refusal:
        messages.error(request, _words_of(refusal))
        return redirect("rights_page", number)
    name = f"{asked.number}-{copy.pk}.{copy.form}"
    answer: Any = FileResponse(
        handle, as_attachment=True, filename=name, content_type=_TYPES[copy.form]
    )
    return answer


@require_POST
@requires(Permission.HANDLE_RIGHTS)
def rights_correct(request: HttpRequest, number: str) -> HttpResponse:
    """This will correct one field."""
    fields = rights.correctable_fields(_person(load(request, number)))

    def step(request_id: int, given: dict[str, Any]) -> object:
        return rights.correct(
            request_id=request_id, actor=staff_of(request), at=clock.now(), **given
        )

    form = CorrectForm(request.POST, prefix="correct", fields=fields)
    return _take(request, number, "correct", form, step)


def _person(asked: RightsRequest) -> holdings.Person:
    return holdings.persons_of(asked)[0]


@require_POST
@requires(Permission.HANDLE_RIGHTS)
def rights_erase(request: HttpRequest, number: str) -> HttpResponse:
    """This will put the erasure before a second person."""

    def step(request_id: int, _given: dict[str, Any]) -> object:
        return rights.ask_erasure(request_id=request_id, maker=staff_of(request), at=clock.now())

    return _take(request, number, "erase", Form(request.POST), step)


@require_POST
@requires(Permission.HANDLE_RIGHTS)
def rights_again(request: HttpRequest, number: str) -> HttpResponse:
    """This will have a failed erasure, or the search for what is left, tried again."""

    def step(request_id: int, _given: dict[str, Any]) -> object:
        return rights.ask_again(request_id=request_id, actor=staff_of(request), at=clock.now())

    return _take(request, number, "again", Form(request.POST), step)


@require_POST
@requires(Permission.HANDLE_RIGHTS)
def rights_object(request: HttpRequest, number: str) -> HttpResponse:
    """This will stop marketing to the customer for good, and end the request."""

    def step(request_id: int, given: dict[str, Any]) -> object:
        return rights.stop_marketing(
            request_id=request_id, actor=staff_of(request), at=clock.now(), **given
        )

    return _take(request, number, "object", EndForm(request.POST, prefix="object"), step)


@require_POST
@requires(Permission.HANDLE_RIGHTS)
def rights_finish(request: HttpRequest, number: str) -> HttpResponse:
    """This will end a request that was fulfilled."""

    def step(request_id: int, given: dict[str, Any]) -> object:
        return rights.finish_request(
            request_id=request_id, actor=staff_of(request), at=clock.now(), **given
        )

    return _take(request, number, "finish", EndForm(request.POST, prefix="finish"), step)


@require_POST
@requires(Permission.HANDLE_RIGHTS)
def rights_refuse(request: HttpRequest, number: str) -> HttpResponse:
    """This will refuse a request on a ground of law."""

    def step(request_id: int, given: dict[str, Any]) -> object:
        return rights.refuse_request(
            request_id=request_id, actor=staff_of(request), at=clock.now(), **given
        )

    return _take(request, number, "refuse", RefuseForm(request.POST, prefix="refuse"), step)
