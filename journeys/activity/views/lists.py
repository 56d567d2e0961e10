"""Cards about to fall asleep, snapshots of other systems, and what proofs found."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from journeys.activity import queries
from journeys.activity.exports import sees_no_persons
from journeys.activity.forms import sleeping_filter
from portal.kit import clock, fewest, pictures, tables
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission


@requires(Permission.VIEW_CUSTOMERS)
def sleeping_list(request: HttpRequest) -> HttpResponse:
    """This will list the cards that will fall asleep unless they are used, the first ones first,
    and lead to a draft of a campaign about them."""
    staff, on = staff_of(request), clock.today()
    scope = scope_of(staff)
    form = sleeping_filter(request.GET, scope.branch_path)
    form.is_valid()
    limits = queries.limits_of(queries.sleep_rule_on(on))
    rows = queries.falling_asleep(asked=form.asked(scope), on=on, days=form.days, limits=limits)
    page = tables.page_of(request, rows)
    context = {
        "form": form, "page": page, "limits": limits, "days": form.days,
        "rows": [
            {"told": queries.drowsy(row, on=on, limits=limits),
             "is_reached": scope.reaches(row.card.customer.branch)}
            for row in page.rows
        ],
        "may_plan": staff.may(Permission.EDIT_CAMPAIGNS),
    }  # fmt: skip
    return render(request, "journeys/activity/sleeping_list.html", context)


@requires(Permission.VIEW_STAGES)
def activity_snapshots(request: HttpRequest) -> HttpResponse:
    """This will count the latest snapshot by months of inactivity and product."""
    staff = staff_of(request)
    scope, is_coarse = scope_of(staff), sees_no_persons(staff)
    day = queries.latest_day(scope=scope)
    rows = queries.by_inactivity(scope=scope, on=day) if day else []
    months = sorted({row.months for row in rows})
    products = sorted({row.product for row in rows})
    counted = {
        (row.product, row.months): fewest.coarse(row.customers) if is_coarse else row.customers
        for row in rows
    }
    context: dict[str, Any] = {"day": day, "is_coarse": is_coarse, "fewest": fewest.FEWEST}
    if rows:
        context["picture"] = pictures.bars(
            "inactive", _("Customers by months without a transaction"),
            [str(count) for count in months],
            [
                pictures.Series(product, [counted.get((product, count), 0) for count in months])
                for product in products
            ],
            is_stacked=True, over=_("Months inactive"),
        )  # fmt: skip
    return render(request, "journeys/activity/activity_snapshots.html", context)


@requires(Permission.VIEW_STAGES)
def activity_proofs(request: HttpRequest) -> HttpResponse:
    """This will list what proofs compared, and what differed."""
    staff = staff_of(request)
    page = tables.page_of(request, queries.proofs())
    # What differs is told by branch: by those who may see all of them.
    is_whole = not scope_of(staff).branch_path and not sees_no_persons(staff)
    context = {"page": page, "is_whole": is_whole}
    return render(request, "journeys/activity/activity_proofs.html", context)
