"""From findings to alerts: one row for one fact, an owner for each, and what a policy asks."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.planning import operations as planning
from campaigns.planning.models import Campaign
from campaigns.warnings import queries
from campaigns.warnings.enums import Action, Kind, Severity, State, Subject
from campaigns.warnings.models import Alert, AlertMove
from campaigns.warnings.rules import owning, states
from campaigns.warnings.rules.findings import Finding
from portal.approvals.operations import in_each_language
from portal.audit import operations as audit
from portal.kit import clock
from portal.staff import queries as staff_queries


class NobodyToLook(Exception):
    """Raised when nobody at the bank may look at an alert; what was read is read again."""


@dataclass(frozen=True)
class _Place:
    """Where an alert belongs, by the branch's id and path, and the campaign that it is about."""

    branch: int
    path: str
    campaign: Campaign | None


@transaction.atomic
def raise_alerts(*, findings: Sequence[Finding], at: dt.datetime) -> list[Alert]:
    """This will make an alert of each finding that is new, open again those that were judged and
    whose evidence grew, renew the evidence of all others, and do what the policy of severe ones
    asks; returns those that are new or open again. Raises NobodyToLook."""
    people = queries.people_who_look() if findings else []
    raised = []
    for finding in sorted(findings, key=lambda one: (one.kind, one.subject, one.key, one.period)):
        alert, is_news = _raise(finding, people, at)
        if is_news:
            _follow_policy(alert, at)
        if is_news and alert.state == State.OPEN:
            raised.append(alert)
    return raised


def _raise(
    finding: Finding, people: Sequence[owning.Person], at: dt.datetime
) -> tuple[Alert, bool]:
    """The alert of a finding, and whether it tells something new."""
    known = Alert.objects.select_for_update(of=("self",)).filter(
        kind=finding.kind, subject=finding.subject, subject_key=finding.key, period=finding.period
    ).first()  # fmt: skip
    if known is None:
        return _make(finding, people, at), True
    was = states.Judged(
        known.state, known.judged_weight or known.weight, known.judged_severity, known.last_seen_at
    )
    is_worse = finding.severity == Severity.SEVERE and known.severity != Severity.SEVERE
    is_judged = known.state in (State.DISMISSED, State.SETTLED)
    if not is_judged and known.severity == Severity.SEVERE and finding.severity != known.severity:
        # While it is looked at it stays as bad as it was, with the figures that said so.
        known.last_seen_at = max(at, known.last_seen_at)
        known.save(update_fields=["last_seen_at"])
        return known, False
    known.weight, known.severity = finding.weight, finding.severity
    known.evidence, known.last_seen_at = finding.evidence, max(at, known.last_seen_at)
    known.save(update_fields=["weight", "severity", "evidence", "last_seen_at"])
    if is_judged:
        if not states.comes_again(was, weight=finding.weight, severity=finding.severity, at=at):
            return known, False
        _open_again(known, at)
        give_to(alert=known, owner_id=_owner(finding, _place_of(finding), people), at=at)
        return known, True
    return known, is_worse


def _make(finding: Finding, people: Sequence[owning.Person], at: dt.datetime) -> Alert:
    place = _place_of(finding)
    alert = Alert.objects.create(
        kind=finding.kind, subject=finding.subject, subject_key=finding.key,
        period=finding.period, severity=finding.severity, weight=finding.weight,
        evidence=finding.evidence, owner_id=_owner(finding, place, people), branch_id=place.branch,
        campaign=place.campaign, customer_id=finding.customer,
        concerned_id=finding.staff if finding.subject == Subject.STAFF else None,
        first_seen_at=at, last_seen_at=at,
    )  # fmt: skip
    audit.record(
        action="alert.raised", actor=None, at=at, target=alert,
        changes={"severity": finding.severity, "weight": str(finding.weight)},
    )  # fmt: skip
    return alert


def _open_again(alert: Alert, at: dt.datetime) -> None:
    AlertMove.objects.create(
        alert=alert, from_state=alert.state, to_state=State.OPEN, round=alert.round + 1,
        weight=alert.weight, severity=alert.severity, actor=None, at=at,
    )  # fmt: skip
    alert.refresh_from_db(fields=["state", "round"])
    changes = {"severity": alert.severity, "weight": str(alert.weight)}
    audit.record(action="alert.opened_again", actor=None, at=at, target=alert, changes=changes)


def give_to(*, alert: Alert, owner_id: int, at: dt.datetime) -> None:
    """This will have somebody else look at an alert."""
    if alert.owner_id == owner_id:
        return
    was, alert.owner_id = alert.owner_id, owner_id
    alert.save(update_fields=["owner"])
    audit.record(
        action="alert.handed_over", actor=None, at=at, target=alert,
        changes={"from": was, "to": owner_id},
    )  # fmt: skip


def _place_of(finding: Finding) -> _Place:
    """The branch of the finding; else that of the campaign's owner; else the head office."""
    tree = {pk: path for pk, _code, path in staff_queries.branch_tree()}
    campaign = None
    if finding.campaign is not None:
        campaign = Campaign.objects.select_related("owner").get(pk=finding.campaign)
    branch = finding.branch
    if branch is None:
        branch = campaign.owner.branch_id if campaign else min(tree, key=lambda pk: len(tree[pk]))
    return _Place(branch, tree[branch], campaign)


def _owner(finding: Finding, place: _Place, people: Sequence[owning.Person]) -> int:
    found = owning.owner_of(
        kind=finding.kind, subject=finding.subject, path=place.path, people=people,
        concerned=finding.staff, manager=place.campaign.owner_id if place.campaign else None,
    )  # fmt: skip
    if found is None:
        raise NobodyToLook(f"{finding.kind} {finding.subject} {finding.key}")
    return found


def _follow_policy(alert: Alert, at: dt.datetime) -> None:
    """A campaign that is not stopped is stopped where the policy says so; nobody but a person lets
    it go on."""
    action = queries.action_on(alert.kind, alert.severity, clock.bank_day(at))
    campaign = alert.campaign
    if action != Action.PAUSE or campaign is None or campaign.is_stopped:
        return
    planning.stop_campaign(
        campaign_id=campaign.pk,
        reason=in_each_language(
            lambda: _("By the policy of early warning, because of warning {number}: {kind}").format(
                number=alert.pk, kind=Kind(alert.kind).label
            )
        ),
        actor=None,
        at=at,
    )
    alert.paused_at = at
    alert.save(update_fields=["paused_at"])
    audit.record(
        action="alert.stopped_campaign", actor=None, at=at, target=alert,
        changes={"campaign": campaign.code},
    )  # fmt: skip
