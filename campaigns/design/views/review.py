"""The last step: what is to be mended, what customers will read, what an edit changes."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campaigns.design import queries
from campaigns.design.enums import Step
from campaigns.design.models import Draft
from campaigns.design.views.shared import draft_of, page
from campaigns.planning import queries as campaigns
from campaigns.planning.rules import files, plans
from portal.kit import clock, money, parts
from portal.staff.access import requires
from portal.staff.enums import Permission


@require_safe
@requires(Permission.EDIT_CAMPAIGNS)
def design_review(request: HttpRequest, draft_id: int) -> HttpResponse:
    """This will show what is to be mended, and the texts made from the draft."""
    draft = draft_of(draft_id)
    plan = queries.plan_of(draft)
    written = campaigns.written(plan) if plan else []
    return page(draft, request, Step.REVIEW, plan=plan, written=written)


@require_safe
@requires(Permission.EDIT_CAMPAIGNS)
def design_file(request: HttpRequest, draft_id: int) -> HttpResponse:
    """This will give a whole draft as a YAML file."""
    draft = draft_of(draft_id)
    plan = queries.plan_of(draft)
    if plan is None:
        raise Http404
    text = files.write_file(draft.code, plan.as_content())
    response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    name = draft.code or f"draft-{draft.pk}"
    response["Content-Disposition"] = f'attachment; filename="{name}.yaml"'
    return response


@require_safe
@requires(Permission.EDIT_CAMPAIGNS)
@parts.part_of("design_review", "draft_id")
def design_effect(request: HttpRequest, draft_id: int) -> HttpResponse:
    """This will show what an edit changes in words, and for everyone already inside, as a part of
    the page."""
    draft = draft_of(draft_id)
    if draft.based_on is None:
        raise Http404
    holders, amount, waiting, moved = queries.effect_of(draft, on=clock.today())
    context = {
        "draft": draft, "holders": holders, "amount": money.show(amount), "waiting": waiting,
        "moved": moved, "changes": _changes(draft),
    }  # fmt: skip
    return render(request, "campaigns/design/_effect.html", context)


def _changes(draft: Draft) -> list[tuple[str, str]]:
    """The lines that an edit takes out ("-") and puts in ("+"), in the reader's language."""
    new = queries.plan_of(draft)
    if new is None or draft.based_on is None:
        return []
    found = campaigns.changes_between(plans.plan_of(draft.based_on.content), new)
    return [
        (sign, f"{change.label}: {text}")
        for change in found
        for sign, texts in (("-", change.before), ("+", change.now))
        for text in texts
    ]
