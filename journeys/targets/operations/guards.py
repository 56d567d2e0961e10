"""What every step begins with: the row is locked, and the person may."""

from typing import Any

from django.utils.translation import gettext as _

from journeys.targets.access import may_plan, may_write
from journeys.targets.models import Scorecard, TargetPlan
from portal.staff.models import Staff


class TargetRefused(Exception):
    """Raised where targets are not planned, or a scorecard is not written, so; its text is a
    sentence for a person. `faults` are several sentences where there are several."""

    def __init__(self, *faults: str) -> None:
        super().__init__(" ".join(faults))
        self.faults = faults


def locked_plan(*, plan_id: int, actor: Staff) -> TargetPlan:
    """This will lock a plan in the making for a person who may change it. Raises TargetRefused."""
    rows = TargetPlan.objects.select_for_update(of=("self",), no_key=True)
    plan = rows.select_related("branch", "owner").get(pk=plan_id)
    if not may_plan(actor, plan):
        raise TargetRefused(_("This plan is of another branch; you may only read it."))
    _refuse_fixed(plan, _("A plan that is in force stays as it is: begin its next version."))
    return plan


def locked_card(*, scorecard_id: int, actor: Staff) -> Scorecard:
    """This will lock a scorecard in the making for a person who may change it. Raises
    TargetRefused."""
    rows = Scorecard.objects.select_for_update(of=("self",), no_key=True)
    card = rows.select_related("branch", "owner").get(pk=scorecard_id)
    if not may_write(actor, card):
        raise TargetRefused(_("This scorecard is of another branch; you may only read it."))
    _refuse_fixed(card, _("An approved scorecard never changes: write one from a later month on."))
    return card


def _refuse_fixed(row: Any, sentence: str) -> None:
    if row.is_draft:
        return
    if row.is_waiting:
        raise TargetRefused(
            _("It waits for approval and stays as it is: whoever submitted it takes it back first.")
        )
    raise TargetRefused(sentence)
