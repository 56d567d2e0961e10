"""Findings as detectors make them, and alerts of them."""

import datetime as dt
from decimal import Decimal
from typing import Any

from campaigns.models import Alert
from campaigns.warnings import operations
from campaigns.warnings.enums import Kind, Severity, Subject
from campaigns.warnings.rules.findings import Finding
from portal.models import Branch, Staff
from tests.factories.portal import StaffFactory

AT = dt.datetime(2026, 6, 30, 6, 0, tzinfo=dt.UTC)
PART = {
    "of": 12, "whole": 20, "percent": 60.0, "low": 38.7, "high": 78.1, "others_of": 20,
    "others_whole": 100, "others_percent": 20.0, "times": 1.9, "days": 90, "wait": 60,
}  # fmt: skip


def unused(branch: Branch, **values: Any) -> Finding:
    """Cards of a branch that were never used."""
    usual = {
        "kind": Kind.NEVER_USED, "subject": Subject.BRANCH, "key": str(branch.pk),
        "weight": Decimal(2), "severity": Severity.WARN, "evidence": PART, "branch": branch.pk,
    }  # fmt: skip
    return Finding(**(usual | values))


def of_staff(person: Staff, **values: Any) -> Finding:
    """Cards that somebody won and that were never used."""
    usual = {"subject": Subject.STAFF, "key": str(person.pk), "staff": person.pk}
    return unused(person.branch, **(usual | values))


def raised(finding: Finding, at: dt.datetime = AT) -> Alert:
    """The alert of a finding."""
    operations.raise_alerts(findings=[finding], at=at)
    return Alert.objects.get(
        kind=finding.kind, subject=finding.subject, subject_key=finding.key, period=finding.period
    )


def compliance() -> Staff:
    """Somebody who may look at everything."""
    return StaffFactory(role="compliance")


def moved(alert: Alert, *to: str, by: Staff | None = None) -> Alert:
    """The alert after these moves, by its owner or somebody else."""
    for state in to:
        actor = by or Staff.objects.get(pk=alert.owner_id)
        alert = operations.move_alert(
            alert_id=alert.pk, to=state, actor=actor, reason="核对过", at=AT
        )
    return alert
