"""The steps of a request, each by POST."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
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

View = Callable[..., HttpResponseBase]
_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}


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
    rights.NothingToStop: lambda _refusal: _(
        "This lead has no phone any more, so nobody can call it, and nothing is left to keep. "
        "Refuse the request: nothing is held about the person."
    ),
    rights.NotForErasure: lambda _refusal: _("This request does not ask for erasure."),
    rights.TooManyCopies: lambda _refusal: _(
        "This request has had as many copies as it may. Open a new request."
    ),
    rights.DayIsFull: str,
    rights.StandsAgainst: _against,
    ErasedCustomer: str,
}


def _words_of(refusal: Exception) -> str:
    return next(words(refusal) for kind, words in _REFUSALS.items() if isinstance(refusal, kind))


def _step(
    name: str,
    operation: Callable[..., object],
    form_of: Callable[[QueryDict, RightsRequest], Form],
) -> View:
    """The view of one step: what the form `name` holds goes to the operation, and what does not
    allow the step is said in words, the input kept."""

    @require_POST
    @requires(Permission.HANDLE_RIGHTS)
    def view(request: HttpRequest, number: str) -> HttpResponse:
        asked = load(request, number)
        form = form_of(request.POST, asked)
        if not form.is_valid():
            return show(asked, request, {f"{name}_form": form}, status=422)
        try:
            operation(
                request_id=asked.pk, actor=staff_of(request), at=clock.now(), **form.cleaned_data
            )
        except rights.NotCorrectable as bad:
            form.add_error("value", str(bad))
            return show(asked, request, {f"{name}_form": form}, status=422)
        except tuple(_REFUSALS) as refusal:
            messages.error(request, _words_of(refusal))
        else:
            messages.success(request, _("Done. The history keeps it."))
        return redirect("rights_page", number)

    view.__name__ = f"rights_{name}"
    return view


def _correct_form(given: QueryDict, asked: RightsRequest) -> Form:
    fields = rights.correctable_fields(holdings.persons_of(asked)[0])
    return CorrectForm(given, prefix="correct", fields=fields)


def _filled(form: type[Form], prefix: str) -> Callable[[QueryDict, RightsRequest], Form]:
    return lambda given, _asked: form(given, prefix=prefix)


rights_identity = _step("identity", rights.check_identity, _filled(IdentityForm, "identity"))
rights_correct = _step("correct", rights.correct, _correct_form)
rights_erase = _step("erase", rights.ask_erasure, _filled(Form, "erase"))
rights_again = _step("again", rights.ask_again, _filled(Form, "again"))
rights_object = _step("object", rights.stop_marketing, _filled(EndForm, "object"))
rights_finish = _step("finish", rights.finish_request, _filled(EndForm, "finish"))
rights_refuse = _step("refuse", rights.refuse_request, _filled(RefuseForm, "refuse"))


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
