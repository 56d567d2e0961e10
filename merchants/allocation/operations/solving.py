"""Choosing the split that brings most."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from merchants.allocation import queries
from merchants.allocation.models import FundLine, FundPlan
from merchants.allocation.operations.amending import raise_floors
from merchants.allocation.operations.guards import FundsRefused, locked_draft
from portal.audit import operations as audit
from portal.staff.models import Staff


@transaction.atomic
def solve_plan(*, plan_id: int, actor: Staff, at: dt.datetime) -> FundPlan:
    """This will choose each partner's money so that all together bring most, within the bounds.
    Raises FundsRefused, which says whose response is missing or which bounds conflict."""
    # Here, not above: numpy and scipy are no burden to processes that never solve.
    from merchants.allocation.rules import solving

    plan = locked_draft(plan_id=plan_id, actor=actor)
    raise_floors(plan)
    lines, shares = queries.lines_of(plan), queries.shares_of(plan)
    if not lines:
        raise FundsRefused(_("There are no partners yet: take some into the plan first."))
    try:
        problem = queries.problem_of(plan, lines, shares)
        found = solving.solve(problem)
    except queries.NoResponse as lacking:
        names = [row.partnership.merchant.label for row in lacking.lines]
        sentence = _("Of these partners no response is known yet: {names}. Enter it, or leave them"
                     " out.")  # fmt: skip
        raise FundsRefused(sentence.format(names=_(", ").join(names))) from lacking
    except solving.Infeasible as conflict:
        names_of = {(kind, value): label for kind, value, label in queries.groups_in(lines)}
        told = queries.conflict_words(problem, conflict.bounds, names_of)
        raise FundsRefused(told) from conflict
    except solving.NotSolved as unsolved:
        raise FundsRefused(
            _("The solver found no answer that holds. Make the steps larger and try again.")
        ) from unsolved
    for line, partner, at_level in zip(lines, problem.partners, found.choice, strict=True):
        line.chosen = queries.yuan(partner.levels[at_level].amount)
    FundLine.objects.bulk_update(lines, ["chosen"])
    plan.gap = queries.yuan(found.gap)
    plan.save(update_fields=["gap"])
    audit.record(
        action="funds.solved", actor=actor, at=at, target=plan,
        changes={"allocated": str(sum(line.chosen or 0 for line in lines)), "gap": str(plan.gap)},
    )  # fmt: skip
    return plan
