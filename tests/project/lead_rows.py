"""One good row of each model of leads and their pools, and what its constraints refuse."""

import datetime as dt
from typing import Any

from django.db.models import Model

from journeys.telemarketing.models import Lead
from portal.models import Staff
from portal.staff.enums import Role
from tests.factories import leads, portal
from tests.project.making import BUILDERS, INSTANT, code, insert, lazy, number


def _lead(**values: Any) -> Model:
    owner, state = values.pop("owner", None), values.pop("state", "new")
    lead = insert(
        "journeys.Lead", values, number=code, kind="person", name="李华", source="referral",
        lawful_basis="consent", branch=portal.head_office, created_at=INSTANT,
    )  # fmt: skip
    assert isinstance(lead, Lead)
    return leads.moved(lead, owner=owner, state=state)


def owned_lead(staff: Staff) -> Lead:
    """A lead of a branch of its own, of `staff` where that is a telemarketer."""
    is_caller = staff.role == Role.TELEMARKETER
    branch = portal.BranchFactory(parent=staff.branch if is_caller else portal.head_office())
    owner = staff if is_caller else leads.caller(branch)
    lead = _lead(branch=branch, owner=owner)
    assert isinstance(lead, Lead)
    return lead


def _policy(**values: Any) -> Model:
    day = dt.date(2001, 1, 1) + dt.timedelta(days=number())
    return insert(
        "journeys.PoolPolicy", values, effective_date=day, source="Board", set_at=INSTANT,
        **leads.FACTS,
    )  # fmt: skip


def _assignment(**values: Any) -> Model:
    return insert(
        "journeys.LeadAssignment", values, branch=portal.head_office, actor=portal.StaffFactory,
        at=INSTANT, shares=[], asked=2, given=1,
    )  # fmt: skip


def _move(**values: Any) -> Model:
    """A claim; where the lead is told, whatever is told with it."""
    leads.set_policy()
    lead = values.pop("lead", None)
    lead = lead() if callable(lead) else lead or _lead()
    person = portal.StaffFactory(role=Role.TELEMARKETER)
    usual = {"path": "claim", "actor": person, "to_owner": person}
    return insert(
        "journeys.LeadMove", values, lead=lead, at=INSTANT, to_state="new", why="x", **usual
    )


def _hold(**values: Any) -> Model:
    return insert(
        "journeys.LeadHold", values, lead=lazy("journeys.Lead"), holder=portal.StaffFactory,
        taken_at=INSTANT, reasons=[],
    )  # fmt: skip


def _score(**values: Any) -> Model:
    return insert(
        "journeys.LeadScore", values, lead=lazy("journeys.Lead"), points=50, facts={},
        scored_at=INSTANT,
    )  # fmt: skip


def _scoring(**values: Any) -> Model:
    return insert("journeys.LeadScoring", values, branch=portal.BranchFactory)


BUILDERS.update(
    {
        "journeys.Lead": _lead,
        "journeys.PoolPolicy": _policy,
        "journeys.LeadAssignment": _assignment,
        "journeys.LeadMove": _move,
        "journeys.LeadHold": _hold,
        "journeys.LeadScore": _score,
        "journeys.LeadScoring": _scoring,
    }
)


def _held() -> Model:
    return _lead(owner=portal.StaffFactory(role=Role.TELEMARKETER))


