"""Targets and pay as files: figures of branches and of staff, no customers."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from journeys.targets import queries
from portal.kit.registry import BadFilter, Exportable, Exported
from portal.staff import queries as staff_queries
from portal.staff.access import scope_of
from portal.staff.enums import Permission
from portal.staff.models import Staff


def _branch(staff: Staff, asked: QueryDict) -> Any:
    """The branch that is asked for, the person's own at first. Raises BadFilter."""
    wanted = asked.get("branch", "")
    for branch in staff_queries.branches_below(scope_of(staff).branch_path):
        if str(branch.pk) == wanted or (not wanted and branch.pk == staff.branch_id):
            return branch
    raise BadFilter(gettext("There is no such branch within your scope."))


def _words_of() -> Callable[[Mapping[str, str]], list[tuple[str, str]]]:
    def words(asked: Mapping[str, str]) -> list[tuple[str, str]]:
        pk = asked.get("branch", "")
        labels = staff_queries.branch_labels([int(pk)]) if pk.isdecimal() else {}
        return [(gettext("Branch"), next(iter(labels.values()), pk))]

    return words


def _read_pace(staff: Staff, asked: QueryDict, on: dt.date) -> Exported:
    branch = _branch(staff, asked)
    return Exported({"branch": str(branch.pk)}, _pace_lines(staff, branch, on))


def _pace_lines(staff: Staff, branch: Any, on: dt.date) -> Iterator[Sequence[Any]]:
    nodes = queries.branch_nodes(branch, on=on)
    has_people = staff.may(Permission.VIEW_SCORECARDS)
    for node in nodes:
        parts = queries.parts_of(node, has_people=has_people)
        for one in queries.standings_of([node, *parts], on=on):
            plan, adds_up = one.node.plan, one.measure.is_additive
            yield (
                plan.code, plan.measure_name, plan.product.label if plan.product else "",
                plan.first_date, plan.last_day, str(one.node.level.label), one.node.label,
                one.pace.target if adds_up else one.target_now,
                one.pace.due if adds_up else None,
                one.pace.actual if adds_up else one.rate,
                one.percent if adds_up else None, None if adds_up else one.now.whole,
            )  # fmt: skip


TARGET_PACE = Exportable(
    code="target_pace",
    label=_("Targets and how far branches are"),
    permission=Permission.VIEW_TARGETS,
    list_url="target_pace",
    columns=(
        (_("Plan"), 12), (_("Measure"), 26), (_("Card product"), 18), (_("First day"), 12),
        (_("Last day of the plan"), 12), (_("Level"), 10), (_("Whose"), 24), (_("Target"), 14),
        (_("Due by now"), 14), (_("Reached so far"), 14), (_("Of what is due, %"), 14),
        (_("Of how many"), 14),
    ),
    read=_read_pace,
    words_of=_words_of,
    is_about_customers=False,
)  # fmt: skip


def _read_months(staff: Staff, _asked: QueryDict, _on: dt.date) -> Exported:
    rows = queries.list_months(scope=scope_of(staff))
    return Exported({}, _month_lines(rows.iterator(chunk_size=1000)))


def _month_lines(rows: Iterator[Any]) -> Iterator[Sequence[Any]]:
    for row in rows:
        yield (
            row.month, row.staff.branch.label, row.staff.staff_number, row.staff.label,
            row.carried_in, row.earned, row.taken_back, row.payable, row.carried_out,
        )  # fmt: skip


PAY_MONTHS = Exportable(
    code="pay_months",
    label=_("Closed months of pay"),
    permission=Permission.VIEW_PAY,
    list_url="pay_list",
    columns=(
        (_("Month"), 12), (_("Branch"), 24), (_("Staff number"), 14), (_("Name"), 20),
        (_("Carried over from before (CNY)"), 18), (_("Earned (CNY)"), 14),
        (_("Taken back (CNY)"), 14), (_("To be paid (CNY)"), 14), (_("Carried over (CNY)"), 14),
    ),
    read=_read_months,
    words_of=lambda: lambda _asked: [],
    is_about_customers=False,
)  # fmt: skip
