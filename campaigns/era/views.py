"""The page on which branches stand side by side, each in its era."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from campaigns.era import queries, rules
from campaigns.era.models import EraRule
from portal.kit import clock, lines, tables
from portal.staff.access import requires, scope_of, staff_of
from portal.staff.enums import Permission

_AT_ONCE = 12


@requires(Permission.VIEW_CAMPAIGNS)
def era_list(request: HttpRequest) -> HttpResponse:
    """This will show the era of each branch that the person may see, with its shares by month, what
    they count, and why it stands there."""
    on = clock.today()
    rule = queries.rule_on(on)
    context: dict[str, Any] = {"rule": rule}
    if rule is not None:
        page = _page_of(request, queries.branches_within(scope_of(staff_of(request))))
        eras = queries.eras_of(branches=page.rows, rule=rule, on=on)
        judged = queries.judged_months(rule, on)
        context |= {
            "page": page,
            "eras": [{"era": one, "pictures": _pictures(one, rule)} for one in eras],
            "first": judged[0],
            "last": on.replace(day=1) - dt.timedelta(days=1),
        }
    return render(request, "campaigns/era/era_list.html", context)


def _page_of(request: HttpRequest, branches: list[Any]) -> tables.Page:
    number = tables.number_in(request)
    rows = branches[(number - 1) * _AT_ONCE : number * _AT_ONCE]
    return tables.Page(rows, number, len(branches) > number * _AT_ONCE, "")


def _pictures(era: queries.Era, rule: EraRule) -> list[tuple[rules.Share, SafeString]]:
    """The shares of a branch, each with its months; those of all branches have one scale."""
    months = list(era.by_month)[-queries.SHOWN :]
    by_month = [_monthly(era.by_month[month]) for month in months]
    asked = {
        test.share.code: float(test.least) for step in era.standing.steps for test in step.tests
    }
    found = []
    for share in era.standing.shares:
        values = [shares.get(share.code) for shares in by_month]
        said = _("{branch}: {share}, by month: {values}").format(
            branch=era.branch.label, share=share.code.label,
            values="; ".join(
                f"{month:%Y-%m} " + (_("not known") if value is None else f"{value:.1f} %")
                for month, value in zip(months, values, strict=True)
            ),
        )  # fmt: skip
        drawn = lines.lines_svg(
            [lines.Line([asked[share.code]] * len(months), is_dashed=True), lines.Line(values)],
            [f"{month:%m}" for month in months],
            said=said, height=92, highest=100,
        )  # fmt: skip
        found.append((share, drawn))
    return found


def _monthly(sums: rules.Sums | None) -> dict[str, float | None]:
    """The shares of one month, whatever the rule asks for; none where nothing is divided by."""
    return {code: None if part is None else float(part) for code, part in rules.plain(sums).items()}
