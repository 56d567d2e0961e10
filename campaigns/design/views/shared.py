"""What all pages of the editor share."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.conditions import queries as conditions
from campaigns.conditions.enums import Source
from campaigns.design import operations, queries
from campaigns.design.enums import Step
from campaigns.design.models import Draft
from portal.kit import clock
from portal.staff.access import staff_of


def draft_of(draft_id: int) -> Draft:
    """This will find a draft. Raises Http404."""
    draft = queries.find_draft(draft_id)
    if draft is None:
        raise Http404
    return draft


def revision_of(request: HttpRequest) -> int:
    """This will read at which revision the draft was seen; 0 is none."""
    raw = request.POST.get("revision", "")
    return int(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 9 else 0


def keep(
    request: HttpRequest, draft: Draft, content: dict[str, Any], code: str | None = None
) -> Draft:
    """This will keep a change as the person of the request. Raises operations.DraftChanged."""
    return operations.keep(
        draft_id=draft.pk, revision=revision_of(request), content=content, code=code,
        actor=staff_of(request), at=clock.now(),
    )  # fmt: skip


def searched() -> dict[Source, str]:
    """This will return the addresses that answer searches, by the table searched in."""
    return {
        source: reverse("design_choices", args=[source.value]) for source in conditions.SEARCHED
    }


def page(
    draft: Draft, request: HttpRequest, step: Step, status: int = 200, template: str = "",
    **more: Any,
) -> HttpResponse:  # fmt: skip
    """This will show a step with the rail of all steps, by its own template unless another is
    named."""
    faults = queries.faults_of(draft, on=clock.today())
    open_steps = {fault.place.step for fault in faults if fault.is_block}
    rail = [
        {
            "number": number, "label": one.label, "url_name": f"design_{one.value}",
            "is_here": one == step, "is_done": one not in open_steps and one != Step.REVIEW,
        }
        for number, one in enumerate(Step, start=1)
    ]  # fmt: skip
    order = list(Step)
    place = order.index(step)
    context = {
        "draft": draft, "rail": rail, "faults": faults, "step": step,
        "blocks": sum(fault.is_block for fault in faults),
        "here": [fault for fault in faults if fault.place.step == step],
        "before": f"design_{order[place - 1].value}" if place else "",
        "after": f"design_{order[place + 1].value}" if place + 1 < len(order) else "",
        "done": _("Complete"), "newer": queries.newer_versions(draft),
    }  # fmt: skip
    name = f"campaigns/design/{template or step.value}.html"
    return render(request, name, context | more, status=status)
