"""The tree of conditions: that of the rule, and that of what a tier needs besides."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.conditions import forms as conditions
from campaigns.conditions.rules import kinds, tree
from campaigns.design import operations, queries
from campaigns.design.enums import Change, Step
from campaigns.design.models import Draft
from campaigns.design.queries import touching as drafts
from campaigns.design.rules import spots, touching, trees
from campaigns.design.views.shared import draft_of, keep, page, searched
from portal.kit import clock, parts
from portal.kit.funnel import funnel_svg
from portal.staff.access import requires
from portal.staff.enums import Permission

RULE = spots.RULE


def _spot(draft: Draft, where: str) -> spots.Spot:
    """The place of a tree, by its name in an address. Raises Http404."""
    try:
        return spots.found_in(draft.content, spots.spot_of(where))
    except spots.SpotLost as lost:
        raise Http404 from lost


def _tree_of(draft: Draft, where: str) -> trees.Raw:
    """The tree at a place. Raises Http404."""
    try:
        return spots.tree_at(draft.content, _spot(draft, where))
    except spots.SpotLost as lost:
        raise Http404 from lost


def _with_tree(draft: Draft, where: str, raw: trees.Raw) -> dict[str, Any]:
    return spots.with_tree(draft.content, _spot(draft, where), raw)


def _context(draft: Draft, where: str, focus: str = "", **more: Any) -> dict[str, Any]:
    spot = _spot(draft, where)
    return {
        "draft": draft, "where": where, "root": queries.shown(_tree_of(draft, where)),
        "focus": focus, "stale": "", "typed": None, "menu": conditions.menu(), "spot": spot,
        "seen": spots.seen_of(draft.content, spot), **more,
    }  # fmt: skip


def _where(draft: Draft, asked: Mapping[str, str]) -> tuple[str, bool]:
    """Where the conditions stand that the person saw, and whether they are there as he saw them."""
    where, seen = asked.get("where", RULE), asked.get("seen", "")
    if not seen:
        return where, True
    try:
        return spots.where_as_seen(draft.content, where, seen), True
    except spots.SpotLost:
        return where, False


@require_safe
@requires(Permission.EDIT_CAMPAIGNS)
def design_audience(request: HttpRequest, draft_id: int) -> HttpResponse:
    """This will show the conditions as a tree that can be changed."""
    draft = draft_of(draft_id)
    context = _context(draft, request.GET.get("where", RULE))
    del context["draft"]
    spot = context["spot"]
    step = Step.TOUCHES if spot.is_touch else Step.AUDIENCE
    return page(draft, request, step, template="audience", about=_about(draft, spot), **context)


def _about(draft: Draft, spot: spots.Spot) -> str:
    """What the conditions of a touch plan decide."""
    if not spot.is_touch:
        return ""
    if spot.number is None:
        said = {
            "goal": _("Whoever meets these conditions has reached the goal, and leaves."),
            "entry-needs": _("Whoever meets these conditions may enter, and nobody else."),
        }
        return said.get(spot.anchor, _("Whoever meets these conditions leaves the touch plan."))
    steps = touching.steps_of(draft.content["touches"])
    label = drafts.label_of(steps[spot.number], spot.number)
    said_of_step = (
        _("“{step}” waits until these conditions are met.")
        if spot.is_wait
        else _("“{step}” goes only to those who meet these conditions when it is due.")
    )
    return said_of_step.format(step=label)


def _changed(request: HttpRequest, draft: Draft, where: str, **more: Any) -> HttpResponse:
    """The tree as it stands now: as a part for htmx, else as the page."""
    if request.headers.get("HX-Request") != "true":
        return redirect(f"{reverse('design_audience', args=[draft.pk])}?where={where}")
    context = _context(draft_of(draft.pk), where, **more)
    response = render(request, "campaigns/design/_tree.html", context)
    response["HX-Trigger"] = "treeChanged"
    return response


@require_POST
@requires(Permission.EDIT_CAMPAIGNS)
def design_change(request: HttpRequest, draft_id: int) -> HttpResponse:
    """This will move, negate, group or remove a part of the tree."""
    draft = draft_of(draft_id)
    where, is_as_seen = _where(draft, request.POST)
    way, change = request.POST.get("way", ""), request.POST.get("change", "")
    if change not in Change.values:
        raise Http404
    if not is_as_seen:
        return _changed(request, draft, where, stale=_not_as_seen())
    try:
        raw, focus = trees.changed(_tree_of(draft, where), way, change)
        keep(request, draft, _with_tree(draft, where, raw))
    except (operations.DraftChanged, trees.WayLost) as changed:
        return _changed(request, draft, where, stale=str(changed) or _lost())
    return _changed(request, draft, where, focus=focus)


def _lost() -> str:
    return _("Somebody took this part out meanwhile. This is the tree as it stands now.")


def _not_as_seen() -> str:
    return _("Somebody changed these conditions meanwhile. This is how they stand now.")


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_CAMPAIGNS)
@parts.part_of("design_audience", "draft_id")
def design_condition(request: HttpRequest, draft_id: int) -> HttpResponse:
    """This will show the form of a condition, and put the condition into the tree: into the group
    at `way`, or, with `is_new` off, in the place of the one there."""
    draft = draft_of(draft_id)
    asked = request.POST if request.method == "POST" else request.GET
    (where, is_as_seen), way = _where(draft, asked), asked.get("way", "")
    is_new = asked.get("is_new") != "0"
    raw = _tree_of(draft, where)
    try:
        part = trees.find(raw, way if is_as_seen else "")
    except trees.WayLost:
        return _changed(request, draft, where, stale=_lost())
    kind = asked.get("kind", "") if is_new or not is_as_seen else str(part.get("kind"))
    if kind not in kinds.KINDS and not is_as_seen:
        return _in_place(_changed(request, draft, where, stale=_not_as_seen()))
    if kind not in kinds.KINDS:
        raise Http404
    form = _form(request, kind, None if is_new or not is_as_seen else part)
    context = {
        "draft": draft, "form": form, "where": where, "way": way, "kind": kind,
        "is_new": is_new, "stale": "", "title": kinds.KINDS[kind].title,
        "seen": spots.seen_of(draft.content, _spot(draft, where)),
    }  # fmt: skip
    if not is_as_seen:
        # What was typed is offered as one more: which one it was to replace, nobody knows any more.
        typed = context | {"is_new": True, "way": ""}
        return _in_place(_changed(request, draft, where, stale=_not_as_seen(), typed=typed))
    if request.method == "POST" and form.is_valid():
        data = form.condition().as_data()
        make = trees.added if is_new else trees.replaced
        try:
            keep(request, draft, _with_tree(draft, where, make(raw, way, data)))
        except operations.DraftChanged as changed:
            context["stale"] = str(changed)
        else:
            return _in_place(_changed(request, draft, where, focus=way))
    return render(request, "campaigns/design/_condition.html", context)


def _form(request: HttpRequest, kind: str, part: trees.Raw | None) -> conditions.ConditionForm:
    """The form of a kind of condition, filled in with the part that it is to replace."""
    now = tree.read_rule(part) if part is not None else None
    return conditions.form_for(
        kind, request.POST if request.method == "POST" else None, offered=queries.offered(),
        searched=searched(), initial=now.condition if isinstance(now, tree.Leaf) else None,
    )  # fmt: skip


def _in_place(response: HttpResponse) -> HttpResponse:
    """The whole tree in the place of the one that is shown, though a form in it was sent."""
    response["HX-Retarget"] = "#tree"
    response["HX-Reswap"] = "outerHTML"
    return response


@require_safe
@requires(Permission.EDIT_CAMPAIGNS)
@parts.part_of("design_audience", "draft_id")
def design_count(request: HttpRequest, draft_id: int) -> HttpResponse:
    """This will say a tree as a sentence and count whom it reaches, as a part of the page: that of
    a tier with the rule, which who reaches it meets too; that of a touch plan by itself, as of
    today."""
    draft, where = draft_of(draft_id), request.GET.get("where", RULE)
    raw, rule = _tree_of(draft, where), _tree_of(draft, RULE)
    spot = _spot(draft, where)
    counted = queries.count(
        draft, raw if spot.is_touch else rule, on=clock.today(), also=raw if spot.is_tier else None
    )
    context = {
        "draft": draft, "clause": queries.clause_of(raw), "spot": spot, "counted": counted,
        "has_frame": queries.frame_of(draft.content) is not None,
        "picture": counted and funnel_svg(counted.steps, title=_("Left after each condition")),
    }  # fmt: skip
    return render(request, "campaigns/design/_count.html", context)
