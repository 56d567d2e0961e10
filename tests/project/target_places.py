"""What addresses of targets, scorecards and pay need to be opened: a part of the table in
places.py, and their doors."""

from collections.abc import Callable
from typing import Any

from portal.models import Staff
from portal.staff.enums import Permission as P
from tests.project.door import Door, action, page
from tests.project.rows import row_of

DOORS: dict[str, Door] = {
    "target_pace": page(P.VIEW_TARGETS),
    "target_mine": page(P.SEE_OWN_PAY),
    "target_list": page(P.VIEW_TARGETS),
    "target_new": page(P.EDIT_TARGETS),
    "target_page": page(P.VIEW_TARGETS, scoped=True),
    "target_version": action(P.EDIT_TARGETS, scoped=True),
    "target_submit": action(P.EDIT_TARGETS, scoped=True),
    "target_withdraw": action(P.EDIT_TARGETS, scoped=True),
    "target_derive": page(P.EDIT_TARGETS, scoped=True),
    "target_month": page(P.EDIT_TARGETS, scoped=True),
    "target_split": page(P.EDIT_TARGETS, scoped=True),
    "scorecard_list": page(P.VIEW_SCORECARDS),
    "scorecard_new": page(P.EDIT_TARGETS),
    "scorecard_page": page(P.VIEW_SCORECARDS, scoped=True),
    "scorecard_edit": page(P.EDIT_TARGETS, scoped=True),
    "scorecard_submit": action(P.EDIT_TARGETS, scoped=True),
    "scorecard_withdraw": action(P.EDIT_TARGETS, scoped=True),
    "scorecard_pay": page(P.VIEW_PAY),
    "pay_list": page(P.VIEW_PAY),
    "pay_person": page(P.VIEW_HOME, scoped=True),
}


def _plan(staff: Staff) -> dict[str, Any]:
    return {"plan_id": row_of("journeys.TargetPlan", branch=staff.branch).pk}


def _cell(staff: Staff) -> Any:
    plan = row_of("journeys.TargetPlan", branch=staff.branch)
    root = row_of("journeys.TargetNode", plan=plan).parent
    return row_of("journeys.TargetCell", node=root)


def _node(staff: Staff) -> dict[str, Any]:
    return {"node_id": _cell(staff).node_id}


def _card(staff: Staff) -> dict[str, Any]:
    return {"scorecard_id": row_of("journeys.Scorecard", branch=staff.branch).pk}


ARGUMENTS: dict[str, Callable[[Staff], dict[str, Any]]] = {
    **dict.fromkeys(
        ("target_page", "target_version", "target_submit", "target_withdraw"), _plan
    ),
    **dict.fromkeys(("target_derive", "target_month"), _node),
    "target_split": lambda staff: {**_node(staff), "level": "branch"},
    **dict.fromkeys(
        ("scorecard_page", "scorecard_edit", "scorecard_submit", "scorecard_withdraw"), _card
    ),
    "pay_person": lambda staff: {"username": staff.username},
}  # fmt: skip
