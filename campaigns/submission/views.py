"""What is done with a version on its way to approval: a dry run of it, and its submission."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.planning import operations as planning
from campaigns.planning import queries as plans
from campaigns.planning.models import CampaignVersion
from campaigns.submission import operations, queries
from portal.kit import clock
from portal.staff.access import requires, staff_of
from portal.staff.enums import Permission


def _version(version_id: int) -> CampaignVersion:
    try:
        return plans.version(version_id)
    except CampaignVersion.DoesNotExist as missing:
        raise Http404 from missing


@require_POST
@requires(Permission.EDIT_CAMPAIGNS)
def submit(request: HttpRequest, version_id: int) -> HttpResponse:
    """This will ask for a version's approval."""
    _version(version_id)
    try:
        operations.submit_version(version_id=version_id, maker=staff_of(request), at=clock.now())
    except (planning.VersionNotSubmittable, operations.NotReady) as refused:
        messages.error(request, str(refused))
    except operations.PlanNotFit as unfit:
        sentence = _("Not submitted: what has to be mended first: {count}. It is listed below.")
        messages.error(request, sentence.format(count=len(unfit.faults)))
    else:
        messages.success(request, _("Submitted; somebody else decides now."))
    return redirect("campaign_version", version_id)


@require_POST
@requires(Permission.RUN_CAMPAIGNS)
def dry_run(request: HttpRequest, version_id: int) -> HttpResponse:
    """This will start a dry run of a version as of today."""
    _version(version_id)
    run = operations.start_dry_run(version_id=version_id, by=staff_of(request), at=clock.now())
    return redirect("run_page", run.pk)


@require_safe
@requires(Permission.VIEW_CAMPAIGNS)
def breaking(request: HttpRequest) -> HttpResponse:
    """This will list the campaigns that may run and break a rule that changed since."""
    context = {"found": queries.breaking(on=clock.today())}
    return render(request, "campaigns/submission/breaking.html", context)
