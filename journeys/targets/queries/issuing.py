"""Targets of issue for reports of what each branch issued itself."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from journeys.contact import queries as contact
from journeys.targets.models import TargetCell
from journeys.targets.queries import pacing
from journeys.targets.rules import pacing as rules
from journeys.targets.rules import splitting
from portal.kit.registry import IssueTarget

_ISSUED = "cards_issued"
_BRANCH = "branch"


def issue_targets(
    by: str, ids: Sequence[int], on: dt.date, known: dt.datetime | None = None
) -> dict[int, IssueTarget]:
    """This will tell what is to be issued by each of these branches itself in the month of a day,
    and by the end of the day, by the plans in force before the instant `known` (None: now): a
    branch's target without those of the branches below it, and none where those come to more. Of
    teams, persons and products nothing is told: reports credit cards to them in another way than
    targets do."""
    if by != _BRANCH:
        return {}
    month = on.replace(day=1)
    own = {pk: max(value, Decimal(0)) for pk, value in _own_values(month, known).items()}
    if not own:
        return {}
    workdays = contact.workdays(first=month, end=splitting.next_month(month))
    return {
        pk: IssueTarget(own[pk], rules.aimed_by({month: own[pk]}, workdays)[on])
        for pk in ids
        if pk in own
    }


def _own_values(month: dt.date, known: dt.datetime | None) -> Mapping[int, Decimal]:
    """By branch, what is left of its target without those below it that have one."""
    rows = pacing.in_force(month, known=known).filter(
        plan__measure=_ISSUED, plan__product=None, team=None, staff=None
    )
    nodes = pacing.chosen(rows.order_by("pk"), lambda node: node.branch_id)
    cells = TargetCell.objects.filter(node__in=nodes.values(), month=month)
    values = dict(cells.values_list("node", "value"))
    own: dict[int, Decimal] = {}
    above: list[tuple[str, int]] = []
    # In the order of paths those below a branch follow it.
    for node in sorted(nodes.values(), key=lambda one: one.branch.path):
        path, value = node.branch.path, values[node.pk]
        while above and not path.startswith(above[-1][0]):
            above.pop()
        if above:
            own[above[-1][1]] -= value
        own[node.branch_id] = value
        above.append((path, node.branch_id))
    return own