_MOVE, _POLICY = "journeys.LeadMove", "journeys.PoolPolicy"
_LEAD, _HOLD, _SCORE = "journeys.Lead", "journeys.LeadHold", "journeys.LeadScore"
_MODEL = lazy("journeys.CallModel")
_EARLIER, _LATER = INSTANT - dt.timedelta(hours=1), INSTANT + dt.timedelta(hours=1)
_FREE = {"actor": None, "to_owner": None}
_LATE = {**_FREE, "path": "return", "lead": _held, "at": INSTANT + dt.timedelta(days=15)}
CHECKS: list[tuple[str, str, dict[str, Any]]] = [
    ("lead_working_has_owner", _MOVE, {**_FREE, "path": "import", "to_state": "working"}),
    ("lead_move_known", _MOVE, {**_FREE, "path": "gift"}),
    ("lead_move_enters", _MOVE, {"path": "assign", "to_owner": None}),
    ("lead_move_leaves", _MOVE, {**_LATE, "to_state": "lost"}),
    ("lead_move_by_its_owner", _MOVE, {"actor": portal.StaffFactory}),
    ("lead_move_by_its_owner", _MOVE, {"actor": None}),
    ("lead_move_ends", _MOVE, {**_FREE, "path": "end"}),
    ("lead_move_ends", _MOVE, {**_FREE, "path": "call_off"}),
    (
        "lead_move_says_why",
        _MOVE,
        {"path": "take_back", "to_owner": None, "lead": _held, "why": ""},
    ),
    (
        "lead_move_says_why",
        _MOVE,
        {**_FREE, "path": "take_back", "lead": _held},
    ),
    ("lead_move_of_assignment", _MOVE, {"assignment": lazy("journeys.LeadAssignment")}),
    ("lead_move_of_assignment", _MOVE, {"line": {}}),
    ("lead_move_protects", _MOVE, {"path": "import", "to_state": "off"}),
    ("lead_assignment_within", "journeys.LeadAssignment", {"given": 3}),
    ("lead_assignment_within", "journeys.LeadAssignment", {"asked": 0, "given": 0}),
    ("pool_policy_lifted_of_a_branch", _POLICY, {"is_lifted": True}),
    ("pool_policy_bounds", _POLICY, {"sight": "moon"}),
    ("pool_policy_bounds", _POLICY, {"claim_cap": 0}),
    ("pool_policy_bounds", _POLICY, {"claim_cap": 2001}),
    ("pool_policy_bounds", _POLICY, {"protection_days": 0}),
    ("pool_policy_bounds", _POLICY, {"protection_days": 61}),
    ("pool_policy_bounds", _POLICY, {"extension_days": 366}),
    ("pool_policy_bounds", _POLICY, {"longest_days": 731}),
    ("pool_policy_bounds", _POLICY, {"cooldown_days": 366}),
    ("pool_policy_bounds", _POLICY, {"source": ""}),
    ("pool_policy_bounds", _POLICY, {"hold_minutes": 1}),
    ("pool_policy_bounds", _POLICY, {"most_attempts": 0}),
    ("pool_policy_bounds", _POLICY, {"again_hours": 721}),
    ("lead_priority_in_bounds", _LEAD, {"priority": 101}),
    ("lead_promise_is_not_before", _LEAD, {"promised_at": INSTANT}),
    ("lead_promise_is_not_before", _LEAD, {"promised_at": INSTANT, "call_from": _LATER}),
    ("lead_called_has_time", _LEAD, {"attempts": 1}),
    ("lead_called_has_time", _LEAD, {"called_at": INSTANT}),
    ("lead_in_hand_is_free_or_own", _LEAD, {"holder": portal.StaffFactory}),
    ("lead_in_hand_is_free_or_own", _LEAD, {"held_until": INSTANT}),
    ("lead_hold_ends_whole", _HOLD, {"ended_at": INSTANT}),
    ("lead_hold_ends_whole", _HOLD, {"end": "called"}),
    ("lead_hold_ends_whole", _HOLD, {"ended_at": _EARLIER, "end": "called"}),
    ("lead_hold_ends_whole", _HOLD, {"ended_at": INSTANT, "end": "moon"}),
    ("lead_hold_called_within", _HOLD, {"called_at": _EARLIER}),
    ("lead_score_is_one", _SCORE, {"points": None}),
    ("lead_score_is_one", _SCORE, {"chance": 0.5, "version": _MODEL}),
    ("lead_score_is_one", _SCORE, {"chance": 0.5, "points": None}),
    ("lead_score_in_bounds", _SCORE, {"points": 101}),
    ("lead_score_in_bounds", _SCORE, {"chance": 1.1, "points": None, "version": _MODEL}),
]
UNIQUES: list[tuple[str, str, list[str], dict[str, Any]]] = [
    ("pool_policy_once", _POLICY, ["branch", "effective_date"], {}),
    ("lead_one_in_hand", _LEAD, ["holder"], {"holder": portal.StaffFactory, "held_until": _LATER}),
    ("lead_hold_once", _HOLD, ["lead"], {}),
    ("lead_hold_one_each", _HOLD, ["holder"], {}),
]
