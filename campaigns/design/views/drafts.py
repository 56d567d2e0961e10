"""The list of drafts, and how one begins and ends."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaigns.design import operations, queries
from campaigns.design.forms import StartForm, WakingForm
from campaigns.design.models import Draft
from campaigns.design.rules import starts
from campaigns.design.views.shared import draft_of, revision_of
from campaigns.planning import queries as campaigns
from campaigns.planning.models import CampaignVersion
from campaigns.planning.rules import plans
from campaigns.submission import operations as submission
from journeys.cards import queries as cards
from portal.kit import clock
from portal.kit.tables import page_of
from portal.staff.access import requires, staff_of
from portal.staff.enums import Permission


@require_safe
@requires(Permission.EDIT_CAMPAIGNS)
def design_list(request: HttpRequest) -> HttpResponse:
    """This will list the drafts."""
    page = page_of(request, queries.drafts())
    return render(request, "campaigns/design/list.html", {"page": page})


@require_http_methods(["GET", "POST"])
@requires(Permission.EDIT_CAMPAIGNS)
def design_start(request: HttpRequest) -> HttpResponse:
    """This will ask what a new draft begins with, and begin it."""
    known = [(row.code, row.label) for row in campaigns.campaigns()]
    form = StartForm(request.POST or None, campaigns=known)
    if request.method == "POST" and form.is_valid():
        return redirect("design_basics", _begun(request, form).pk)
    return render(request, "campaigns/design/start.html", {"form": form})


def _begun(request: HttpRequest, form: StartForm) -> Draft:
    person, at = staff_of(request), clock.now()
    campaign = campaigns.find_campaign(form.cleaned_data["copy_of"])
    version = campaign and campaigns.latest_version(campaign)
    if version:
        return operations.copy_version(version=version, owner=person, at=at)
    content = starts.begun(
        form.cleaned_data["start"], on=clock.today(), templates=queries.templates(),
        products=[code for code, _label in queries.products()],
    )  # fmt: skip
    return operations.start_draft(content=content, owner=person, at=at)


@require_POST
@requires(Permission.EDIT_CAMPAIGNS)
def design_near(request: HttpRequest, code: str) -> HttpResponse:
    """This will begin a draft about those who are near the goal of a campaign, with its card
    products and days of issue, and go to its conditions."""
    campaign = campaigns.find_campaign(code)
    version = campaign and (
        campaigns.approved_version(campaign) or campaigns.latest_version(campaign)
    )
    if not version:
        raise Http404
    plan = plans.plan_of(version.content)
    content = starts.begun(
        "", on=clock.today(), templates=queries.templates(), products=plan.products
    ) | {
        "issued_from": plan.issued_from.isoformat(), "issued_to": plan.issued_to.isoformat(),
        "branches": list(plan.branches),
    }  # fmt: skip
    draft = operations.start_draft(
        content=starts.near(content, code), owner=staff_of(request), at=clock.now()
    )
    messages.info(request, _("Set how much may be missing, and how many days must be left."))
    return redirect("design_audience", draft.pk)


@require_POST
@requires(Permission.EDIT_CAMPAIGNS)
def design_waking(request: HttpRequest) -> HttpResponse:
    """This will begin a draft about cards that are about to fall asleep, after the months and
    within the days that the page of these cards names, and go to its conditions."""
    form = WakingForm(request.POST)
    if not form.is_valid():
        raise Http404
    content = starts.begun(
        "", on=clock.today(), templates=queries.templates(),
        products=[code for code, _label in queries.products()],
    )  # fmt: skip
    first = cards.first_issued() or clock.today()
    draft = operations.start_draft(
        content=starts.waking(content, first=first, **form.cleaned_data),
        owner=staff_of(request), at=clock.now(),
    )  # fmt: skip
    messages.info(
        request, _("Cards about to fall asleep are the audience; now say what wakes them.")
    )
    return redirect("design_audience", draft.pk)


@require_POST
@requires(Permission.EDIT_CAMPAIGNS)
def design_edit(request: HttpRequest, code: str) -> HttpResponse:
    """This will begin a draft from what runs of a campaign, or from the version that is named; the
    version itself stays."""
    campaign = campaigns.find_campaign(code)
    number = request.POST.get("version", "")
    version = campaign and (
        queries.version_numbered(campaign, number)
        if number
        else campaigns.approved_version(campaign) or campaigns.latest_version(campaign)
    )
    if not version:
        raise Http404
    draft = operations.edit_version(version=version, owner=staff_of(request), at=clock.now())
    return redirect("design_basics", draft.pk)


@require_POST
@requires(Permission.EDIT_CAMPAIGNS)
def design_discard(request: HttpRequest, draft_id: int) -> HttpResponse:
    """This will throw a draft away."""
    draft = draft_of(draft_id)
    try:
        operations.discard_draft(
            draft_id=draft.pk, revision=revision_of(request), actor=staff_of(request),
            at=clock.now(),
        )  # fmt: skip
    except operations.DraftChanged as changed:
        messages.error(request, str(changed))
        return redirect("design_review", draft.pk)
    messages.success(request, _("The draft was discarded."))
    return redirect("design_list")


@require_POST
@requires(Permission.EDIT_CAMPAIGNS)
def design_save(request: HttpRequest, draft_id: int) -> HttpResponse:
    """This will make a version of a draft; where the button says so, also start the dry run that
    its submission needs."""
    draft = draft_of(draft_id)
    try:
        version = operations.save_version(
            draft_id=draft.pk, revision=revision_of(request), actor=staff_of(request),
            at=clock.now(),
        )  # fmt: skip
    except operations.VersionAppeared as appeared:
        messages.warning(request, str(appeared))
        return redirect("design_newer", draft.pk)
    except (operations.DraftChanged, operations.CodeTaken, plans.PlanWrong) as refused:
        messages.error(request, str(refused))
        return redirect("design_review", draft.pk)
    messages.success(request, _("Saved as version {number}.").format(number=version.number))
    if "simulate" in request.POST:
        _simulate(request, version)
    return redirect("campaign_version", version.pk)


def _simulate(request: HttpRequest, version: CampaignVersion) -> None:
    """The dry run that a submission needs; the version's page shows when it is done."""
    submission.start_dry_run(version_id=version.pk, by=staff_of(request), at=clock.now())
    messages.success(request, _("A dry run has begun; when it is done, submit the version here."))
