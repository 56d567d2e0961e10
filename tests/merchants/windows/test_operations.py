"""Notes move as the table allows, meetings move them together, promises are kept or not."""

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from merchants.models import Meeting, PartnerPromise, WindowMove, WindowNote
from merchants.partnerships import queries as partnership_queries
from merchants.windows import operations, queries
from merchants.windows.enums import Pane
from merchants.windows.rules import panes
from portal.models import AuditEntry
from tests.factories import partnerships
from tests.factories.merchants import ContactFactory, ContractFactory
from tests.merchants.refusals import made as refusals
from tests.merchants.windows import made
from tests.project.rows import row_of

ALLOWED = {
    ("ours", "open"), ("theirs", "open"), ("unknown", "open"), ("unknown", "ours"),
    ("unknown", "theirs"), ("open", "gone"), ("ours", "gone"), ("theirs", "gone"),
    ("unknown", "gone"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after"), list(itertools.product(Pane.values, [*Pane.values, "x"]))
)
def test_which_pane_follows_which(before: str, after: str) -> None:
    assert (panes.refusal(before, after, "知道了") == "") is ((before, after) in ALLOWED)


@pytest.mark.parametrize(("before", "after"), sorted(ALLOWED))
def test_only_what_we_share_needs_no_words(before: str, after: str) -> None:
    assert (panes.refusal(before, after, "") == "") is ((before, after) == ("ours", "open"))


@pytest.mark.django_db
def test_a_note_goes_its_way_and_keeps_it() -> None:
    row = partnerships.begun()
    note = made.noted(row, "unknown")
    for to in ("unknown", "gone"):
        with pytest.raises(operations.WindowNotAllowed):
            made.moved(note, to, said="")
    made.moved(note, "ours", said="行内数据显示午市空置")
    with pytest.raises(operations.MovedMeanwhile):
        made.moved(note, "open", after=1)
    with pytest.raises(operations.WindowNotAllowed):
        made.moved(note, "open", actor=partnerships.manager())
    made.moved(note, "open", said="", at=made.at(3))
    with pytest.raises(operations.WindowNotAllowed):
        made.moved(note, "ours", at=made.at(4))
    way = [(one.from_pane, one.to_pane, one.on_date) for one in note.moves.order_by("number")]
    later = made.DAY + dt.timedelta(days=3)
    assert way == [("", "unknown", made.DAY), ("unknown", "ours", made.DAY),
                   ("ours", "open", later)]  # fmt: skip
    note.refresh_from_db()
    assert (note.pane, note.moved) == ("open", 3)
    assert AuditEntry.objects.filter(action="window.note_moved").count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [
        {"said": "打 13912345678"}, {"said": " "}, {"pane": "gone"}, {"side": "moon"},
        {"contact": "nobody"},
    ],
)  # fmt: skip
def test_what_is_not_written_into_a_window(values: dict[str, Any]) -> None:
    row = partnerships.begun()
    with pytest.raises(operations.WindowNotAllowed):
        made.noted(row, **{"pane": "ours", **values})
    assert WindowNote.objects.count() == 0


@pytest.mark.django_db
def test_nothing_is_written_once_a_partnership_has_ended() -> None:
    row = partnerships.begun()
    meeting, promise = made.planned(row), made.promised(row)
    partnerships.moved(row, "ended", on=made.DAY)
    for step in (made.noted, made.planned, made.promised):
        with pytest.raises(operations.WindowNotAllowed):
            step(row)
    given: dict[str, Any] = {"actor": row.manager, "at": made.at()}
    operations.call_off_meeting(meeting_id=meeting.pk, why="已终止", **given)
    operations.settle_promise(promise_id=promise.pk, kept=False, result="已终止", **given)
    assert (Meeting.objects.get().state, PartnerPromise.objects.get().state) == (
        "called_off", "broken",
    )  # fmt: skip


@pytest.mark.django_db
def test_a_meeting_is_planned_changed_and_moves_what_was_discussed_all_or_nothing() -> None:
    row = partnerships.begun()
    people = [ContactFactory(merchant=row.merchant) for _number in range(2)]
    ours, theirs = made.noted(row, "ours"), made.noted(row, "theirs")
    meeting = made.planned(row, contacts=[people[0].number])
    given: dict[str, Any] = {"meeting_id": meeting.pk, "actor": row.manager}
    operations.change_meeting(
        on_date=made.DAY + dt.timedelta(days=2), at_time=None, purpose="改谈分摊",
        contacts=[people[1].number], at=made.at(), **given,
    )  # fmt: skip
    assert queries.people_of(meeting) == [people[1]]
    early: dict[str, Any] = {"result": "谈妥", "discussed": [], "at": made.at(1)}
    with pytest.raises(operations.WindowNotAllowed):  # it is still to come
        operations.hold_meeting(**early, **given)
    shared = operations.Discussed(ours.pk, "open", 1, "")
    unsaid = operations.Discussed(theirs.pk, "open", 1, "")
    foreign = operations.Discussed(made.noted(partnerships.begun()).pk, "open", 1, "x")
    for wrong in (unsaid, foreign):
        with pytest.raises(operations.WindowNotAllowed):
            operations.hold_meeting(
                result="谈妥", discussed=[shared, wrong], at=made.at(2), **given
            )
    ours.refresh_from_db()
    assert (ours.pane, Meeting.objects.get().state) == ("ours", "planned")
    learnt = operations.Discussed(theirs.pk, "open", 1, "明年开两家")
    operations.hold_meeting(result="谈妥", discussed=[shared, learnt], at=made.at(2), **given)
    held = Meeting.objects.get()
    assert (held.state, held.result) == ("held", "谈妥")
    assert set(held.moves.values_list("note", "to_pane")) == {
        (ours.pk, "open"), (theirs.pk, "open"),
    }  # fmt: skip
    with pytest.raises(operations.WindowNotAllowed):
        operations.call_off_meeting(why="x", at=made.at(2), **given)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [{"on_date": made.DAY - dt.timedelta(days=1)}, {"purpose": ""}, {"contacts": ["nobody"]}],
)
def test_meetings_that_are_not_planned(values: dict[str, Any]) -> None:
    row = partnerships.begun()
    with pytest.raises(operations.WindowNotAllowed):
        made.planned(row, **values)
    assert Meeting.objects.count() == 0


