"""Pages of the models of calls and of potential: their versions, what they may read, and what they
say of a call or a customer."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import formats
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from journeys.customers import queries as customers
from journeys.scoring import operations, queries
from journeys.scoring.enums import PhoneKind
from journeys.scoring.forms import CallForm, TraitsForm
from journeys.scoring.models import CallModel, DriftDay, PotentialModel
from journeys.scoring.rules import FACTORS, SPAN_DAYS
from journeys.scoring.rules.moved import LARGE, calibration_error
from journeys.scoring.rules.telling import FACTS
from portal.kit import clock, lines, parts
from portal.kit.fewest import FEWEST
from portal.staff.access import Scope, requires, scope_of, staff_of
from portal.staff.enums import Permission

_MONTHS, _ATTEMPTS = 12, 10


@require_safe
@requires(Permission.KEEP_MODELS)
def call_models(request: HttpRequest) -> HttpResponse:
    """This will show the versions of the model with their figures, how well chances were kept, how
    far calls have moved since, and what came of the calls."""
    staff = staff_of(request)
    choice = queries.choice_for(staff.branch)
    with_traits = choice is not None and choice.with_traits
    newest = queries.newest_model(with_traits=with_traits)
    context: dict[str, Any] = {
        "span": queries.span_of_calls(scope=Scope(branch_path="")),
        "branch": staff.branch,
        "choice": choice,
        "with_traits": with_traits,
        "newest": newest,
        "versions": queries.versions(),
        "groups": _groups(scope_of(staff)),
        "fewest": FEWEST,
        "looked_at": queries.LATEST,
    }
    if newest is not None:
        context |= _kept_of(newest, FACTS)
    return render(request, "journeys/scoring/call_models.html", context)


def _kept_of(version: CallModel | PotentialModel, names: Mapping[str, Any]) -> dict[str, Any]:
    """What was kept of a version: how well chances were kept, and how far things have moved since,
    day by day."""
    tenths = version.figures.get("tenths", [])
    day, course = queries.newest_day(version), queries.course_of(version)
    moved = day.moved if day is not None else []
    error = calibration_error(tenths)
    return {
        "picture": _picture(version),
        "tenths": [
            {"number": one["calls"], "foretold": 100 * one["foretold"], "came": 100 * one["came"]}
            for one in tenths
        ],
        "error": None if error is None else 100 * error,
        "day": day,
        "drift": [{"name": names[one.fact], "one": one} for one in moved],
        "course": [{"name": names[one.fact], "one": one} for one in reversed(course)],
        "course_picture": _course_picture(course),
    }


def _course_picture(course: Sequence[DriftDay]) -> SafeString | None:
    """The index of the fact that had moved farthest, day by day, under the limit."""
    if len(course) < 2:
        return None
    said = _("Farthest index of stability by day, from {first} to {last}: {values}").format(
        first=course[0].day, last=course[-1].day,
        values="; ".join(f"{one.index:.2f}" for one in course),
    )  # fmt: skip
    return lines.lines_svg(
        [
            lines.Line([LARGE] * len(course), is_dashed=True),
            lines.Line([one.index for one in course]),
        ],
        [f"{one.day:%m-%d}" for one in course],
        said=said,
    )


def _picture(version: CallModel | PotentialModel) -> SafeString | None:
    """What was foretold of each tenth of what was held out, and what came."""
    tenths = version.figures.get("tenths")
    if not tenths:
        return None
    said = _("Success by tenth, from the lowest chance up: {values}").format(
        values="; ".join(
            _("foretold {foretold} %, came {came} %").format(
                foretold=round(100 * one["foretold"]), came=round(100 * one["came"])
            )
            for one in tenths
        )
    )
    return lines.lines_svg(
        [
            lines.Line([100 * one["foretold"] for one in tenths], is_dashed=True),
            lines.Line([100 * one["came"] for one in tenths]),
        ],
        [str(place) for place in range(1, len(tenths) + 1)],
        said=said,
        highest=100,
    )


def _groups(scope: Scope) -> list[dict[str, Any]]:
    """Successes by attempts, kind of phone and month."""
    phones: dict[str, Any] = {**dict(PhoneKind.choices), "": _("not known")}
    by = {
        what: queries.success_by(what, scope=scope) for what in ("attempts", "channel", "month")
    }  # fmt: skip
    return [
        {
            "name": _("Success by calls in the campaign"), "of": _("Calls"),
            "rows": [(str(one.of), one.share) for one in by["attempts"][:_ATTEMPTS]],
        },
        {
            "name": _("Success by kind of phone"), "of": _("Kind of phone"),
            "rows": [(phones[one.of], one.share) for one in by["channel"]],
        },
        {
            "name": _("Success by month"), "of": _("Month"),
            "rows": [(_month(one.of), one.share) for one in by["month"][-_MONTHS:]],
        },
    ]  # fmt: skip


def _month(first: dt.date) -> str:
    return formats.date_format(first, "Y-m")


@require_POST
@requires(Permission.KEEP_MODELS)
def call_models_train(request: HttpRequest) -> HttpResponse:
    """This will ask for new versions."""
    try:
        operations.ask_for_training(actor=staff_of(request))
    except operations.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("Training was asked for; the new versions stand here in some minutes.")
        )
    return redirect("call_models")


@require_http_methods(["GET", "POST"])
@requires(Permission.KEEP_MODELS)
def call_traits(request: HttpRequest) -> HttpResponse:
    """This will say whether personal traits are read for the person's branch."""
    staff = staff_of(request)
    stands = "true" if queries.reads_traits(staff.branch) else "false"
    form = TraitsForm(request.POST or None, initial={"with_traits": stands})
    if form.is_valid():
        try:
            operations.choose_traits(
                branch=staff.branch, actor=staff, at=clock.now(), **form.cleaned_data
            )
        except operations.Refused as refusal:
            form.add_error("reason", str(refusal))
        else:
            messages.success(request, _("Set for {branch}.").format(branch=staff.branch.label))
            return redirect("call_models")
    context = {"form": form, "branch": staff.branch}
    return render(request, "journeys/scoring/call_traits.html", context)


