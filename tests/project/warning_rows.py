"""Rows of early warning, and those that break their constraints."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import Model

from campaigns.warnings.models import Alert
from portal.models import Staff
from portal.staff.enums import Role
from tests.factories import journeys, merchants, portal
from tests.project.making import DAY, INSTANT, code, insert, lazy, number

EVIDENCE = {
    "of": 12, "whole": 20, "percent": 60.0, "low": 38.7, "high": 78.1, "others_of": 20,
    "others_whole": 100, "others_percent": 20.0, "times": 1.9, "days": 90, "wait": 60,
}  # fmt: skip


def _rule(**values: Any) -> Model:
    return insert(
        "campaigns.WarningRule", values, kind="never_used", days=90, fewest=20, wait=60,
        warn=Decimal("1.5"), severe=Decimal("2.5"), source="Board",
        effective_date=lambda: dt.date(2030, 1, 1) + dt.timedelta(days=number()),
    )  # fmt: skip


def _policy(**values: Any) -> Model:
    return insert(
        "campaigns.PausePolicy", values, kind="burst", severity="severe", action="tell",
        source="Board", effective_date=lambda: dt.date(2030, 1, 1) + dt.timedelta(days=number()),
    )  # fmt: skip


def alert_of(**values: Any) -> Alert:
    """An alert about a branch, or about a customer; `moved` names the states that it goes
    through."""
    moved = values.pop("moved", ())
    if isinstance(customer := values.get("customer"), Model):
        about = {"kind": "refund", "subject": "customer", "subject_key": str(customer.pk)}
        values = about | values
    if values.get("owner") == "concerned":
        values["owner"] = values["concerned"] = portal.StaffFactory(role=Role.COMPLIANCE)
    alert = insert(
        "campaigns.Alert", values, kind="never_used", subject="branch", subject_key=code,
        severity="warn", weight=Decimal(2), evidence=EVIDENCE, branch=portal.head_office,
        owner=lambda: portal.StaffFactory(role=Role.COMPLIANCE), first_seen_at=INSTANT,
        last_seen_at=INSTANT,
    )  # fmt: skip
    assert isinstance(alert, Alert)
    for state in moved:
        move_of(alert=alert, to_state=state)
    return alert


def move_of(**values: Any) -> Model:
    alert = values.pop("alert", None) or alert_of()
    alert = alert() if callable(alert) else alert
    alert.refresh_from_db()
    return insert(
        "campaigns.AlertMove", values, alert=alert, from_state=alert.state, to_state="looking",
        round=alert.round, weight=alert.weight, severity=alert.severity, actor=alert.owner,
        reason="核对过", at=INSTANT,
    )  # fmt: skip


def about(person: Staff, *moved: str, **values: Any) -> Alert:
    """An alert about somebody of the staff."""
    return alert_of(
        subject="staff", subject_key=str(person.pk), concerned=person, branch=person.branch,
        moved=moved, **values,
    )  # fmt: skip


def appeal_of(**values: Any) -> Model:
    alert = values.pop("alert", None)
    if alert is None or alert.concerned is None:  # only staff have a word on what is said of them
        alert = about(portal.StaffFactory(), "looking", "confirmed")
    if values.get("reason") and values.get("words"):  # both said: it is decided
        by = portal.StaffFactory(role=Role.COMPLIANCE)
        values = {"decided_by": by, "decided_at": INSTANT, "is_upheld": True} | values
    return insert(
        "campaigns.Appeal", values, alert=alert, round=1, said_by=alert.concerned,
        words="客户本人办理", said_at=INSTANT,
    )  # fmt: skip


def _trace(**values: Any) -> Model:
    return insert(
        "campaigns.Trace", values, kind="refund", day=DAY, customer=journeys.CustomerFactory,
        merchant=merchants.MerchantFactory,
    )  # fmt: skip


def _hour(**values: Any) -> Model:
    return insert(
        "campaigns.GrantHour", values, campaign=lazy("campaigns.Campaign"), hour=INSTANT, grants=1
    )


def _mark(**values: Any) -> Model:
    return insert("campaigns.SweepMark", values, code=code)


BUILDERS: dict[str, Any] = {
    "campaigns.WarningRule": _rule,
    "campaigns.PausePolicy": _policy,
    "campaigns.Alert": alert_of,
    "campaigns.AlertMove": move_of,
    "campaigns.Appeal": appeal_of,
    "campaigns.Trace": _trace,
    "campaigns.GrantHour": _hour,
    "campaigns.SweepMark": _mark,
}
_ALERT, _MOVE, _APPEAL = "campaigns.Alert", "campaigns.AlertMove", "campaigns.Appeal"
_LATER = INSTANT - dt.timedelta(seconds=1)
_owned = portal.StaffFactory
CHECKS: list[tuple[str, str, dict[str, Any]]] = [
    ("warning_rule_kind", "campaigns.WarningRule", {"kind": "luck"}),
    ("warning_rule_bounds", "campaigns.WarningRule", {"days": 0}),
    ("warning_rule_bounds", "campaigns.WarningRule", {"days": 731}),
    ("warning_rule_bounds", "campaigns.WarningRule", {"fewest": 0}),
    ("warning_rule_bounds", "campaigns.WarningRule", {"wait": 366}),
    ("warning_rule_bounds", "campaigns.WarningRule", {"warn": Decimal(-1)}),
    ("warning_rule_bounds", "campaigns.WarningRule", {"source": ""}),
    ("warning_rule_in_order", "campaigns.WarningRule", {"severe": Decimal("1.4")}),
    ("warning_rule_in_order", "campaigns.WarningRule", {"kind": "budget"}),
    ("pause_policy_known", "campaigns.PausePolicy", {"kind": "luck"}),
    ("pause_policy_known", "campaigns.PausePolicy", {"severity": "mild"}),
    ("pause_policy_known", "campaigns.PausePolicy", {"action": "wait"}),
    ("pause_policy_known", "campaigns.PausePolicy", {"source": ""}),
    ("alert_words_known", _ALERT, {"kind": "luck"}),
    ("alert_words_known", _ALERT, {"subject": "moon"}),
    ("alert_words_known", _ALERT, {"state": "lost"}),
    ("alert_words_known", _ALERT, {"severity": "mild"}),
    ("alert_words_known", _ALERT, {"subject_key": ""}),
    ("alert_names_whom_it_concerns", _ALERT, {"subject": "staff"}),
    ("alert_names_whom_it_concerns", _ALERT, {"concerned": _owned}),
    ("alert_names_whom_it_concerns", _ALERT, {"subject": "customer"}),
    ("alert_names_whom_it_concerns", _ALERT, {"customer": journeys.CustomerFactory}),
    ("alert_not_owned_by_whom_it_concerns", _ALERT, {"subject": "staff", "owner": "concerned"}),
    ("alert_seen_in_order", _ALERT, {"last_seen_at": _LATER}),
    ("alert_seen_in_order", _ALERT, {"round": 0}),
    ("alert_seen_in_order", _ALERT, {"weight": Decimal(-1)}),
    ("alert_pause_is_of_campaign", _ALERT, {"paused_at": INSTANT}),
    ("alert_move_allowed", _MOVE, {"to_state": "settled"}),
    (
        "alert_move_has_reason",
        _MOVE,
        {"alert": lambda: alert_of(moved=["looking"]), "to_state": "confirmed", "reason": ""},
    ),
    ("alert_move_by_person_or_clock", _MOVE, {"actor": None}),
    ("appeal_has_words", _APPEAL, {"words": ""}),
    ("appeal_decided_by_another", _APPEAL, {"is_upheld": True}),
    ("appeal_decided_by_another", _APPEAL, {"reason": "x"}),
    ("trace_known", "campaigns.Trace", {"kind": "luck"}),
    ("trace_known", "campaigns.Trace", {"times": 0}),
    ("grant_hour_is_some", "campaigns.GrantHour", {"grants": 0}),
    ("sweep_mark_in_order", "campaigns.SweepMark", {"read_id": 2, "seen_id": 1}),
    ("sweep_mark_in_order", "campaigns.SweepMark", {"read_id": -1}),
    ("sweep_mark_in_order", "campaigns.SweepMark", {"seen_number": -1}),
]
UNIQUES: list[tuple[str, str, list[str], dict[str, Any]]] = [
    ("warning_rule_once", "campaigns.WarningRule", ["kind", "effective_date"], {}),
    (
        "pause_policy_once", "campaigns.PausePolicy", ["kind", "severity", "effective_date"], {}
    ),
    ("alert_once", _ALERT, ["kind", "subject", "subject_key", "period"], {}),
    ("appeal_once", _APPEAL, ["alert", "round"], {}),
    (
        "trace_once", "campaigns.Trace", ["kind", "day", "customer", "merchant", "thing"], {}
    ),
    ("grant_hour_once", "campaigns.GrantHour", ["campaign", "hour"], {}),
]  # fmt: skip
ONLY_ADDED_TO = [
    ("campaigns.WarningRule", "source"),
    ("campaigns.PausePolicy", "source"),
    ("campaigns.AlertMove", "reason"),
]
