"""A version that came while a draft was being written: what changed, what the author decides."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.design import operations, queries
from campaigns.design.views.shared import draft_of, revision_of
from portal.kit import clock
from portal.staff.access import requires, staff_of
from portal.staff.enums import Permission


@require_safe
@requires(Permission.EDIT_CAMPAIGNS)
def design_newer(request: HttpRequest, draft_id: int) -> HttpResponse:
    """This will show the versions that came since a draft was begun: what the newest changes, what
    the draft changes, and what both do."""
    draft = draft_of(draft_id)
    versions = queries.newer_versions(draft)
    newer = queries.newer_of(draft, versions[0]) if versions else None
    context = {"draft": draft, "versions": versions, "newer": newer}
    return render(request, "campaigns/design/newer.html", context)


@require_POST
@requires(Permission.EDIT_CAMPAIGNS)
def design_settle(request: HttpRequest, draft_id: int) -> HttpResponse:
    """This will let a draft go on from the newest version, or stay as it is, as its author decides;
    discarding it is a button of its own."""
    draft = draft_of(draft_id)
    newest = request.POST.get("newest", "")
    try:
        operations.settle_newer(
            draft_id=draft.pk,
            revision=revision_of(request),
            newest=int(newest)
            if newest.isascii() and newest.isdecimal() and len(newest) < 9
            else 0,
            is_rebased=request.POST.get("way") == "rebase",
            give_way={
                name.removeprefix("part:")
                for name, value in request.POST.items()
                if name.startswith("part:") and value == "theirs"
            },
            actor=staff_of(request),
            at=clock.now(),
        )
    except (operations.DraftChanged, operations.VersionAppeared) as refused:
        messages.error(request, str(refused))
        return redirect("design_newer", draft.pk)
    messages.success(request, _("Decided. Look at it once more, then save it."))
    return redirect("design_review", draft.pk)
