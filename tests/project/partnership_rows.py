"""One good row of each model of partnerships, and what its constraints refuse."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Model

from merchants.models import Merchant, PhaseChange
from tests.factories import partnerships as made
from tests.factories.merchants import MerchantFactory
from tests.project.making import BUILDERS, DAY, INSTANT, insert, lazy, number, row_of

KNOWN = {"schema": 1, "on": "2026-01-01", "measures": []}
BOOK = {"schema": 1, "goals": [], "tasks": [], "tracks": [], "measures": []}


def _rule(**values: Any) -> Model:
    day = dt.date(2001, 1, 1) + dt.timedelta(days=number())
    return insert("merchants.PartnershipRule", values, effective_date=day, **made.RULE)


def _evidence_rule(**values: Any) -> Model:
    day = dt.date(2001, 1, 1) + dt.timedelta(days=number())
    return insert(
        "merchants.EvidenceRule", values, effective_date=day, kind="rivals", limit=2, over=1,
        stake=5, source="Board",
    )  # fmt: skip


def _partnership(**values: Any) -> Model:
    leader = values.pop("manager", None) or made.manager(branch=values.get("branch"))
    # Together: what no move began cannot be committed.
    with transaction.atomic():
        row = insert(
            "merchants.Partnership", values,
            merchant=lambda: MerchantFactory(branch=leader.branch, manager=leader),
            manager=leader, branch=leader.branch, scenarios=["dining"], opened_at=INSTANT,
        )  # fmt: skip
        _change(partnership=row)
    row.refresh_from_db()
    return row


def _change(**values: Any) -> Model:
    row = values.pop("partnership", None) or row_of("merchants.Partnership")
    last = PhaseChange.objects.filter(partnership=row).order_by("-number").first()
    return insert(
        "merchants.PhaseChange", values, partnership=row, number=last.number + 1 if last else 1,
        from_phase=last.to_phase if last else "", to_phase="ended" if last else "prospect",
        on_date=DAY, at=INSTANT, reason="x", actor=row.manager, evidence=KNOWN,
    )  # fmt: skip


def _manager_change(**values: Any) -> Model:
    row = values.pop("partnership", None) or row_of("merchants.Partnership")
    change: Any = insert(
        "merchants.ManagerChange", values, partnership=row, number=row.manager_changes.count() + 1,
        from_manager=row.manager, to_manager=lambda: made.manager(branch=row.branch), reason="x",
        actor=row.manager, at=INSTANT,
    )  # fmt: skip
    # Together: who leaves the merchant behind commits nothing.
    Merchant.objects.filter(pk=row.merchant_id).update(manager=change.to_manager)
    return change  # type: ignore[no-any-return]


def _request(**values: Any) -> Model:
    return insert(
        "merchants.MoveRequest", values, partnership=lazy("merchants.Partnership"), after=1,
        to_phase="comparison", reason="x", evidence=KNOWN, submission=lazy("portal.Submission"),
        asked_by=made.manager, asked_at=INSTANT,
    )  # fmt: skip


def _suggestion(**values: Any) -> Model:
    return insert(
        "merchants.PhaseSuggestion", values, partnership=lazy("merchants.Partnership"),
        manager=made.manager, on_date=DAY, from_phase="prospect", to_phase="ended",
        reasons=[{"code": "no_change"}], evidence=KNOWN,
    )  # fmt: skip


def _playbook(**values: Any) -> Model:
    return insert(
        "merchants.Playbook", values, phase="perfect", number=lambda: 100 + number(),
        content=BOOK, reason="x", written_at=INSTANT,
    )  # fmt: skip


def _task(**values: Any) -> Model:
    row = values.pop("partnership", None) or row_of("merchants.Partnership")
    return insert(
        "merchants.PartnershipTask", values, partnership=row,
        change=lambda: PhaseChange.objects.get(partnership=row),
        playbook=lazy("merchants.Playbook"), place=0, title="事", title_en="Thing", due_date=DAY,
    )  # fmt: skip


BUILDERS.update(
    {
        "merchants.PartnershipRule": _rule,
        "merchants.EvidenceRule": _evidence_rule,
        "merchants.Partnership": _partnership,
        "merchants.PhaseChange": _change,
        "merchants.ManagerChange": _manager_change,
        "merchants.MoveRequest": _request,
        "merchants.PhaseSuggestion": _suggestion,
        "merchants.Playbook": _playbook,
        "merchants.PartnershipTask": _task,
    }
)

_SETTLED = {"settled_by": made.manager, "settled_at": INSTANT}
CHECKS: list[tuple[str, str, dict[str, Any]]] = [
    ("partnership_rule_bounds", "merchants.PartnershipRule", {"stable_days": 0}),
    ("partnership_rule_bounds", "merchants.PartnershipRule", {"most_fall": 101}),
    ("partnership_rule_bounds", "merchants.PartnershipRule", {"alarms_a_week": 0}),
    ("partnership_rule_bounds", "merchants.PartnershipRule", {"source": ""}),
    ("partnership_rule_bounds", "merchants.PartnershipRule", {"answer_days": 0}),
    ("partnership_rule_moves_known", "merchants.PartnershipRule", {"second_person": ["a-b"]}),
    ("evidence_rule_bounds", "merchants.EvidenceRule", {"kind": "moon"}),
    ("evidence_rule_bounds", "merchants.EvidenceRule", {"limit": 1_001}),
    ("evidence_rule_bounds", "merchants.EvidenceRule", {"stake": 101}),
    ("evidence_rule_bounds", "merchants.EvidenceRule", {"source": ""}),
    ("evidence_rule_has_a_gap", "merchants.EvidenceRule", {"over": 2}),
    (
        "evidence_rule_has_a_gap",
        "merchants.EvidenceRule",
        {"kind": "contract", "limit": 60, "over": 59},
    ),
    ("partnership_scenarios_known", "merchants.Partnership", {"scenarios": []}),
    ("partnership_scenarios_known", "merchants.Partnership", {"scenarios": ["moon"]}),
    ("partnership_phase_is_told", "merchants.Partnership", {"phase": "perfect"}),
    ("partnership_phase_is_told", "merchants.Partnership", {"since": DAY}),
    ("move_request_state_known", "merchants.MoveRequest", {"state": "lost"}),
    ("move_request_is_reasoned", "merchants.MoveRequest", {"reason": ""}),
    ("move_request_is_reasoned", "merchants.MoveRequest", {"to_phase": "moon"}),
    ("suggestion_is_a_move", "merchants.PhaseSuggestion", {"to_phase": "perfect"}),
    ("suggestion_settled_whole", "merchants.PhaseSuggestion", {"state": "accepted"}),
    ("suggestion_settled_whole", "merchants.PhaseSuggestion", {"state": "declined", **_SETTLED}),
    ("suggestion_settled_whole", "merchants.PhaseSuggestion", {"words": "x"}),
    ("suggestion_settled_whole", "merchants.PhaseSuggestion", {"state": "expired"}),
    ("suggestion_settled_whole", "merchants.PhaseSuggestion", {"state": "expired", **_SETTLED}),
    ("phase_change_allowed", "merchants.PhaseChange", {"to_phase": "wavering"}),
    ("phase_change_has_reason", "merchants.PhaseChange", {"reason": ""}),
    ("phase_change_evidence_read", "merchants.PhaseChange", {"evidence": {}}),
    ("phase_change_evidence_read", "merchants.PhaseChange", {"evidence": {"schema": 2}}),
    ("manager_change_is_one", "merchants.ManagerChange", {"reason": ""}),
    ("playbook_phase_known", "merchants.Playbook", {"phase": "ended"}),
    ("playbook_has_reason", "merchants.Playbook", {"reason": ""}),
    ("partnership_task_settled_whole", "merchants.PartnershipTask", {"state": "done"}),
    ("partnership_task_settled_whole", "merchants.PartnershipTask", {"words": "x"}),
    (
        "partnership_task_settled_whole",
        "merchants.PartnershipTask",
        {"state": "skipped", **_SETTLED},
    ),
]

UNIQUES: list[tuple[str, str, list[str], dict[str, Any]]] = [
    ("evidence_rule_once", "merchants.EvidenceRule", ["kind", "effective_date"], {}),
    ("partnership_open_once", "merchants.Partnership", ["merchant"], {}),
    ("move_request_waits_once", "merchants.MoveRequest", ["partnership"], {}),
    ("suggestion_open_once", "merchants.PhaseSuggestion", ["partnership"], {}),
    ("partnership_task_once", "merchants.PartnershipTask", ["change", "place"], {}),
]

# Said elsewhere than in the table of second rows.
ELSEWHERE = {
    "manager_change_once",  # the trigger says it first: tests/merchants/partnerships
    "phase_change_once",  # likewise
    "playbook_version_once",  # the first versions stand: tests/merchants/partnerships
}
ONLY_ADDED_TO = [
    ("merchants.PartnershipRule", "source"),
    ("merchants.EvidenceRule", "source"),
    ("merchants.PhaseChange", "reason"),
    ("merchants.ManagerChange", "reason"),
    ("merchants.Playbook", "reason"),
]
