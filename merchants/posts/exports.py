"""Posts as files: results, and shifts with who came."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from merchants.posts import queries
from merchants.posts.forms import MERCHANTS, ResultFilter, WeekFilter
from merchants.posts.models import Shift
from portal.kit import clock, filters
from portal.kit.registry import Exportable, Exported
from portal.staff.access import scope_of
from portal.staff.enums import Permission
from portal.staff.models import Staff

_WEEK = dt.timedelta(days=7)


def _words_of() -> Callable[[Mapping[str, str]], list[tuple[str, str]]]:
    form = ResultFilter({})
    return lambda asked: filters.in_words(form, asked)


def _results(staff: Staff, asked: QueryDict, on: dt.date) -> Exported:
    form = ResultFilter(asked)
    first, end, by = form.asked(on)
    read = queries.by_merchant if by == MERCHANTS else queries.by_post
    lines = read(scope=scope_of(staff), first=first, end=end, at=clock.start_of(on))
    return Exported(filters.in_force(form, span="90", by="posts"), _lines(lines))


def _lines(lines: Sequence[queries.Line]) -> Iterator[Sequence[Any]]:
    for line in lines:
        row, rate = line.result, line.result.applications
        yield (
            line.merchant.number, line.post.number if line.post else "", line.scenario_label,
            round(row.hours, 2), row.won.get("lead", 0), rate.count, row.won.get("activation", 0),
            row.active.count, _rounded(row.leads.rate), _rounded(rate.rate),
            _rounded(rate.low) if row.hours else None, _rounded(rate.high) if row.hours else None,
            _rounded(row.activations.rate), row.cost,
            round(row.cost_per_active, 2) if row.cost_per_active is not None else None,
        )  # fmt: skip


def _rounded(rate: float | None) -> float | None:
    return None if rate is None else round(rate, 3)


POST_RESULTS = Exportable(
    code="post_results",
    label=_("Results of posts"),
    permission=Permission.VIEW_MERCHANTS,
    list_url="post_results",
    columns=[
        (_("Merchant number"), 16), (_("Post"), 20), (_("Scenario"), 12), (_("Hours stood"), 10),
        (_("Leads"), 10), (_("Applications"), 12), (_("Activations"), 12), (_("Active cards"), 12),
        (_("Leads an hour"), 16), (_("Applications an hour"), 16), (_("at least"), 12),
        (_("at most"), 12), (_("Activations an hour"), 16), (_("Cost (CNY)"), 14),
        (_("Cost per active card (CNY)"), 20),
    ],
    read=_results,
    words_of=_words_of,
    is_about_customers=False,
)  # fmt: skip


def _shifts(staff: Staff, asked: QueryDict, on: dt.date) -> Exported:
    """The week that the rota shows, of the branch that it shows."""
    scope = scope_of(staff)
    form = WeekFilter(asked, branches=queries.branches_for(scope=scope))
    monday, branch = form.asked(on)
    rows = queries.within(scope=scope, first=monday, end=monday + _WEEK, branch=branch)
    given = {"week": str(monday)} | ({"branch": branch} if branch else {})
    return Exported(given, _stood(rows, clock.start_of(on)))


def _words_of_week() -> Callable[[Mapping[str, str]], list[tuple[str, str]]]:
    form = WeekFilter({}, branches=[])
    return lambda asked: filters.in_words(form, asked)


def _stood(rows: Any, at: dt.datetime) -> Iterator[Sequence[Any]]:
    for one in rows.iterator(chunk_size=500):
        yield _told(one, at)


def _told(one: Shift, at: dt.datetime) -> Sequence[Any]:
    came = one.came
    return (
        one.on_date, one.post.number, one.seat, one.staff.staff_number, one.hours,
        str(one.standing(at).label), _clock(came.in_at) if came else None,
        _clock(came.out_at) if came and came.out_at else None,
        came.minutes_late if came else None,
    )  # fmt: skip


def _clock(at: dt.datetime) -> str:
    return f"{timezone.localtime(at):%H:%M}"


POST_SHIFTS = Exportable(
    code="post_shifts",
    label=_("Shifts at posts"),
    permission=Permission.VIEW_MERCHANTS,
    list_url="post_rota",
    columns=[
        (_("Day"), 12), (_("Post"), 20), (_("Seat"), 8), (_("Staff number"), 14),
        (_("Planned"), 14), (_("State"), 16), (_("Checked in"), 12), (_("Checked out"), 12),
        (_("Minutes late"), 12),
    ],
    read=_shifts,
    words_of=_words_of_week,
    is_about_customers=False,
)  # fmt: skip
