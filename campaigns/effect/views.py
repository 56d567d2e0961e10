"""The pages of effects: all campaigns that are measured, one of them, and a partner's."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaigns.effect import queries
from campaigns.effect.enums import Measure
from campaigns.planning import queries as planning
from campaigns.planning.models import Campaign
from merchants.partnerships import queries as partnerships
from portal.kit import clock, fewest, parts, pictures, tables
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

ASKED = "campaign"
# Looks in the pictures and on the page.
_DRAWN, _SHOWN = 180, 12


@require_safe
@requires(Permission.VIEW_CAMPAIGNS)
def effect_list(request: HttpRequest) -> HttpResponse:
    """This will list the campaigns of which effects are counted, each with what is known; with
    `campaign` in the address it will show that one."""
    code = request.GET.get(ASKED, "")
    if code:
        campaign = planning.find_campaign(code)
        if campaign is None:
            raise Http404
        return _one(request, campaign)
    page = tables.page_of(request, queries.fixed())
    effects = queries.effects_of(page.rows)
    context = {
        "page": page,
        "lines": [effects[plan.campaign_id] for plan in page.rows],
        "rule": queries.rule_on(clock.today()),
    }
    return render(request, "campaigns/effect/effect_list.html", context)


def _one(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """What is known of one campaign: verdict, warnings, figures, pictures and looks."""
    effect = queries.effect_of(campaign.pk)
    context: dict[str, Any] = {"campaign": campaign, "effect": effect}
    if effect is None:
        context["rule"] = queries.rule_on(clock.today())
    else:
        context |= _told(effect)
    return render(request, "campaigns/effect/effect.html", context)


def _told(effect: queries.Effect) -> dict[str, Any]:
    campaign_id, terms = effect.plan.campaign_id, effect.plan.rule.terms
    shown = queries.first_shown(campaign_id)
    return {
        "warnings": queries.warnings_of(effect),
        "definition": queries.definition_of(effect.plan),
        "sentences": queries.sentences_of(effect),
        "measures": [
            queries.row_of(measure, told, terms, first=shown.get(measure))
            for measure, told in effect.measures.items()
        ],
        "before": [queries.row_of(one, told, terms) for one, told in effect.before.items()],
        "cost": queries.amount(float(effect.cost)),
        "looks": list(queries.looks_of(campaign_id)[:_SHOWN]),
        "pictures": [_picture(campaign_id, one) for one in Measure if one != Measure.CAPPED],
    }


def _picture(campaign_id: int, measure: Measure) -> pictures.Picture:
    """The lift at each look with the band that holds at all of them."""
    looks = queries.series_of(campaign_id, measure, _DRAWN)
    scale = 100 if measure.is_share else 1
    titles = {
        Measure.CONVERSION: _("Lift of conversion over time (points)"),
        Measure.ACTIVATION: _("Lift of cards in use over time (points)"),
        Measure.SPENDING: _("Lift of spending over time (CNY for each person)"),
    }
    lift = pictures.Series(
        _("Lift"), [round(scale * one.by, 3) for one in looks],
        lows=[round(scale * one.low, 3) for one in looks],
        highs=[round(scale * one.high, 3) for one in looks],
    )  # fmt: skip
    none = pictures.Series(_("No effect"), [0.0] * len(looks), is_dashed=True)
    return pictures.lines(
        f"effect-{measure}", titles[measure], [f"{one.on_date:%Y-%m-%d}" for one in looks],
        [lift, none], said=lambda value: f"{value:+.2f}", export="campaign_effects",
        note=_("The band holds at every look at once: where it leaves the line of no effect, chance"
               " is ruled out."),
    )  # fmt: skip


@requires(Permission.VIEW_MERCHANTS)
@parts.part_of("partnership_page", "partnership_id")
def partnership_effects(request: HttpRequest, partnership_id: int) -> HttpResponse:
    """This will show what joint campaigns with a partner did to conversion and to cards in use, for
    the review of the partnership: counts in fives, nothing of few people."""
    staff = staff_of(request)
    row = partnerships.one_partnership(scope=scope_of(staff), partnership_id=partnership_id)
    if row is None:
        raise Http404
    found = queries.effects_at(row.merchant_id)
    context = {
        "rows": [
            {
                "campaign": one.plan.campaign,
                "reached": fewest.coarse(one.sums.reached.people),
                "held": fewest.coarse(one.sums.held.people),
                "sentences": queries.sentences_for_partner(one),
            }
            for one in found
        ],
        "may_see_campaigns": staff.may(Permission.VIEW_CAMPAIGNS),
    }
    return render(request, "campaigns/effect/_partnership.html", context)
