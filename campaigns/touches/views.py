"""Pages of touch plans: a plan with its counts, what becomes of those inside, and what each step
was answered for one customer."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campaigns.planning import queries as planning
from campaigns.planning.models import CampaignVersion
from campaigns.planning.rules import plans, touch_wording
from campaigns.touches import queries
from campaigns.touches.enums import Left
from campaigns.touches.forms import DayFilter
from journeys.customers import queries as customers
from portal.kit import clock, parts
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission


def _version(version_id: int) -> CampaignVersion:
    try:
        return planning.version(version_id)
    except CampaignVersion.DoesNotExist as missing:
        raise Http404 from missing


@require_safe
@requires(Permission.VIEW_CAMPAIGNS)
def touch_page(request: HttpRequest, version_id: int) -> HttpResponse:
    """This will show a version's touch plan: the steps with the counts at each, who entered and why
    not, who left, and of one day why who was told and who was not."""
    version = _version(version_id)
    plan = plans.plan_of(version.content)
    form = DayFilter(request.GET or None)
    day = form.cleaned_data.get("day") if form.is_valid() else None
    figures = queries.step_figures(version, with_variants=day is None)
    people = queries.people_of(version)
    context = {
        "version": version,
        "campaign": version.campaign,
        "touches": plan.touches,
        "form": form,
        "day": day,
        "figures": queries.step_figures(version, day=day) if day else figures,
        "picture": queries.picture(figures) if plan.touches else "",
        "inside": people.pop("inside", 0),
        "left": [(str(Left(why).label), count) for why, count in sorted(people.items())],
        "intakes": queries.intakes_of(version),
        "again": touch_wording.again(plan.touches) if plan.touches else "",
    }
    return render(request, "campaigns/touches/page.html", context)


@require_safe
@requires(Permission.VIEW_CAMPAIGNS)
@parts.part_of("campaign_version", "version_id")
def touch_part(request: HttpRequest, version_id: int) -> HttpResponse:
    """This will show the picture of a version's touch plan, and what becomes of those inside
    earlier versions if it comes in force, as a part of the campaign's page."""
    version = _version(version_id)
    plan = plans.plan_of(version.content)
    figures = queries.step_figures(version, with_variants=False) if plan.touches else []
    context = {
        "version": version,
        "touches": plan.touches,
        "picture": queries.picture(figures) if plan.touches else "",
        "inside": queries.people_of(version).get("inside", 0),
        "fates": queries.fates_of(queries.coming_of(version), on=clock.today()),
    }
    return render(request, "campaigns/touches/_part.html", context)


@require_safe
@requires(Permission.VIEW_CUSTOMERS)
@parts.part_of("customer_page", "number")
def customer_touches(request: HttpRequest, number: str) -> HttpResponse:
    """This will say of each step of a customer's touch plans what was answered and why, as a part
    of the customer's page."""
    staff = staff_of(request)
    customer = customers.one_customer(scope=scope_of(staff), number=number)
    if customer is None:
        raise Http404
    found = queries.stays_about(customer.pk) if staff.may(Permission.VIEW_CAMPAIGNS) else []
    context = {"stays": found, "customer": customer}
    return render(request, "campaigns/touches/_customer.html", context)
