"""The pages of windows and meetings, as those who may use them."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from merchants.models import Meeting, PartnerPromise, WindowNote
from merchants.windows import operations
from portal.kit import clock
from tests.factories import partnerships
from tests.factories.merchants import ContactFactory
from tests.merchants.windows import made

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]


def at(name: str, *arguments: Any) -> str:
    return reverse(name, args=arguments)


def day(days: int = 0) -> str:
    return (clock.today() + dt.timedelta(days=days)).isoformat()


def test_a_note_is_written_and_moved_by_its_page(client_of: ClientOf) -> None:
    row = partnerships.begun()
    client = client_of(row.manager)
    new = at("note_new", row.pk)
    assert client.get(new, {"pane": "ours"}).context["form"].initial["pane"] == "ours"
    given = {"pane": "theirs", "side": "merchant", "kind": "need", "said": "扩店", "contact": ""}
    assert client.post(new, {**given, "said": "打 13912345678"}).status_code == 422
    client.post(new, given)
    note = WindowNote.objects.get()
    page = client.get(at("window_page", row.pk))
    by_pane = {one.pane: list(one.notes) for one in page.context["panes"]}
    assert by_pane == {"open": [], "ours": [], "theirs": [note], "unknown": []}
    assert page.content.decode().count("data-move=") == 1
    dropped = client.get(at("note_page", note.pk), {"to": "ours"})  # no such move
    assert len(list(dropped.context["messages"])) == 1
    assert list(client.get(at("note_page", note.pk), {"to": "open"}).context["messages"]) == []
    move = {"to": "open", "after": 1, "said": ""}
    assert client.post(at("note_page", note.pk), move).status_code == 422
    client.post(at("note_page", note.pk), {**move, "said": "明年两家"})
    note.refresh_from_db()
    assert (note.pane, note.moved) == ("open", 2)
    client.post(at("note_page", note.pk), {"to": "gone", "after": 1, "said": "x"})
    note.refresh_from_db()
    assert note.moved == 2


def test_a_meeting_is_planned_prepared_and_written_down(client_of: ClientOf) -> None:
    row = partnerships.begun()
    person = ContactFactory(merchant=row.merchant)
    ours, theirs = made.noted(row, "ours"), made.noted(row, "theirs")
    client = client_of(row.manager)
    given = {
        "on_date": day(), "at_time": "14:30", "purpose": "谈明年", "contacts": [person.number],
    }  # fmt: skip
    assert client.post(at("meeting_new", row.pk), {**given, "on_date": day(-1)}).status_code == 422
    client.post(at("meeting_new", row.pk), given)
    meeting = Meeting.objects.get()
    sheet = client.get(at("meeting_page", meeting.pk)).context["sheet"]
    assert (sheet.ours, sheet.theirs, sheet.people) == ([ours], [theirs], [person])
    client.post(at("meeting_change", meeting.pk), {**given, "purpose": "谈分摊"})
    meeting.refresh_from_db()
    assert meeting.purpose == "谈分摊"
    home = client.get(reverse("home")).content.decode()
    assert at("meeting_page", meeting.pk) in home
    listed = client.get(at("meeting_list")).context["rows"]
    assert [(one["meeting"], one["hidden"]) for one in listed] == [(meeting, 2)]
    held = at("meeting_held", meeting.pk)
    said = {
        "result": "谈妥分摊", f"to_{ours.pk}": "open", f"after_{ours.pk}": 1,
        f"to_{theirs.pk}": "open", f"after_{theirs.pk}": 1, f"said_{theirs.pk}": "",
    }  # fmt: skip
    refused = client.post(held, said)
    assert list(refused.context["form"].errors) == [f"said_{theirs.pk}"]
    client.post(held, {**said, f"said_{theirs.pk}": "明年两家"})
    panes = dict(WindowNote.objects.values_list("pk", "pane"))
    meeting.refresh_from_db()
    assert (panes, meeting.state) == ({ours.pk: "open", theirs.pk: "open"}, "held")
    after = client.get(at("meeting_page", meeting.pk)).content.decode()
    assert ("谈妥分摊" in after, "明年两家" in after) == (True, True)
    assert at("meeting_page", meeting.pk) not in client.get(reverse("home")).content.decode()


def test_promises_and_calling_off(client_of: ClientOf) -> None:
    row = partnerships.begun()
    client = client_of(row.manager)
    given = {"side": "bank", "said": "送数字", "due_date": day(3)}
    client.post(at("promise_new", row.pk), {**given, "due_date": day(-1)})
    client.post(at("promise_new", row.pk), {**given, "due_date": ""})
    assert PartnerPromise.objects.count() == 0
    client.post(at("promise_new", row.pk), given)
    promise = PartnerPromise.objects.get()
    client.post(at("promise_settle", promise.pk, "broken"), {"result": ""})
    client.post(at("promise_settle", promise.pk, "kept"), {"result": ""})
    promise.refresh_from_db()
    assert promise.state == "kept"
    meeting = operations.plan_meeting(
        partnership_id=row.pk, on_date=clock.today(), at_time=None, purpose="谈", contacts=[],
        actor=row.manager, at=clock.now(),
    )  # fmt: skip
    client.post(at("meeting_call_off", meeting.pk), {"why": ""})
    client.post(at("meeting_call_off", meeting.pk), {"why": "对方出差"})
    meeting.refresh_from_db()
    assert (meeting.state, meeting.result) == ("called_off", "对方出差")


def test_colleagues_read_and_strangers_find_nothing(client_of: ClientOf) -> None:
    row = partnerships.begun()
    note, meeting, promise = made.noted(row), made.planned(row), made.promised(row)
    colleague = client_of(partnerships.manager(branch=row.branch))
    for name, key in (
        ("window_page", row.pk), ("partnership_window", row.pk), ("note_page", note.pk),
        ("meeting_page", meeting.pk),
    ):  # fmt: skip
        assert colleague.get(at(name, key)).status_code == 200
    doors = [
        ("note_new", row.pk), ("meeting_new", row.pk), ("meeting_held", meeting.pk),
        ("meeting_change", meeting.pk),
    ]  # fmt: skip
    assert {colleague.get(at(*door)).status_code for door in doors} == {403}
    assert colleague.post(at("note_page", note.pk), {"to": "open"}).status_code == 403
    assert colleague.post(at("promise_settle", promise.pk, "kept")).status_code == 403
    stranger = client_of(partnerships.manager())
    for name, key in (("window_page", row.pk), ("note_page", note.pk), *doors):
        assert stranger.get(at(name, key)).status_code == 404
    note.refresh_from_db()
    assert note.pane == "theirs"
    chief = client_of(partnerships.chief(row))
    assert chief.get(at("meeting_held", meeting.pk)).status_code == 200


def test_what_was_typed_after_a_meeting_outlives_a_colleagues_move(client_of: ClientOf) -> None:
    row = partnerships.begun()
    asked, shared = made.noted(row, "unknown"), made.noted(row, "ours")
    meeting = made.planned(row)
    client, held = client_of(row.manager), at("meeting_held", meeting.pk)
    said = {
        "result": "谈妥", f"to_{asked.pk}": "open", f"after_{asked.pk}": 1,
        f"said_{asked.pk}": "两家新店", f"to_{shared.pk}": "open", f"after_{shared.pk}": 1,
    }  # fmt: skip
    made.moved(asked, "theirs")
    made.moved(shared, "open")  # it is hidden no more
    refused = client.post(held, said)
    form = refused.context["form"]
    assert (refused.status_code, form[f"after_{asked.pk}"].value()) == (422, "2")
    assert (form["result"].value(), form[f"said_{asked.pk}"].value()) == ("谈妥", "两家新店")
    assert shared.words in str(form.non_field_errors())
    meeting.refresh_from_db()
    assert meeting.state == "planned"
    again = {name: form[name].value() for name in form.fields}
    assert client.post(held, again).status_code == 302
    asked.refresh_from_db()
    assert (asked.pane, asked.moved) == ("open", 3)


def test_what_was_typed_of_a_note_outlives_a_colleagues_move(client_of: ClientOf) -> None:
    row = partnerships.begun()
    chief = partnerships.chief(row)
    note = made.noted(row, "unknown")
    client, page = client_of(row.manager), at("note_page", note.pk)
    made.moved(note, "ours", said="来年拓店", actor=chief)
    typed = {"to": "theirs", "after": 1, "said": "店长在饭桌上说的"}
    back = client.post(page, typed)
    form = back.context["form"]
    assert (back.status_code, form["said"].value(), form["after"].value()) == (
        422, typed["said"], "2",
    )  # fmt: skip
    told = str(form.non_field_errors())
    assert (chief.label in told, note.moves.last().get_to_pane_display() in told) == (True, True)
    assert list(form.errors) == ["to", "__all__"]  # from there it does not go to theirs
    again = {name: form[name].value() for name in form.fields} | {"to": "open"}
    assert client.post(page, again).status_code == 302
    note.refresh_from_db()
    last = note.moves.order_by("number").last()
    assert (note.pane, note.moved, last and last.words) == ("open", 3, typed["said"])


def test_what_was_typed_of_a_note_that_is_gone_can_be_read(client_of: ClientOf) -> None:
    row = partnerships.begun()
    note = made.noted(row, "theirs")
    made.moved(note, "gone")
    typed = {"to": "open", "after": 1, "said": "店长在饭桌上说的"}
    back = client_of(row.manager).post(at("note_page", note.pk), typed)
    page = back.content.decode()
    assert (back.status_code, typed["said"] in page, "<form method" in page.split("<main")[1]) == (
        422, True, False,
    )  # fmt: skip
    note.refresh_from_db()
    assert note.moved == 2


def test_a_note_of_a_partnership_that_ended_keeps_what_was_typed(client_of: ClientOf) -> None:
    row = partnerships.begun()
    note = made.noted(row, "theirs")
    partnerships.moved(row, "ended", on=made.DAY)
    typed = {"to": "open", "after": 1, "said": "店长在饭桌上说的"}
    back = client_of(row.manager).post(at("note_page", note.pk), typed)
    assert (back.status_code, back.context["form"]["said"].value()) == (422, typed["said"])
    assert len(back.context["form"].non_field_errors()) == 1


def test_a_promise_that_is_refused_is_still_on_the_form(client_of: ClientOf) -> None:
    row = partnerships.begun()
    client = client_of(row.manager)
    late = {"side": "merchant", "said": "送来名单", "due_date": day(-1)}
    answer = client.post(at("promise_new", row.pk), late)
    assert (answer.status_code, answer.context["promise_form"]["said"].value()) == (422, "送来名单")
    assert answer.context["promise_form"].non_field_errors() == ["承诺的到期日只能是今天或以后。"]
    assert PartnerPromise.objects.count() == 0
