"""The steps that are forms."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.conditions import queries as conditions
from campaigns.conditions.enums import Source
from campaigns.design import forms, operations, queries
from campaigns.design.enums import Step
from campaigns.design.models import Draft
from campaigns.design.views.shared import draft_of, keep, page, searched
from campaigns.groups import queries as groups
from campaigns.wording import queries as words
from campaigns.wording.rules import check
from portal.kit import clock, parts
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission


def _answer(
    request: HttpRequest, draft: Draft, step: Step, form: forms.StepForm, after: Step
) -> HttpResponse:
    """What a step with one form does: keep it and go on, or show it with what is wrong."""
    status, stale = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                keep(request, draft, form.written(), form.cleaned_data.get("code"))
                return redirect(f"design_{after.value}", draft.pk)
            except operations.DraftChanged as changed:
                # Shown with the revision of now: what is sent again is kept.
                status, stale = 409, str(changed)
    return page(draft, request, step, status, form=form, stale=stale)


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_CAMPAIGNS)
def design_basics(request: HttpRequest, draft_id: int) -> HttpResponse:
    """This will ask what a campaign is called, for whom, when and by which way."""
    draft = draft_of(draft_id)
    offered = queries.offered()
    templates = sorted({*queries.templates(), draft.content.get("template") or ""} - {""})
    choices: dict[str, list[tuple[str, Any]]] = {
        "products": offered[Source.PRODUCTS],
        "stacks_with": [one for one in offered[Source.CAMPAIGNS] if one[0] != draft.code],
        "group": [("", _("None")), *groups.offered()],
        "template": [*forms.UNCHOSEN, *((code, code) for code in templates)],
    }
    form = forms.BasicsForm(
        request.POST or None, content=draft.content, offered=choices, code=draft.code,
        is_edit=draft.based_on_id is not None, searched=searched(),
    )  # fmt: skip
    return _answer(request, draft, Step.BASICS, form, Step.AUDIENCE)


@require_safe
@requires(Permission.EDIT_CAMPAIGNS)
@parts.part_of("design_list")
def design_choices(request: HttpRequest, source: str) -> HttpResponse:
    """This will find merchants, branches or divisions that can be chosen, as a part of a
    step."""
    if source not in conditions.SEARCHED:
        raise Http404
    text = request.GET.get("q", "")[:60]
    found = conditions.search(Source(source), text, scope=scope_of(staff_of(request)))
    context = {"found": found, "is_asked": text.strip() != ""}
    return render(request, "_parts/chooser_found.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_CAMPAIGNS)
def design_budget(request: HttpRequest, draft_id: int) -> HttpResponse:
    """This will ask what a campaign may cost, and who bears it."""
    draft = draft_of(draft_id)
    form = forms.BudgetForm(request.POST or None, content=draft.content, searched=searched())
    return _answer(request, draft, Step.BUDGET, form, Step.TOUCHES)


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_CAMPAIGNS)
def design_texts(request: HttpRequest, draft_id: int) -> HttpResponse:
    """This will ask for what must be published."""
    draft = draft_of(draft_id)
    form = forms.TextsForm(request.POST or None, content=draft.content)
    after = Step.TEXTS if request.POST.get("do") == "add" else Step.REVIEW
    return _answer(request, draft, Step.TEXTS, form, after)


@require_POST
@requires(Permission.EDIT_CAMPAIGNS)
@parts.part_of("design_texts", "draft_id")
def design_words(request: HttpRequest, draft_id: int) -> HttpResponse:
    """This will check the words that somebody types, as a part of the page."""
    draft_of(draft_id)
    form = forms.TextsForm(request.POST, content={})
    lexicon = words.lexicon(on=clock.today())
    found = [
        {"label": field.label, "anchor": field.id_for_label, "finding": finding}
        for field in form
        if isinstance(field.value(), str)
        for finding in check(field.value()[:1000], lexicon)
    ]
    return render(request, "campaigns/design/_words.html", {"found": found})


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_CAMPAIGNS)
def design_rewards(request: HttpRequest, draft_id: int) -> HttpResponse:
    """This will ask what is given: tiers, each with value, stock and needs. A button may add a
    tier, take one out or move it; what was typed is kept all the same."""
    draft = draft_of(draft_id)
    rewards = draft.content.get("rewards") or {}
    tiers: list[dict[str, Any]] = rewards.get("tiers") or []
    data = request.POST or None
    mode = forms.ModeForm(data, content=rewards)
    offered = queries.offered()
    found = [
        forms.TierForm(
            data, content=tier, prefix=f"tier{number}", offered=offered, searched=searched()
        )
        for number, tier in enumerate(tiers)
    ]
    status, stale = 200, ""
    if request.method == "POST":
        status = 422
        if all([mode.is_valid(), *(form.is_valid() for form in found)]):
            do, _colon, place = request.POST.get("do", "").partition(":")
            written = _arranged([form.written() for form in found], do, place)
            content = {**draft.content, "rewards": {**mode.written(), "tiers": written}}
            try:
                keep(request, draft, content)
                after = Step.REWARDS if do else Step.BUDGET
                return redirect(f"design_{after.value}", draft.pk)
            except operations.DraftChanged as changed:
                status, stale = 409, str(changed)
    lines = [
        (number, form, queries.clause_of(tiers[number].get("needs")))
        for number, form in enumerate(found)
    ]
    return page(draft, request, Step.REWARDS, status, mode=mode, lines=lines, stale=stale)


def _arranged(tiers: list[dict[str, Any]], do: str, place: str) -> list[dict[str, Any]]:
    number = int(place) if place.isascii() and place.isdecimal() and len(place) < 4 else len(tiers)
    if do == "add":
        code = next(
            name for name in (f"tier-{n}" for n in range(1, 100))
            if name not in {tier.get("code") for tier in tiers}
        )  # fmt: skip
        return [*tiers, {"code": code, "kind": "gift"}]
    if number >= len(tiers):
        return tiers
    if do == "remove":
        return tiers[:number] + tiers[number + 1 :]
    if do == "up" and number:
        tiers[number - 1], tiers[number] = tiers[number], tiers[number - 1]
    return tiers
