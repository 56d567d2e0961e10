"""Leading partnerships: what is written, what is refused with which sentence, and what stays."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from merchants.models import (
    MoveRequest,
    Partnership,
    PartnershipTask,
    PhaseSuggestion,
)
from merchants.partnerships import operations, queries
from merchants.partnerships.enums import Phase
from merchants.partnerships.rules import evidence
from portal.kit import clock
from portal.models import AuditEntry
from portal.staff.enums import Role
from tests.factories import partnerships as made
from tests.factories.merchants import MerchantFactory
from tests.factories.portal import BranchFactory, StaffFactory

pytestmark = pytest.mark.django_db
FIRST = made.FIRST


def day(number: int) -> dt.date:
    return FIRST + dt.timedelta(days=number)


def story(partnership: Partnership) -> list[tuple[Any, ...]]:
    rows = partnership.changes.order_by("number")
    return [(row.number, row.from_phase, row.to_phase, row.on_date) for row in rows]


def tasks(partnership: Partnership) -> list[tuple[str, str]]:
    rows = PartnershipTask.objects.filter(partnership=partnership).order_by("change", "place")
    return [(row.change.to_phase, row.state) for row in rows]


def test_a_partnership_begins_with_its_first_move_and_the_tasks_of_the_phase() -> None:
    row = made.begun()
    row.refresh_from_db()
    assert (row.phase, row.since, row.moved) == ("prospect", FIRST, 1)
    assert story(row) == [(1, "", "prospect", FIRST)]
    book = queries.playbook_for(phase="prospect", branch_path=row.branch.path)
    assert book is not None
    assert tasks(row) == [("prospect", "open")] * len(book.plain.tasks)
    first = PartnershipTask.objects.filter(partnership=row).order_by("place").first()
    assert first is not None
    assert (first.title, first.due_date) == (book.plain.tasks[0].words.zh, day(2))
    kept = row.changes.get().evidence
    assert evidence.read(kept).value("tasks_overdue") == 0
    assert evidence.read(kept).value("turnover") is None


@pytest.mark.parametrize("phase", [one for one in Phase if one != Phase.ENDED])
def test_a_book_is_delivered_for_each_phase_with_all_its_parts(phase: Phase) -> None:
    book = queries.playbook_for(phase=phase, branch_path=BranchFactory().path)
    assert book is not None
    plain = book.plain
    for words in (plain.goals, plain.tracks, plain.measures, [one.words for one in plain.tasks]):
        assert len(words) >= 2
        assert all(one.zh and one.en for one in words)
    assert all(task.days > 0 for task in plain.tasks)


def test_what_was_left_undone_stands_in_the_evidence_of_the_next_move() -> None:
    row = made.begun()
    due = PartnershipTask.objects.filter(partnership=row, due_date__lt=day(70))
    assert due.count() >= 2
    first = due.order_by("place").first()
    assert first is not None
    operations.finish_task(task_id=first.pk, note="", actor=row.manager, at=clock.start_of(day(1)))
    made.moved(row, "comparison", on=day(70))
    kept = row.changes.order_by("-number")[0].evidence
    assert evidence.read(kept).value("tasks_overdue") == due.count() - 1


def test_it_is_opened_by_who_manages_the_merchant_and_once() -> None:
    row = made.begun()
    given: dict[str, Any] = {
        "merchant_id": row.merchant_id, "scenarios": [], "phase": "prospect", "reason": "x",
        "at": clock.start_of(FIRST),
    }  # fmt: skip
    with pytest.raises(operations.AlreadyOpen):
        operations.open_partnership(actor=row.manager, **given)
    other = made.manager(branch=row.branch)
    with pytest.raises(operations.PartnershipNotAllowed, match=other.label):
        operations.open_partnership(actor=other, **given)
    with pytest.raises(operations.MoveNotAllowed):
        operations.open_partnership(actor=row.manager, **{**given, "phase": "perfect"})
    given["merchant_id"] = MerchantFactory(branch=row.branch).pk
    with pytest.raises(operations.PartnershipNotAllowed):
        operations.open_partnership(actor=row.manager, **given)
    assert Partnership.objects.count() == 1


def test_after_an_end_another_can_be_opened() -> None:
    row = made.begun()
    made.moved(row, "ended", on=day(1))
    again = operations.open_partnership(
        merchant_id=row.merchant_id, scenarios=["travel", "dining"], phase="comparison",
        reason="再来", actor=row.manager, at=clock.start_of(day(2)),
    )  # fmt: skip
    assert (again.phase, again.scenarios) == ("comparison", ["dining", "travel"])


def test_a_move_is_a_row_and_the_partnership_follows_it() -> None:
    row = made.begun()
    change = made.moved(row, "comparison", on=day(3), reason="三家可比 13800138000")
    row.refresh_from_db()
    assert (row.phase, row.since, row.moved) == ("comparison", day(3), 2)
    assert story(row) == [(1, "", "prospect", FIRST), (2, "prospect", "comparison", day(3))]
    assert "13800138000" not in change.reason
    states = {state for phase, state in tasks(row) if phase == "prospect"}
    assert states == {"left"}
    assert {state for phase, state in tasks(row) if phase == "comparison"} == {"open"}
    entry = AuditEntry.objects.filter(action="partnership.moved").latest("id")
    assert (entry.actor, entry.changes["to_phase"]) == (row.manager, "comparison")


@pytest.mark.parametrize("to", ["perfect", "wavering", "adjustment", "prospect"])
def test_what_the_table_does_not_know_is_refused(to: str) -> None:
    row = made.begun()
    with pytest.raises(operations.MoveNotAllowed):
        made.moved(row, to, on=day(3))
    assert story(row) == [(1, "", "prospect", FIRST)]


def test_a_guard_says_what_is_missing() -> None:
    row = made.begun(peers=1)
    with pytest.raises(operations.MoveNotAllowed, match="1"):
        made.moved(row, "comparison", on=day(3))
    assert story(row) == [(1, "", "prospect", FIRST)]


def test_a_reason_must_be_given_and_a_stranger_may_not() -> None:
    row = made.begun()
    with pytest.raises(operations.PartnershipNotAllowed):
        made.moved(row, "comparison", on=day(3), reason="  ")
    stranger = made.manager(branch=row.branch)
    with pytest.raises(operations.PartnershipNotAllowed, match=stranger.label):
        made.moved(row, "comparison", on=day(3), actor=stranger)
    analyst = StaffFactory(role=Role.ANALYST)
    with pytest.raises(operations.PartnershipNotAllowed):
        made.moved(row, "comparison", on=day(3), actor=analyst)
    elsewhere = StaffFactory(role=Role.BRANCH_MANAGER, branch=BranchFactory())
    with pytest.raises(operations.PartnershipNotAllowed):
        made.moved(row, "comparison", on=day(3), actor=elsewhere)
    assert row.changes.count() == 1
    made.moved(row, "comparison", on=day(3), actor=made.chief(row))
    assert row.changes.count() == 2


def test_a_contract_that_holds_stands_for_a_second_person() -> None:
    row = made.in_phase("comparison")
    with pytest.raises(operations.SecondPersonNeeded):
        made.moved(row, "confirmed", on=day(90))
    made.contracted(row, on=day(91))
    with pytest.raises(operations.SecondPersonNeeded):
        made.moved(row, "confirmed", on=day(90))
    made.moved(row, "confirmed", on=day(91))
    row.refresh_from_db()
    assert row.phase == "confirmed"


def test_a_move_within_the_days_of_a_phase_says_from_when_it_is_free() -> None:
    row = made.in_phase("wavering")
    since = row.since
    assert since is not None
    free = since + dt.timedelta(days=14)
    with pytest.raises(operations.SecondPersonNeeded, match=str(free)):
        made.moved(row, "adjustment", on=free - dt.timedelta(days=1))
    made.moved(row, "adjustment", on=free)
    with pytest.raises(operations.SecondPersonNeeded, match=str(free + dt.timedelta(days=30))):
        made.moved(row, "wavering", on=free + dt.timedelta(days=29))
    made.moved(row, "wavering", on=free + dt.timedelta(days=30))
    assert [change[2] for change in story(row)][-2:] == ["adjustment", "wavering"]


def test_a_second_person_allows_a_move_and_is_named_by_it() -> None:
    row = made.in_phase("comparison")
    request = made.asked(row, "confirmed", on=day(80))
    with pytest.raises(operations.MoveNotAllowed):
        made.asked(row, "confirmed", on=day(80))
    assert row.changes.count() == 2
    submission = made.decided(request, "approve", on=day(81))
    row.refresh_from_db()
    change = row.changes.latest("number")
    assert (row.phase, row.since) == ("confirmed", day(81))
    assert (change.approval, change.actor) == (submission, row.manager)
    request.refresh_from_db()
    assert request.state == "approved"


@pytest.mark.parametrize("verdict", ["return", "withdraw"])
def test_a_move_that_is_not_allowed_is_not_made_and_may_be_asked_again(verdict: str) -> None:
    row = made.in_phase("comparison")
    request = made.asked(row, "confirmed", on=day(80))
    if verdict == "return":
        made.decided(request, "return", on=day(81), reason="缺合同")
    else:
        operations.withdraw_move(
            request_id=request.pk, actor=row.manager, at=clock.start_of(day(81))
        )
    row.refresh_from_db()
    assert (row.phase, row.moved) == ("comparison", 2)
    assert [row.state for row in MoveRequest.objects.all()] == ["returned"]
    made.asked(row, "confirmed", on=day(82))


def test_a_request_is_void_when_somebody_moved_the_partnership() -> None:
    from portal.approvals.operations import ChangedSince

    row = made.in_phase("comparison")
    request = made.asked(row, "confirmed", on=day(90))
    made.moved(row, "ended", on=day(91))
    with pytest.raises(ChangedSince):
        made.decided(request, "approve", on=day(92))
    row.refresh_from_db()
    request.refresh_from_db()
    assert (row.phase, request.state) == ("ended", "returned")


def test_who_saw_an_older_state_is_told_who_moved_it() -> None:
    row = made.begun()
    made.moved(row, "comparison", on=day(3))
    with pytest.raises(operations.MovedMeanwhile, match=row.manager.label):
        made.moved(row, "comparison", on=day(4), after=1)
    assert row.changes.count() == 2


def test_no_move_is_put_before_another() -> None:
    row = made.in_phase("comparison")
    with pytest.raises(operations.MoveNotAllowed):
        made.moved(row, "ended", on=day(69))
    assert row.changes.count() == 2


def evidence_on(row: Partnership, on: dt.date) -> evidence.Evidence:
    return queries.evidence_of(partnerships=[row], on=on)[row.pk]


FELL = {"code": "fell", "since": "2026-05-11", "percent": 21.5, "least": 15, "most": 27}


def suggested(row: Partnership, to: str, on: dt.date) -> PhaseSuggestion:
    return operations.suggest_move(
        partnership_id=row.pk, to=to, reasons=[FELL],
        evidence=evidence_on(row, on), on=on,
    )  # fmt: skip


def test_a_suggestion_is_accepted_by_the_move_or_declined_with_a_reason_and_both_count() -> None:
    row = made.in_phase("confirmed")
    on = day(200)
    first = suggested(row, "wavering", on)
    with pytest.raises(operations.PartnershipNotAllowed):
        operations.decline_suggestion(
            suggestion_id=first.pk, reason=" ", actor=row.manager, at=clock.start_of(on)
        )
    operations.decline_suggestion(
        suggestion_id=first.pk, reason="装修停业两周", actor=row.manager, at=clock.start_of(on)
    )
    second = suggested(row, "wavering", on)
    change = made.moved(row, "wavering", on=on, suggestion_id=second.pk)
    assert (change.suggestion_id, change.to_phase) == (second.pk, "wavering")
    with pytest.raises(operations.NotOpen):
        operations.decline_suggestion(
            suggestion_id=second.pk, reason="太晚", actor=row.manager, at=clock.start_of(on)
        )
    counts = queries.settled_counts(scope=_whole())
    assert (counts.accepted, counts.declined, counts.open, counts.total) == (1, 1, 0, 2)


def _whole() -> Any:
    from portal.staff.access import Scope

    return Scope(branch_path="")


def test_another_move_overtakes_a_suggestion() -> None:
    row = made.in_phase("confirmed")
    kept = suggested(row, "wavering", day(200))
    assert suggested(row, "wavering", day(200)) == kept
    made.moved(row, "adjustment", on=day(200))
    kept.refresh_from_db()
    assert kept.state == "lapsed"


def test_a_managers_suggestions_of_a_week_are_limited() -> None:
    leader = made.manager()
    rows = [made.in_phase("confirmed", manager=leader) for _number in range(3)]
    monday = dt.date(2026, 7, 6)
    for row in rows[:2]:
        suggested(row, "wavering", monday)
    with pytest.raises(operations.NoAlarmsLeft):
        suggested(rows[2], "wavering", monday + dt.timedelta(days=6))
    assert PhaseSuggestion.objects.count() == 2
    suggested(rows[2], "wavering", monday + dt.timedelta(days=7))
    other = made.in_phase("confirmed")
    suggested(other, "wavering", monday)
    assert PhaseSuggestion.objects.count() == 4


def test_what_the_table_does_not_know_is_not_suggested() -> None:
    row = made.in_phase("perfect")
    with pytest.raises(operations.MoveNotAllowed):
        suggested(row, "confirmed", day(300))
    assert PhaseSuggestion.objects.count() == 0


def test_tasks_are_done_or_skipped_with_a_reason_once() -> None:
    row = made.begun()
    first, second = PartnershipTask.objects.filter(partnership=row).order_by("place")[:2]
    at = clock.start_of(day(1))
    operations.finish_task(task_id=first.pk, note="", actor=row.manager, at=at)
    with pytest.raises(operations.PartnershipNotAllowed):
        operations.skip_task(task_id=second.pk, reason="", actor=row.manager, at=at)
    operations.skip_task(task_id=second.pk, reason="对方出差", actor=made.chief(row), at=at)
    with pytest.raises(operations.TaskSettled):
        operations.finish_task(task_id=second.pk, note="", actor=row.manager, at=at)
    with pytest.raises(operations.PartnershipNotAllowed):
        operations.finish_task(
            task_id=second.pk, note="", actor=made.manager(branch=row.branch), at=at
        )
    found = PartnershipTask.objects.filter(partnership=row).order_by("place")
    assert [task.state for task in found][:3] == ["done", "skipped", "open"]


def test_a_branch_writes_its_own_playbook_and_tasks_come_from_it() -> None:
    row = made.begun()
    chief = made.chief(row)
    content = queries.playbook_for(phase="comparison", branch_path=row.branch.path).plain  # type: ignore[union-attr]
    short = type(content)(content.goals, content.tasks[:1], content.tracks, content.measures)
    given: dict[str, Any] = {
        "phase": "comparison", "content": short, "reason": "简化", "at": clock.start_of(FIRST),
    }  # fmt: skip
    with pytest.raises(operations.PartnershipNotAllowed):
        operations.write_playbook(actor=row.manager, after=0, **given)
    operations.write_playbook(actor=chief, after=0, **given)
    with pytest.raises(operations.PlaybookChanged):
        operations.write_playbook(actor=chief, after=0, **given)
    made.moved(row, "comparison", on=day(3))
    assert [phase for phase, _state in tasks(row)].count("comparison") == 1
    elsewhere = made.begun()
    made.moved(elsewhere, "comparison", on=day(3))
    assert [phase for phase, _state in tasks(elsewhere)].count("comparison") == len(content.tasks)


def test_days_of_tasks_are_working_days_of_the_banks_calendar() -> None:
    from journeys.models import CalendarDay

    friday = dt.date(2026, 3, 6)
    assert queries.workday_after(friday, 0) == friday
    assert queries.workday_after(friday, 1) == dt.date(2026, 3, 9)
    assert queries.workday_after(friday, 6) == dt.date(2026, 3, 16)
    CalendarDay.objects.create(day=dt.date(2026, 3, 7), is_workday=True, name="补班", source="x")
    CalendarDay.objects.create(day=dt.date(2026, 3, 9), is_workday=False, name="假", source="x")
    assert queries.workday_after(friday, 1) == dt.date(2026, 3, 7)
    assert queries.workday_after(friday, 2) == dt.date(2026, 3, 10)


def test_turnover_is_known_from_the_days_of_the_merchant_and_from_nothing_else() -> None:
    from journeys.models import MerchantDay

    row, other = made.begun(), made.begun()
    on = day(200)
    for back, amount in ((1, 40), (90, 60), (91, 300), (180, 100)):
        MerchantDay.objects.create(
            merchant=row.merchant, day=on - dt.timedelta(days=back), purchases=1, refunds=0,
            amount=Decimal(amount),
        )  # fmt: skip
    known = queries.evidence_of(partnerships=[row, other], on=on)
    assert known[row.pk].value("turnover") == 100
    assert known[row.pk].value("turnover_before") == 400
    assert known[row.pk].value("turnover_year_ago") is None
    assert evidence.change_percent(known[row.pk]) == Decimal("-75.0")
    assert known[other.pk].value("turnover") is None
    assert known[other.pk].value("redemptions") == 0
