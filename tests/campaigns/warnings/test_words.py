"""What people do about alerts, and the word of whom one concerns."""

import pytest

from campaigns.models import Alert, AlertMove, Appeal
from campaigns.warnings import operations, queries
from campaigns.warnings.enums import Kind, State
from portal.models import AuditEntry, Staff
from portal.staff.access import scope_of
from portal.staff.enums import Role
from tests.campaigns.warnings.finding import AT, compliance, moved, of_staff, raised, unused
from tests.factories.portal import BranchFactory, StaffFactory

pytestmark = pytest.mark.django_db


def _about_somebody() -> tuple[Alert, Staff, Staff]:
    """A confirmed alert, whom it concerns, and who confirmed it."""
    branch = BranchFactory()
    judge = StaffFactory(role=Role.BRANCH_MANAGER, branch=branch)
    person = StaffFactory(role=Role.TELEMARKETER, branch=branch)
    return moved(raised(of_staff(person)), State.LOOKING, State.CONFIRMED), person, judge


def test_each_move_is_kept_with_who_and_why() -> None:
    officer = compliance()
    alert = moved(raised(unused(BranchFactory())), State.LOOKING, State.CONFIRMED, State.SETTLED)
    found = [(one.from_state, one.to_state, one.actor) for one in queries.history_of(alert)]
    assert found == [
        (State.OPEN, State.LOOKING, officer), (State.LOOKING, State.CONFIRMED, officer),
        (State.CONFIRMED, State.SETTLED, officer),
    ]  # fmt: skip
    assert AuditEntry.objects.filter(action="alert.moved").count() == 3


@pytest.mark.parametrize("to", [State.CONFIRMED, State.DISMISSED, State.SETTLED, State.OPEN])
def test_a_move_that_the_table_lacks_is_refused(to: State) -> None:
    officer = compliance()
    alert = raised(unused(BranchFactory()))
    with pytest.raises(operations.MoveNotAllowed):
        operations.move_alert(alert_id=alert.pk, to=to, actor=officer, reason="x", at=AT)
    assert AlertMove.objects.count() == 0


def test_a_judgement_needs_a_reason_and_keeps_no_numbers_of_persons() -> None:
    officer = compliance()
    alert = moved(raised(unused(BranchFactory())), State.LOOKING)
    with pytest.raises(operations.MoveNotAllowed):
        operations.move_alert(
            alert_id=alert.pk, to=State.DISMISSED, actor=officer, reason="  ", at=AT
        )
    alert.refresh_from_db()
    assert alert.state == State.LOOKING
    operations.move_alert(
        alert_id=alert.pk, to=State.DISMISSED, actor=officer, reason="问过13812345678", at=AT
    )
    assert "13812345678" not in queries.history_of(alert)[-1].reason


def test_others_and_whom_it_concerns_do_not_move_it() -> None:
    branch = BranchFactory()
    StaffFactory(role=Role.BRANCH_MANAGER, branch=branch)
    concerned = StaffFactory(role=Role.COMPLIANCE, branch=branch)
    alert = raised(of_staff(concerned))
    for actor in (concerned, StaffFactory(role=Role.CAMPAIGN_MANAGER)):
        with pytest.raises(operations.MoveNotAllowed):
            operations.move_alert(
                alert_id=alert.pk, to=State.LOOKING, actor=actor, reason="", at=AT
            )
    assert moved(alert, State.LOOKING, by=compliance()).state == State.LOOKING


# --- the word of whom it concerns -----------------------------------------------------------------
def test_a_word_that_is_upheld_makes_the_alert_a_false_one() -> None:
    alert, person, judge = _about_somebody()
    operations.say_word(alert_id=alert.pk, actor=person, words="客户出国", at=AT)
    for nobody in (person, judge, StaffFactory(role=Role.ANALYST)):
        with pytest.raises(operations.AppealNotAllowed):
            operations.decide_appeal(
                alert_id=alert.pk, actor=nobody, is_upheld=True, reason="x", at=AT
            )
    assert Appeal.objects.get().is_waiting
    officer = compliance()
    assert [one.alert_id for one in _waiting(officer)] == [alert.pk]
    operations.decide_appeal(
        alert_id=alert.pk, actor=officer, is_upheld=True, reason="有出入境记录", at=AT
    )
    alert.refresh_from_db()
    assert alert.state == State.DISMISSED
    found = queries.precision(scope=scope_of(officer), reader=officer)
    told = {one.kind: one.share for one in found}[Kind.NEVER_USED]
    assert (told.of, told.whole) == (0, 1)
    assert list(_waiting(officer)) == []
    actions = ["alert.appealed", "alert.appeal_decided"]
    assert AuditEntry.objects.filter(action__in=actions).count() == 2


def _waiting(reader: Staff) -> list[Appeal]:
    return list(queries.waiting_appeals(scope=scope_of(reader), reader=reader))


def test_a_word_that_is_refused_leaves_the_alert() -> None:
    alert, person, _judge = _about_somebody()
    operations.say_word(alert_id=alert.pk, actor=person, words="客户出国", at=AT)
    operations.decide_appeal(
        alert_id=alert.pk, actor=compliance(), is_upheld=False, reason="无记录", at=AT
    )
    alert.refresh_from_db()
    assert alert.state == State.CONFIRMED
    with pytest.raises(operations.AppealNotAllowed):
        operations.say_word(alert_id=alert.pk, actor=person, words="再看", at=AT)
    assert Appeal.objects.count() == 1


def test_a_word_is_said_by_whom_it_concerns_to_what_was_confirmed() -> None:
    branch = BranchFactory()
    StaffFactory(role=Role.BRANCH_MANAGER, branch=branch)
    person = StaffFactory(role=Role.TELEMARKETER, branch=branch)
    alert = moved(raised(of_staff(person)), State.LOOKING)
    with pytest.raises(operations.AppealNotAllowed):
        operations.say_word(alert_id=alert.pk, actor=person, words="不是", at=AT)
    moved(alert, State.CONFIRMED)
    for actor, words in ((StaffFactory(branch=branch), "不是"), (person, "  ")):
        with pytest.raises(operations.AppealNotAllowed):
            operations.say_word(alert_id=alert.pk, actor=actor, words=words, at=AT)
    assert Appeal.objects.count() == 0
    assert [one.pk for one in queries.about(person)] == [alert.pk]


def test_nobody_is_told_before_it_is_confirmed() -> None:
    _alert, person, _judge = _about_somebody()
    other = raised(of_staff(person, period="x"))
    assert [one.pk for one in queries.about(person)] == [_alert.pk]
    assert other.state == State.OPEN
