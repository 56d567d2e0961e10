"""From findings to alerts: one for each fact, with an owner, and what the policy asks."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from campaigns.models import Alert, AlertMove
from campaigns.planning import operations as planning
from campaigns.warnings import operations, queries
from campaigns.warnings.enums import Kind, Severity, State, Subject
from campaigns.warnings.rules.findings import Finding
from portal.models import AuditEntry
from portal.staff.access import scope_of
from portal.staff.enums import Role
from tests.campaigns.warnings.finding import AT, compliance, moved, of_staff, raised, unused
from tests.factories.portal import BranchFactory, StaffFactory, head_office
from tests.factories.rewards import version_with
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(hours=1)


def _audited(alert: Alert) -> list[str]:
    rows = AuditEntry.objects.filter(target_kind="campaigns.alert", target_key=str(alert.pk))
    return list(rows.order_by("id").values_list("action", flat=True))


def test_a_fact_is_one_alert_however_often_it_is_seen() -> None:
    officer, branch = compliance(), BranchFactory()
    first = raised(unused(branch))
    assert (first.owner, first.branch, first.state) == (officer, branch, State.OPEN)
    again = operations.raise_alerts(
        findings=[unused(branch, weight=Decimal("2.2"), evidence={"of": 1})], at=LATER
    )
    assert again == []
    [row] = Alert.objects.all()
    assert (row.first_seen_at, row.last_seen_at, row.weight) == (AT, LATER, Decimal("2.2"))
    assert row.evidence == {"of": 1}
    assert _audited(row) == ["alert.raised"]


def test_facts_of_several_periods_are_several() -> None:
    compliance()
    branch = BranchFactory()
    operations.raise_alerts(
        findings=[unused(branch, period="2026-05"), unused(branch, period="2026-04")], at=AT
    )
    assert Alert.objects.count() == 2


def test_what_was_dismissed_comes_again_only_when_it_grew() -> None:
    compliance()
    branch = BranchFactory()
    alert = moved(raised(unused(branch)), State.LOOKING, State.DISMISSED)
    for weight in ("2.00", "2.99"):
        found = operations.raise_alerts(findings=[unused(branch, weight=Decimal(weight))], at=LATER)
        assert found == []
    alert.refresh_from_db()
    assert (alert.state, alert.round) == (State.DISMISSED, 1)
    operations.raise_alerts(findings=[unused(branch, weight=Decimal(3))], at=LATER)
    alert.refresh_from_db()
    assert (alert.state, alert.round) == (State.OPEN, 2)
    assert AlertMove.objects.filter(alert=alert).order_by("-id")[0].actor is None
    assert _audited(alert)[-1] == "alert.opened_again"


def test_nothing_is_unowned_and_nobody_owns_what_is_about_himself() -> None:
    region = BranchFactory()
    branch = BranchFactory(parent=region)
    with pytest.raises(operations.NobodyToLook):
        raised(unused(branch))
    assert Alert.objects.count() == 0
    of_region = StaffFactory(role=Role.BRANCH_MANAGER, branch=region)
    of_branch = StaffFactory(role=Role.BRANCH_MANAGER, branch=branch)
    assert raised(unused(branch)).owner == of_region
    assert raised(of_staff(StaffFactory(branch=branch))).owner == of_branch
    assert raised(of_staff(of_branch)).owner == of_region


def test_what_waits_is_given_on_when_its_owner_leaves() -> None:
    officer, branch = compliance(), BranchFactory()
    open_one, judged = raised(unused(branch)), raised(unused(BranchFactory()))
    moved(judged, State.LOOKING, State.DISMISSED)
    officer.is_active = False
    officer.save()
    heir = compliance()
    assert operations.hand_over(at=LATER) == 1
    assert operations.hand_over(at=LATER) == 0
    open_one.refresh_from_db()
    judged.refresh_from_db()
    assert (open_one.owner, judged.owner) == (heir, officer)
    assert _audited(open_one) == ["alert.raised", "alert.handed_over"]


# --- policy ---------------------------------------------------------------------------------
def _pausing() -> None:
    row_of("campaigns.PausePolicy", effective_date="2026-06-01", action="pause")


def _burst(campaign: Any, severity: Severity = Severity.SEVERE) -> Finding:
    evidence = {"hour": "2026-06-30T14:00:00+08:00", "count": 90, "busy": 10, "times": 9.0,
                "days": 28}  # fmt: skip
    return Finding(
        Kind.BURST, Subject.CAMPAIGN, str(campaign.pk), Decimal(9), severity, evidence,
        campaign=campaign.pk,
    )  # fmt: skip


def test_a_severe_burst_stops_its_campaign_and_a_person_lets_it_go_on() -> None:
    _pausing()
    campaign = version_with().campaign
    alert = raised(_burst(campaign))
    campaign.refresh_from_db()
    assert (campaign.stopped_at, alert.paused_at, alert.owner) == (AT, AT, campaign.owner)
    assert _audited(alert) == ["alert.raised", "alert.stopped_campaign"]
    [entry] = AuditEntry.objects.filter(action="campaign.stopped")
    assert (entry.actor, entry.target_key) == (None, str(campaign.pk))
    assert f"{alert.pk}" in entry.reason
    assert [one.pk for one in queries.stopped_of(campaign.owner)] == [alert.pk]
    planning.lift_stop(campaign_id=campaign.pk, reason="核对过", actor=compliance(), at=LATER)
    operations.raise_alerts(findings=[_burst(campaign)], at=LATER)
    campaign.refresh_from_db()
    assert campaign.stopped_at is None  # the same fact does not stop it again
    assert list(queries.stopped_of(campaign.owner)) == []


@pytest.mark.parametrize(
    ("set_as", "severity", "stops"),
    [
        ([], Severity.SEVERE, False),  # nobody answers for it
        ([("2026-06-30", "pause")], Severity.SEVERE, True),
        ([("2026-06-30", "pause")], Severity.WARN, False),
        ([("2026-07-01", "pause")], Severity.SEVERE, False),  # not in force yet
        ([("2026-06-01", "pause"), ("2026-06-02", "tell")], Severity.SEVERE, False),
        ([("2026-06-01", "tell"), ("2026-06-02", "pause")], Severity.SEVERE, True),
    ],
)
def test_the_policy_in_force_decides(
    set_as: list[tuple[str, str]], severity: Severity, stops: bool
) -> None:
    for day, action in set_as:
        row_of("campaigns.PausePolicy", effective_date=day, action=action)
    campaign = version_with().campaign
    alert = raised(_burst(campaign, severity))
    campaign.refresh_from_db()
    assert (campaign.is_stopped, alert.paused_at is not None) == (stops, stops)


def test_what_becomes_severe_follows_the_policy_then() -> None:
    _pausing()
    campaign = version_with().campaign
    raised(_burst(campaign, Severity.WARN))
    raised(_burst(campaign), at=LATER)
    campaign.refresh_from_db()
    assert campaign.stopped_at == LATER


# --- limits and precision ---------------------------------------------------------------------
def test_limits_are_those_in_force() -> None:
    usual = queries.limits_on(Kind.NEVER_USED, AT.date())
    assert (usual.days, usual.fewest) == (90, 20)
    row_of("campaigns.WarningRule", effective_date="2026-07-01", days=30)
    assert queries.limits_on(Kind.NEVER_USED, dt.date(2026, 6, 30)) == usual
    assert queries.limits_on(Kind.NEVER_USED, dt.date(2026, 7, 1)).days == 30


def test_how_often_each_kind_was_right_is_counted_by_its_last_judgement() -> None:
    officer = compliance()
    head_office()
    states = [State.CONFIRMED] * 4 + [State.DISMISSED] * 2
    alerts = [moved(raised(unused(BranchFactory())), State.LOOKING, to) for to in states]
    raised(unused(BranchFactory()))
    moved(alerts[0], State.SETTLED)
    found = {one.kind: one for one in queries.precision(scope=scope_of(officer), reader=officer)}
    assert list(found) == list(Kind)
    told = found[Kind.NEVER_USED]
    assert (told.share.of, told.share.whole, told.waiting, told.is_untold) == (4, 6, 1, False)
    assert found[Kind.BURST].is_untold
    # Opened again and judged anew: another round, which counts too.
    branch = Alert.objects.get(pk=alerts[4].pk).branch
    raised(unused(branch, weight=Decimal(9)))
    moved(Alert.objects.get(pk=alerts[4].pk), State.LOOKING, State.CONFIRMED)
    told = {one.kind: one for one in queries.precision(scope=scope_of(officer), reader=officer)}[
        Kind.NEVER_USED
    ]
    assert (told.share.of, told.share.whole) == (5, 7)


def test_what_waits_is_counted_of_what_the_reader_may_see() -> None:
    compliance()
    branch = BranchFactory()
    boss = StaffFactory(role=Role.BRANCH_MANAGER, branch=branch)
    for place in (branch, BranchFactory(parent=branch), BranchFactory()):
        raised(unused(place))
    raised(of_staff(boss))
    found = queries.precision(scope=scope_of(boss), reader=boss)
    assert {one.kind: one.waiting for one in found if one.waiting} == {Kind.NEVER_USED: 2}
