"""What was typed of a partnership outlives a colleague who was faster: it comes back with what
changed."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from merchants.models import Partnership, PhaseSuggestion
from merchants.partnerships import operations, queries
from portal.kit import clock
from tests.factories import partnerships as made
from tests.merchants.partnerships.test_operations import FELL

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]


def at(name: str, *arguments: Any) -> str:
    return reverse(name, args=arguments)


def ago(days: int) -> dt.date:
    return clock.today() - dt.timedelta(days=days)


def typed_in(form: Any) -> dict[str, Any]:
    """What a browser would send of a form that came back."""
    values = {name: form[name].value() for name in form.fields}
    return {name: str(value) for name, value in values.items() if value is not None}


def suggested(row: Partnership, to: str) -> PhaseSuggestion:
    known = queries.evidence_of(partnerships=[row], on=clock.today())[row.pk]
    operations.suggest_move(
        partnership_id=row.pk, to=to, evidence=known, on=clock.today(),
        reasons=[{**FELL, "percent": 31.5}],
    )  # fmt: skip
    found = queries.suggestion_of(row)
    assert found is not None
    return found


def test_a_move_comes_back_filled_with_what_a_colleague_moved(client_of: ClientOf) -> None:
    row = made.begun(on=ago(90))
    chief = made.chief(row)
    made.moved(row, "comparison", on=ago(60), actor=chief)
    client, page = client_of(row.manager), at("partnership_move", row.pk)
    typed = {"to": "ended", "after": 1, "reason": "门店全部关闭"}
    back = client.post(page, typed)
    form = back.context["form"]
    assert (back.status_code, form["reason"].value(), form["after"].value()) == (
        422, "门店全部关闭", "2",
    )  # fmt: skip
    assert chief.label in form.non_field_errors()[0]
    assert row.changes.count() == 2
    assert client.post(page, typed_in(form)).status_code == 302
    row.refresh_from_db()
    assert (row.phase, row.changes.get(number=3).reason) == ("ended", "门店全部关闭")


@pytest.mark.parametrize("step", [{}, {"ask": "1"}])
def test_a_move_that_is_possible_no_more_asks_where_to_and_keeps_the_reason(
    client_of: ClientOf, step: dict[str, str]
) -> None:
    row = made.begun(on=ago(90))
    made.moved(row, "comparison", on=ago(60))
    client, page = client_of(row.manager), at("partnership_move", row.pk)
    back = client.post(page, {"to": "comparison", "after": 1, "reason": "可比", **step})
    form = back.context["form"]
    assert (back.status_code, form["reason"].value()) == (422, "可比")
    ways = [code for code, _label in form.fields["to"].widget.choices]
    assert ("comparison" in ways, "ended" in ways) == (False, True)
    assert "可比" in back.content.decode()
    assert client.post(page, typed_in(form) | {"to": "ended"}).status_code == 302
    row.refresh_from_db()
    assert (row.phase, row.changes.get(number=3).reason) == ("ended", "可比")


def test_what_was_typed_of_a_partnership_that_ended_can_be_read(client_of: ClientOf) -> None:
    row = made.begun(on=ago(90))
    made.moved(row, "ended", on=ago(60))
    back = client_of(row.manager).post(
        at("partnership_move", row.pk), {"to": "comparison", "after": 1, "reason": "可比"}
    )
    page = back.content.decode().split("<main")[1]
    assert (back.status_code, "可比" in page, "<form" in page) == (422, True, False)
    assert row.changes.count() == 2


def test_a_move_that_follows_a_suggestion_outlives_it(client_of: ClientOf) -> None:
    row = made.in_phase("confirmed", on=ago(300))
    found = suggested(row, "wavering")
    client, page = client_of(row.manager), at("partnership_move", row.pk)
    start = client.get(page, {"to": "wavering", "suggestion": "1"}).context["form"].initial
    operations.decline_suggestion(
        suggestion_id=found.pk, reason="装修", actor=made.chief(row), at=clock.now()
    )
    back = client.post(page, {**start, "reason": "属实"})
    form = back.context["form"]
    assert (back.status_code, form["reason"].value(), form["suggestion"].value()) == (
        422, "属实", "",
    )  # fmt: skip
    assert client.post(page, typed_in(form)).status_code == 302
    row.refresh_from_db()
    last = row.changes.get(number=row.moved)
    assert (row.phase, last.reason, last.suggestion) == ("wavering", "属实", None)
    found.refresh_from_db()
    assert found.state == "declined"


def test_words_about_what_a_colleague_settled_can_be_read(client_of: ClientOf) -> None:
    row = made.in_phase("confirmed", on=ago(300))
    found, chief, task = suggested(row, "wavering"), made.chief(row), row.tasks.last()
    assert task is not None
    operations.decline_suggestion(
        suggestion_id=found.pk, reason="装修", actor=chief, at=clock.now()
    )
    operations.finish_task(task_id=task.pk, note="已核对", actor=chief, at=clock.now())
    client = client_of(row.manager)
    for url in (
        at("suggestion_decline", row.pk), at("task_settle", task.pk, "done"),
        at("task_settle", task.pk, "skip"),
    ):  # fmt: skip
        back = client.post(url, {"words": "季节性回落，不属下降"})
        shown = back.content.decode().split('id="typed"')[1].split("</textarea>")[0]
        assert (back.status_code, "季节性回落，不属下降" in shown) == (422, True)
    found.refresh_from_db()
    task.refresh_from_db()
    assert (found.words, task.words) == ("装修", "已核对")


def test_a_reason_declines_the_suggestion_that_was_read_and_no_later_one(
    client_of: ClientOf,
) -> None:
    row = made.in_phase("confirmed", on=ago(300))
    first = suggested(row, "wavering")
    client, page = client_of(row.manager), at("partnership_page", row.pk)
    assert f'name="suggestion" value="{first.pk}"' in client.get(page).content.decode()
    operations.decline_suggestion(
        suggestion_id=first.pk, reason="装修", actor=made.chief(row), at=clock.now()
    )
    later, url = suggested(row, "adjustment"), at("suggestion_decline", row.pk)
    back = client.post(url, {"words": "季节性回落", "suggestion": first.pk})
    shown = back.content.decode()
    assert (back.status_code, "季节性回落" in shown) == (422, True)
    later.refresh_from_db()
    assert (later.state, later.words) == ("open", "")
    assert client.post(url, {"words": "季节性回落", "suggestion": later.pk}).status_code == 302
    later.refresh_from_db()
    assert (later.state, later.words) == ("declined", "季节性回落")