@pytest.mark.django_db
def test_the_sheet_gathers_what_is_hidden_refused_promised_and_agreed() -> None:
    row = partnerships.begun()
    notes = {pane: made.noted(row, pane, said=f"事{pane}") for pane in panes.FOUR}
    made.moved(made.noted(row, "ours"), "gone", said="过时")
    refusal = refusals.refused(row)
    due = made.promised(row, due_date=made.DAY)
    later = made.promised(row, side="merchant")
    kept = made.promised(row)
    operations.settle_promise(
        promise_id=kept.pk, kept=True, result="", actor=row.manager, at=made.at()
    )
    ContractFactory(
        merchant=row.merchant, signed_date=made.DAY, first_date=made.DAY,
        last_date=made.DAY + dt.timedelta(days=40),
    )  # fmt: skip
    sheet = queries.sheet_of(meeting=made.planned(row))
    assert [sheet.open, sheet.ours, sheet.theirs, sheet.unknown] == [
        [notes["open"]], [notes["ours"]], [notes["theirs"]], [notes["unknown"]],
    ]  # fmt: skip
    assert [(one.refusal, len(one.answers)) for one in sheet.doubts] == [(refusal, 2)]
    assert [(one.promise, one.is_due) for one in sheet.promises] == [(due, True), (later, False)]
    assert (sheet.days_left, sheet.has_points) == (40, True)
    assert sheet.content is not None


@pytest.mark.django_db
def test_promises_broken_or_overdue_are_known_of_the_partnership() -> None:
    row, other = partnerships.begun(), partnerships.begun()
    made.promised(row, due_date=made.DAY)
    broken = made.promised(row, side="merchant")
    with pytest.raises(operations.WindowNotAllowed):
        operations.settle_promise(
            promise_id=broken.pk, kept=False, result="", actor=row.manager, at=made.at()
        )
    operations.settle_promise(
        promise_id=broken.pk, kept=False, result="未派人", actor=row.manager, at=made.at()
    )
    known = partnership_queries.evidence_of(
        partnerships=[row, other], on=made.DAY + dt.timedelta(days=9)
    )
    names = ("promises_bank", "promises_merchant")
    assert [known[row.pk].value(name) for name in names] == [Decimal(1), Decimal(1)]
    assert [known[other.pk].value(name) for name in names] == [None, None]
    on_time = partnership_queries.evidence_of(partnerships=[row], on=made.DAY)[row.pk]
    assert on_time.value("promises_bank") == 0
    assert on_time.value("promises_merchant") == 1  # broken before its day


GUARDED = [
    ("merchants_windownote", "WindowNote", "words = 'x'"),
    ("merchants_windownote", "WindowNote", "pane = 'open', moved = 2"),
    ("merchants_windowmove", "WindowMove", "words = 'y'"),
    ("merchants_meeting", "Meeting", "planned_by_id = NULL"),
    ("merchants_partnerpromise", "PartnerPromise", "words = 'y'"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("table", "model", "change"), GUARDED)
def test_the_database_keeps_windows(table: str, model: str, change: str) -> None:
    row = row_of(f"merchants.{model}")
    for sql in (f"UPDATE {table} SET {change} WHERE id = %s", f"DELETE FROM {table} WHERE id = %s"):
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(sql, [row.pk])
    row.refresh_from_db()


@pytest.mark.django_db
def test_the_database_lets_nothing_follow_wrongly_or_belong_to_another() -> None:
    note = row_of("merchants.WindowNote")
    before = list(WindowMove.objects.order_by("id"))
    for values in (
        {"number": 1}, {"number": 9}, {"from_pane": "ours"}, {"on_date": dt.date(2000, 1, 1)},
        {"meeting": row_of("merchants.Meeting")},
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            row_of("merchants.WindowMove", note=note, **values)
    with pytest.raises(DatabaseError), transaction.atomic():
        row_of("merchants.WindowNote", contact=ContactFactory())
    with pytest.raises(DatabaseError), transaction.atomic():
        row_of("merchants.PartnerPromise", meeting=row_of("merchants.Meeting"))
    held = row_of("merchants.MeetingPerson")
    with pytest.raises(DatabaseError), transaction.atomic():
        row_of("merchants.MeetingPerson", meeting=held.meeting, contact=ContactFactory())
    Meeting.objects.filter(pk=held.meeting_id).update(
        state="held", result="x", settled_by=held.meeting.planned_by, settled_at=made.at()
    )
    for sql in (
        "DELETE FROM merchants_meetingperson", "UPDATE merchants_meetingperson SET contact_id = 0",
        "UPDATE merchants_meeting SET result = 'y' WHERE state = 'held'",
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(sql)
    assert list(WindowMove.objects.order_by("id")) == before


@pytest.mark.django_db(transaction=True)
def test_a_note_without_a_first_move_cannot_be_committed() -> None:
    row = partnerships.begun()
    with pytest.raises(DatabaseError), transaction.atomic():
        WindowNote.objects.create(
            partnership=row, side="bank", kind="need", words="x", written_by=row.manager,
            written_at=made.at(),
        )  # fmt: skip
    assert WindowNote.objects.count() == 0
