"""The home panel of the own era, and the months of branches on the page of figures."""

import itertools
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from campaigns.era import queries
from portal.kit import clock, pictures
from portal.kit.registry import FiguresAsked
from portal.staff.access import staff_of
from portal.staff.enums import Role

_BRANCHES = 12  # small pictures


def own_era(request: HttpRequest) -> dict[str, Any] | None:
    """This will tell a branch manager in which era the own branch stands, and what it lacks for
    the next; nothing where no rule says how that is told."""
    staff, on = staff_of(request), clock.today()
    rule = queries.rule_on(on)
    if staff.role != Role.BRANCH_MANAGER or rule is None:
        return None
    [era] = queries.eras_of(branches=[staff.branch], rule=rule, on=on)
    higher = list(itertools.takewhile(lambda step: not step.is_met, era.standing.steps))
    return {"era": era, "next_step": higher[-1] if higher else None}


def months_of_branches(_request: HttpRequest, asked: FiguresAsked) -> dict[str, Any] | None:
    """This will draw the spending and the new cards of branches by month, each branch as a small
    picture on the scale of all."""
    branches = queries.side_by_side(asked.branch_path)
    within, rows = queries.months_of(branches, on=clock.today())
    if not any(sums for _branch, by_month in rows for sums in by_month):
        return None
    spent = [(row, [sums and float(sums.spent) for sums in by_month]) for row, by_month in rows]
    cards = [(row, [sums and sums.cards for sums in by_month]) for row, by_month in rows]
    labels = [f"{month:%Y-%m}" for month in within]
    return {
        "pictures": [
            _multiples("branch-spending", _("Spending by month (CNY)"), labels, spent, ",.0f"),
            _multiples("branch-cards", _("Cards issued by month"), labels, cards, ",d"),
        ]
    }


def _multiples(
    code: str, title: str, labels: list[str], rows: list[tuple[Any, Any]], form: str
) -> pictures.Picture:
    largest = sorted(rows, key=lambda row: -sum(value or 0 for value in row[1]))[:_BRANCHES]
    return pictures.multiples(
        code,
        title,
        labels,
        [pictures.Series(str(branch.label), values) for branch, values in largest],
        over=_("Month"),
        said=lambda value: f"{value:{form}}",
        export="branch_months",
        note=_("The branches with most, at most {count}; with all that hangs below each.").format(
            count=_BRANCHES
        ),
    )
