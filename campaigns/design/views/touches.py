"""The touch plan of a draft: who enters, its steps as picture and list, and the page of each."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaigns.design import forms, operations, queries
from campaigns.design.enums import Step, Touch, Way
from campaigns.design.models import Draft
from campaigns.design.queries import touching as drafts
from campaigns.design.rules import spots, touching
from campaigns.design.views.shared import draft_of, keep, page
from portal.staff.access import requires
from portal.staff.enums import Permission


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_CAMPAIGNS)
def design_touches(request: HttpRequest, draft_id: int) -> HttpResponse:
    """This will ask who enters a touch plan and when people leave it, and list its steps. A button
    may begin it, add a step, copy, move or take one out; what was typed is kept all the same."""
    draft = draft_of(draft_id)
    plan = draft.content.get("touches")
    do, _sep, place = request.POST.get("do", "").partition(":")
    if not plan:
        return _without(request, draft, do)
    if do in (Touch.BEGIN, Touch.KNOWN):  # a second click, or somebody was faster
        return redirect("design_touches", draft.pk)
    form = forms.TouchesForm(request.POST or None, content=plan)
    status, stale = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            made, focus = touching.arranged(form.written(), do, place)
            try:
                keep(request, draft, _with_plan(draft, None if do == Touch.DROP else made))
                return _after(draft, do, place, focus)
            except operations.DraftChanged as changed:
                status, stale = 409, str(changed)
    return _page(request, draft, plan, status, form=form, stale=stale)


def _without(request: HttpRequest, draft: Draft, do: str) -> HttpResponse:
    """A draft that has no touch plan: how one begins."""
    known = drafts.known_case_of(draft)
    status, stale = 200, ""
    if request.method == "POST" and do not in (Touch.BEGIN, Touch.KNOWN):
        status = 409
        stale = _("Somebody took the touch plan out of this draft meanwhile. Nothing was kept.")
    elif request.method == "POST":
        status = 422
        if do == Touch.BEGIN or known.is_ready:
            made = known.plan if do == Touch.KNOWN else touching.begun()
            try:
                keep(request, draft, _with_plan(draft, made))
                return redirect("design_touches", draft.pk)
            except operations.DraftChanged as changed:
                status, stale = 409, str(changed)
    return page(draft, request, Step.TOUCHES, status, template="no_touches", known=known,
                stale=stale)  # fmt: skip


def _with_plan(draft: Draft, plan: dict[str, Any] | None) -> dict[str, Any]:
    rest = {name: value for name, value in draft.content.items() if name != "touches"}
    return rest | ({"touches": plan} if plan else {})


def _after(draft: Draft, do: str, place: str, focus: int | None) -> HttpResponse:
    """Where a person goes on after a button."""
    own = reverse("design_touches", args=[draft.pk])
    if do in (Touch.ADD, Touch.OPEN) and focus is not None:
        return redirect("design_touch", draft.pk, focus)
    if do == Touch.TREE:
        return redirect(_address_of_tree(draft, place))
    if do == Touch.ADD_EXIT:
        newest = len(touching.exits_of(draft_of(draft.pk).content["touches"])) - 1
        return redirect(_address_of_tree(draft, f"touches.exits.{newest}"))
    if not do:
        return redirect("design_texts", draft.pk)
    return redirect(own if focus is None else f"{own}?at={focus}")


def _address_of_tree(draft: Draft, where: str) -> str:
    """Where the conditions at a place are edited. Raises Http404."""
    try:
        spots.spot_of(where)
    except spots.SpotLost as lost:
        raise Http404 from lost
    return f"{reverse('design_audience', args=[draft.pk])}?{urlencode({'where': where})}"


def _page(
    request: HttpRequest, draft: Draft, plan: dict[str, Any], status: int, **more: Any
) -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        status = 200  # htmx puts nothing else in place, and the form says what is wrong
    lines = drafts.lines_of(plan)
    context = {
        "lines": lines, "picture": drafts.picture_of(plan, lines),
        "needs": queries.clause_of((plan.get("entry") or {}).get("needs")),
        "goal": queries.clause_of(plan.get("goal")),
        "exits": [(number, queries.clause_of(one))
                  for number, one in enumerate(touching.exits_of(plan))],
        "may_add": len(lines) < touching.MOST_STEPS,
        "may_end": len(touching.exits_of(plan)) < touching.MOST_EXITS,
        "at": touching.number_in(request.GET.get("at", "")), "inside": drafts.inside(draft),
    }  # fmt: skip
    return page(draft, request, Step.TOUCHES, status, **context, **more)


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_CAMPAIGNS)
def design_touch(request: HttpRequest, draft_id: int, number: int) -> HttpResponse:
    """This will ask what one step of the touch plan says, when and by which way. A button may say
    it in variants, or go on to its conditions; what was typed is kept all the same."""
    draft = draft_of(draft_id)
    plan = draft.content.get("touches") or {}
    steps = touching.steps_of(plan)
    if request.method == "POST" and "of" in request.POST:
        found = touching.place_of(steps, request.POST["of"], number)
        if found is None:
            messages.error(request, _taken_out())
            return redirect("design_touches", draft.pk)
        number = found
    if number >= len(steps):
        raise Http404
    step = steps[number]
    offered = drafts.text_choices(step.get("channels") or [])
    form = forms.TouchForm(request.POST or None, content=step, texts=offered)
    ways = [
        forms.VariantForm(_sent_of(request, one, f"variant{place}"), content=one,
                          prefix=f"variant{place}", texts=offered)
        for place, one in enumerate(touching.variants_of(step))
    ]  # fmt: skip
    status, stale = 200, ""
    if request.method == "POST":
        status = 422
        if all([form.is_valid(), *(one.is_valid() for one in ways if one.is_bound)]):
            do, _sep, place = request.POST.get("do", "").partition(":")
            made = _step_made(form, ways, do, place)
            steps[number] = made
            kept = _with_plan(draft, {**plan, "steps": steps})
            try:
                keep(request, draft, kept)
                return _after_step(draft, number, do, place)
            except operations.DraftChanged as changed:
                status, stale = 409, str(changed)
    return _step_page(request, draft, number, status, form=form, ways=ways, stale=stale)


def _taken_out() -> str:
    return _(
        "Somebody took this step out of the touch plan, or gave it another code, meanwhile. What "
        "you typed was not kept; this is the plan as it stands now."
    )


def _sent_of(request: HttpRequest, variant: dict[str, Any], prefix: str) -> Any:
    """What was typed about a variant; nothing where it was about another one, which somebody took
    out since, or where it was not there when the page was opened."""
    of = request.POST.get(f"{prefix}-of", variant.get("code") or "")
    is_its = of == (variant.get("code") or "") and f"{prefix}-code" in request.POST
    return request.POST if is_its else None


def _step_made(
    form: forms.TouchForm, ways: list[forms.VariantForm], do: str, place: str
) -> dict[str, Any]:
    made = form.written()
    if ways:
        made["variants"] = [one.written() if one.is_bound else one.content for one in ways]
    return touching.varied(made, do, place)


def _after_step(draft: Draft, number: int, do: str, place: str) -> HttpResponse:
    if do == Way.TREE:
        step = touching.steps_of(draft_of(draft.pk).content["touches"])[number]
        return redirect(_address_of_tree(draft, spots.where_of_step(step, number, place)))
    if do in Way.values:
        return redirect("design_touch", draft.pk, number)
    return redirect(f"{reverse('design_touches', args=[draft.pk])}?at={number}")


def _step_page(
    request: HttpRequest, draft: Draft, number: int, status: int, **more: Any
) -> HttpResponse:
    plan = draft.content["touches"]
    lines, step = drafts.lines_of(plan), touching.steps_of(plan)[number]
    channels = step.get("channels") or []
    codes = [one.get("template") for one in touching.variants_of(step)] or [step.get("template")]
    context = {
        "number": number, "line": lines[number], "raw": step,
        "picture": drafts.picture_of(plan, lines),
        "needs": queries.clause_of(step.get("needs")),
        "until": queries.clause_of((step.get("wait") or {}).get("until")),
        "wordings": [
            (code, drafts.wordings_of(code, channels)) for code in dict.fromkeys(codes) if code
        ],
        "stale_at": reverse("design_touch", args=[draft.pk, number]),
        "may_vary": len(touching.variants_of(step)) < touching.MOST_VARIANTS,
    }  # fmt: skip
    return page(draft, request, Step.TOUCHES, status, template="touch", **context, **more)
