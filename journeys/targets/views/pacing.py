"""How far a branch is with its targets, and how far oneself is."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from journeys.targets import queries
from journeys.targets.forms import PaceFilter
from portal.kit import clock, pictures
from portal.staff import queries as staff_queries
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

P = Permission


def branch_asked(request: HttpRequest) -> tuple[Any, list[Any]]:
    """This will return the branch that an address names, the person's own at first, and all that
    may be chosen."""
    staff = staff_of(request)
    branches = staff_queries.branches_below(scope_of(staff).branch_path)
    asked = request.GET.get("branch", "")
    for branch in branches:
        if str(branch.pk) == asked:
            return branch, branches
    own = next((one for one in branches if one.pk == staff.branch_id), staff.branch)
    return own, branches


@requires(P.VIEW_TARGETS)
def target_pace(request: HttpRequest) -> HttpResponse:
    """This will show how far a branch is with each of its targets, one of them as a picture with
    its parts."""
    staff, on = staff_of(request), clock.today()
    branch, branches = branch_asked(request)
    found = queries.standings_of(queries.branch_nodes(branch, on=on), on=on)
    asked = request.GET.get("target", "")
    chosen = next((one for one in found if str(one.node.pk) == asked), found[0] if found else None)
    form = PaceFilter(
        {"branch": branch.pk, "target": chosen.node.pk if chosen else ""},
        branches=[(one.pk, one.label) for one in branches],
        targets=[(one.node.pk, title_of(one)) for one in found],
    )  # fmt: skip
    form.is_valid()
    context: dict[str, Any] = {
        "form": form, "branch": branch, "standings": found, "on": on, "chosen": chosen,
        "may_plan": staff.may(P.EDIT_TARGETS),
    }  # fmt: skip
    if chosen is not None:
        has_people = staff.may(P.VIEW_SCORECARDS)
        parts = queries.parts_of(chosen.node, has_people=has_people)
        node = chosen.node
        is_given = node.parent_id is not None and node.branch_id == staff.branch_id
        context |= {
            "may_derive": is_given and staff.may(P.EDIT_TARGETS),
            "picture": picture_of(chosen),
            "parts": queries.standings_of(parts, on=on),
        }
    return render(request, "journeys/targets/target_pace.html", context)


@requires(P.SEE_OWN_PAY)
def target_mine(request: HttpRequest) -> HttpResponse:
    """This will show a person how far the own targets are, and what the scorecard in force pays for
    this month and the one before, as the tables tell it now."""
    staff, on = staff_of(request), clock.today()
    month = on.replace(day=1)
    before = (month - dt.timedelta(days=1)).replace(day=1)
    card = queries.in_force([staff.branch], month).get(staff.branch_id)
    paid = queries.pay_of(card, [staff], first=before, months=2)[0].months if card else {}
    context = {
        "on": on,
        "standings": queries.standings_of(queries.person_nodes(staff, on=on), on=on),
        "card": card,
        "months": [
            (
                day, pay,
                [queries.in_words(one, point_value=card.point_value) for one in pay.lines]
                if card else [],
            )
            for day, pay in sorted(paid.items(), reverse=True)
        ],
        "closed": list(queries.months_of(staff)[:12]),
    }  # fmt: skip
    return render(request, "journeys/targets/target_mine.html", context)


def title_of(one: queries.Standing) -> str:
    """This will name a target: measure, product and period."""
    plan = one.node.plan
    product = f" · {plan.product.label}" if plan.product else ""
    return f"{plan.measure_name}{product} · {plan.get_period_display()} {plan.first_date:%Y-%m}"


def picture_of(one: queries.Standing) -> pictures.Picture:
    """This will draw what was reached beside what should have been: day by day where it adds up,
    by month for a rate."""
    title = f"{one.node.label}: {title_of(one)}"
    if one.measure.is_additive:
        labels = [f"{day.day:%m-%d}" for day in one.days]
        aimed = [float(day.aimed) for day in one.days]
        actual = [None if day.actual is None else float(day.actual) for day in one.days]
        note = _("The target of each month is spread evenly over its workdays.")
    else:
        months = sorted(one.node.values)
        labels = [f"{month:%Y-%m}" for month in months]
        aimed = [float(one.node.values[month]) for month in months]
        told = [one.months[month].value for month in months]
        actual = [None if value is None else float(value) for value in told]
        note = _("A rate is told by month: of months without any case nothing is known.")
    series = [
        pictures.Series(_("Reached so far"), actual),
        pictures.Series(_("Target"), aimed, is_dashed=True),
    ]
    return pictures.lines("target-pace", title, labels, series, export="target_pace", note=note)