@require_safe
@requires(Permission.KEEP_MODELS)
def call_score(request: HttpRequest) -> HttpResponse:
    """This will say what is foretold of a call, and why."""
    form = CallForm(request.GET if "attempts" in request.GET else None)
    score = None
    if form.is_valid():
        asked = queries.Asked(clock.today(), **form.cleaned_data)
        score = queries.score_call(asked, branch=staff_of(request).branch)
    return render(request, "journeys/scoring/call_score.html", {"form": form, "score": score})


@require_safe
@requires(Permission.KEEP_MODELS)
def potential_models(request: HttpRequest) -> HttpResponse:
    """This will show the versions of the model of potential with their figures, how well chances
    were kept, and how far customers have moved since."""
    newest = queries.newest_potential(with_traits=queries.reads_traits(staff_of(request).branch))
    context: dict[str, Any] = {
        "newest": newest, "versions": queries.potential_versions(), "days": SPAN_DAYS,
    }  # fmt: skip
    if newest is not None:
        context |= _kept_of(newest, {factor.code: factor.label for factor in FACTORS})
    return render(request, "journeys/scoring/potential_models.html", context)


@require_POST
@requires(Permission.KEEP_MODELS)
def potential_models_train(request: HttpRequest) -> HttpResponse:
    """This will ask for new versions of the model of potential."""
    try:
        operations.ask_for_potential(actor=staff_of(request))
    except operations.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("Training was asked for; the new versions stand here in some minutes.")
        )
    return redirect("potential_models")


@require_safe
@requires(Permission.VIEW_CUSTOMERS)
@parts.part_of("customer_page", "number")
def customer_promise(request: HttpRequest, number: str) -> HttpResponse:
    """This will give what the model of potential foretells of a customer, and why; nothing where no
    version is better than the scorecard. `?traits=off` leaves personal traits unread."""
    found = customers.one_customer(scope=scope_of(staff_of(request)), number=number)
    if found is None:
        raise Http404
    promise = queries.promise_of(
        customer_id=found.pk, branch=found.branch, on=clock.today(),
        with_traits=request.GET.get("traits") != "off",
    )  # fmt: skip
    context = {"promise": promise, "days": SPAN_DAYS}
    return render(request, "journeys/scoring/_promise.html", context)
