"""The page of active and sleeping cards, with its pictures."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from journeys.activity import queries
from journeys.activity.exports import COHORTS_SHOWN, sees_no_persons
from journeys.activity.forms import ActivityFilter, activity_filter
from journeys.activity.models import ActiveDefinition
from journeys.activity.rules import COHORT_DAYS, Ratio, is_mature, months_later
from journeys.cards import queries as cards
from portal.kit import fewest, pictures
from portal.staff import queries as staff_queries
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

Shown = Callable[[Ratio], Ratio]


@requires(Permission.VIEW_STAGES)
def activity_page(request: HttpRequest) -> HttpResponse:
    """This will show how many cards are in use and how many sleep, of the branches that the person
    may see; a filter that is wrong is left out."""
    staff = staff_of(request)
    scope = scope_of(staff)
    form = activity_filter(request.GET, scope.branch_path)
    form.is_valid()
    asked = form.asked(scope)
    shown: Shown = Ratio.coarse if sees_no_persons(staff) else _as_it_is
    standing = queries.standing(asked=asked)
    if standing and sees_no_persons(staff) and (asked.branch_path or asked.product):
        standing = replace(standing, forecasts=())  # of few cards it would tell of single ones
    context: dict[str, Any] = {
        "form": form, "standing": standing, "is_coarse": sees_no_persons(staff),
        "may_list": staff.may(Permission.VIEW_CUSTOMERS), "fewest": fewest.FEWEST,
    }  # fmt: skip
    if standing is not None:
        context |= _headline(form, asked, standing, shown)
        context |= _tables(form, asked, standing.day, scope.branch_path, shown)
        context["cohorts"] = _cohorts(asked, standing.day, shown)
    return render(request, "journeys/activity/activity_page.html", context)


def _as_it_is(ratio: Ratio) -> Ratio:
    return ratio


def _headline(
    form: ActivityFilter, asked: queries.Asked, standing: queries.Standing, shown: Shown
) -> dict[str, Any]:
    """The figures of the day with what they mean, and both lines."""
    day = standing.day
    first = months_later(day, -form.frame)
    used = queries.active_by_day(asked=asked, code=form.code, first=first, last=day)
    slept = queries.asleep_by_day(asked=asked, first=first, last=day)
    now = used.get(day)
    versions = queries.versions_of(form.code, ids={one.definition_id for one in used.values()})
    days = [first + dt.timedelta(days=n) for n in range(1, (day - first).days + 1)]
    return {
        "active": shown(now.ratio) if now else None,
        "asleep": shown(standing.ratio),
        "versions": versions,
        "definition": next((v for v in versions if now and v.pk == now.definition_id), None),
        "again": list(queries.counts_again(first=first, last=day)[:10]),
        "proof": queries.latest_proof(),
        "active_picture": _active_picture(
            days, {key: shown(one.ratio) for key, one in used.items()}, versions
        ),
        "asleep_picture": _asleep_picture(
            days, {key: shown(one) for key, one in slept.items()}, standing
        ),
    }  # fmt: skip


def _active_picture(
    days: Sequence[dt.date], used: dict[dt.date, Ratio], versions: Sequence[ActiveDefinition]
) -> pictures.Picture:
    named = ", ".join(str(one) for one in versions)
    return pictures.lines(
        "active", _("Active-card rate by day (%)"), [f"{day:%Y-%m-%d}" for day in days],
        [pictures.Series(_("Active-card rate"), [_percent(used.get(day)) for day in days])],
        said=_two, export="activity_days",
        note=_("Counted by: {versions}").format(versions=named) if named else "",
    )  # fmt: skip


def _asleep_picture(
    days: Sequence[dt.date], slept: dict[dt.date, Ratio], standing: queries.Standing
) -> pictures.Picture:
    """The share so far and the ceiling, then what is to be expected, with its interval."""
    ahead = [one for one in standing.forecasts if not one.is_blind]
    labels = [f"{day:%Y-%m-%d}" for day in days]
    labels += [f"{standing.day + dt.timedelta(days=one.days):%Y-%m-%d}" for one in ahead]
    so_far = [_percent(slept.get(day)) for day in days]
    nothing: list[float | None] = [None] * max(len(days) - 1, 0)
    now = so_far[-1:]
    series = [
        pictures.Series(_("Sleeping cards"), so_far + [None] * len(ahead)),
        pictures.Series(
            _("Forecast"), [*nothing, *now, *(round(one.percents[0], 4) for one in ahead)],
            lows=[*nothing, *now, *(round(one.percents[1], 4) for one in ahead)],
            highs=[*nothing, *now, *(round(one.percents[2], 4) for one in ahead)],
        ),
        pictures.Series(
            _("Ceiling"), [float(standing.limits.ceiling)] * len(labels), is_dashed=True
        ),
    ]  # fmt: skip
    return pictures.lines(
        "asleep", _("Sleeping cards by day (%)"), labels, series, said=_two,
        export="activity_days",
        note=_("The last places are the days of the forecast: 30, 60 and 90 days ahead.")
        if ahead else "",
    )  # fmt: skip


def _percent(ratio: Ratio | None) -> float | None:
    if ratio is None or ratio.percent is None:
        return None
    return round(float(ratio.percent), 4)


def _two(value: float) -> str:
    return f"{value:.2f}"


def _tables(
    form: ActivityFilter, asked: queries.Asked, day: dt.date, branch_path: str, shown: Shown
) -> dict[str, Any]:
    branches = staff_queries.branches_below(asked.branch_path or branch_path)
    by_branch = queries.by_branch(asked=asked, code=form.code, on=day, branches=branches)
    products = cards.own_products()
    by_product = queries.by_product(asked=asked, code=form.code, on=day, products=products)
    return {
        "by_branch": [_line(one, shown) for one in by_branch],
        "by_product": [_line(one, shown) for one in by_product],
    }


def _line(one: queries.Line, shown: Shown) -> dict[str, Any]:
    return {
        "label": one.label, "active": shown(one.active) if one.active else None,
        "asleep": shown(one.asleep), "due": [shown(Ratio(count, 0)).part for count in one.due],
    }  # fmt: skip


def _cohorts(asked: queries.Asked, day: dt.date, shown: Shown) -> pictures.Picture:
    """The share of each month's cards that was used in time, where all of them had the time."""
    rows = queries.cohorts(asked=asked, first=months_later(day.replace(day=1), -COHORTS_SHOWN))
    series = [
        pictures.Series(
            _("Used within {days} days").format(days=days),
            [
                _percent(shown(Ratio(row.used[place], row.cards)))
                if is_mature(row.month, days, day) else None
                for row in rows
            ],
        )
        for place, days in enumerate(COHORT_DAYS)
    ]  # fmt: skip
    return pictures.lines(
        "cohorts", _("Cards used after issue, by month of issue (%)"),
        [f"{row.month:%Y-%m}" for row in rows], series, over=_("Month of issue"), said=_two,
        export="activity_cohorts",
        note=_("A month appears once all its cards have had the days. A card is used by a purchase,"
               " also one that was refunded since."),
    )  # fmt: skip
