"""The pages of partnerships, as those who may use them."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from merchants.models import MoveRequest, Partnership, PhaseSuggestion, Playbook
from merchants.partnerships import operations, queries
from merchants.partnerships.rules import moves
from portal.kit import clock
from tests.factories import partnerships as made
from tests.factories.merchants import ContractFactory, MerchantFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.merchants.partnerships.test_operations import FELL

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]


def ago(days: int) -> dt.date:
    return clock.today() - dt.timedelta(days=days)


def at(name: str, *arguments: Any) -> str:
    return reverse(name, args=arguments)


def test_the_board_has_a_column_for_each_phase_and_my_cards_can_be_moved(
    client_of: ClientOf,
) -> None:
    me = made.manager()
    mine = made.begun(on=ago(20), manager=me)
    other = made.begun(on=ago(20), manager=made.manager(branch=me.branch))
    made.begun(on=ago(20))  # elsewhere
    answer = client_of(me).get(at("partnership_board"))
    columns = {one["column"].phase: one for one in answer.context["columns"]}
    assert list(columns) == [
        "prospect", "comparison", "confirmed", "perfect", "wavering", "adjustment",
    ]  # fmt: skip
    cards = {card["row"]: card["may_lead"] for card in columns["prospect"]["cards"]}
    assert cards == {mine: True, other: False}
    page = answer.content.decode()
    assert page.count("data-move=") == page.count('class="board-move"') == 1
    only = client_of(me).get(at("partnership_board"), {"whose": "mine"})
    assert [one["column"].count for one in only.context["columns"]] == [1, 0, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("role", "is_offered"),
    [("branch_manager", True), ("relationship_manager", True), ("campaign_manager", False)],
)
def test_the_board_leads_only_those_to_the_moves_who_may_read_them(
    client_of: ClientOf, role: str, is_offered: bool
) -> None:
    client = client_of(role)
    board = client.get(at("partnership_board")).content.decode()
    assert (at("partnership_moves") in board) is is_offered
    assert client.get(at("partnership_moves")).status_code == (200 if is_offered else 403)


@pytest.mark.parametrize(
    ("asked", "chosen"), [("", "prospect"), ("wavering", "wavering"), ("moon", "prospect")]
)
def test_a_phone_shows_the_column_that_is_asked_for(
    client_of: ClientOf, asked: str, chosen: str
) -> None:
    row = made.begun(on=ago(20))
    answer = client_of(row.manager).get(at("partnership_board"), {"column": asked})
    assert answer.context["chosen"] == chosen


def test_a_move_by_its_form(client_of: ClientOf) -> None:
    row = made.begun(on=ago(20))
    client = client_of(row.manager)
    form = client.get(at("partnership_move", row.pk), {"to": "comparison"})
    assert form.context["move"]["verdict"].is_open
    given = {"to": "comparison", "after": 1, "reason": "可比"}
    assert client.post(at("partnership_move", row.pk), {**given, "reason": ""}).status_code == 422
    answer = client.post(at("partnership_move", row.pk), given)
    assert answer["Location"] == at("partnership_page", row.pk)
    row.refresh_from_db()
    assert (row.phase, row.moved) == ("comparison", 2)


def test_what_needs_a_second_person_is_asked_for_and_can_be_taken_back(
    client_of: ClientOf,
) -> None:
    row = made.in_phase("comparison", on=ago(200))
    client = client_of(row.manager)
    given = {"to": "confirmed", "after": 2, "reason": "先行确定"}
    refused = client.post(at("partnership_move", row.pk), given)
    assert (refused.status_code, MoveRequest.objects.count()) == (422, 0)
    client.post(at("partnership_move", row.pk), {**given, "ask": "1"})
    assert MoveRequest.objects.get().state == "waiting"
    chief = made.chief(row)
    page = client_of(chief).get(at("approval_page", MoveRequest.objects.get().submission_id))
    assert page.status_code == 200
    client.post(at("partnership_withdraw", row.pk))
    assert MoveRequest.objects.get().state == "returned"


def test_a_branch_manager_allows_it_in_the_inbox(client_of: ClientOf) -> None:
    row = made.in_phase("comparison", on=ago(200))
    request = made.asked(row, "confirmed", on=ago(100))
    chief = made.chief(row)
    client = client_of(chief)
    inbox, why = at("approval_page", request.submission_id), "与该商户无有效合同"
    assert client.get(inbox).content.decode().count(why) == 1
    client.post(at("approval_approve", request.submission_id), {"reason": ""})
    assert why not in client.get(inbox).content.decode()
    row.refresh_from_db()
    assert row.phase == "confirmed"
    page = client.get(at("partnership_page", row.pk)).content.decode()
    assert page.count(f"由{chief.label}复核同意") == 1


def test_the_branchs_partnerships_are_read_only_and_those_of_others_are_not_found(
    client_of: ClientOf,
) -> None:
    row = made.begun(on=ago(20))
    colleague = client_of(made.manager(branch=row.branch))
    answer = colleague.get(at("partnership_page", row.pk))
    assert (answer.status_code, answer.context["moves"]) == (200, [])
    assert colleague.get(at("partnership_move", row.pk)).status_code == 403
    task = row.tasks.first()
    assert task is not None
    assert colleague.post(at("task_settle", task.pk, "done")).status_code == 403
    stranger = client_of(made.manager())
    assert stranger.get(at("partnership_page", row.pk)).status_code == 404
    assert stranger.post(at("task_settle", task.pk, "done")).status_code == 404
    above = StaffFactory(role="branch_manager", branch=row.branch.parent)
    assert client_of(above).get(at("partnership_move", row.pk)).status_code == 200


def test_tasks_are_settled_on_the_page_and_overdue_ones_surface(client_of: ClientOf) -> None:
    row = made.begun(on=ago(60))
    client = client_of(row.manager)
    home = client.get(at("home")).content.decode()
    first, second = row.tasks.order_by("place")[:2]
    assert first.label in home
    listed = client.get(at("partnership_list"), {"overdue": "on"})
    assert [one["row"].late for one in listed.context["rows"]] == [row.tasks.count()]
    client.post(at("task_settle", first.pk, "done"), {"words": "已核对"})
    client.post(at("task_settle", second.pk, "skip"))  # without a reason
    client.post(at("task_settle", second.pk, "skip"), {"words": "改期"})
    states = [(task.state, task.words) for task in row.tasks.order_by("place")][:2]
    assert states == [("done", "已核对"), ("skipped", "改期")]
    mine = client.get(at("partnership_mine"))
    assert len(mine.context["tasks"]) == row.tasks.count() - 2


def test_a_suggestion_is_declined_or_followed(client_of: ClientOf) -> None:
    row = made.in_phase("confirmed", on=ago(300))
    known = queries.evidence_of(partnerships=[row], on=clock.today())[row.pk]
    client = client_of(row.manager)
    for _number in range(2):
        operations.suggest_move(
            partnership_id=row.pk, to="wavering", evidence=known, on=clock.today(),
            reasons=[{**FELL, "percent": 31.5}],
        )  # fmt: skip
        if _number == 0:
            page = client.get(at("partnership_page", row.pk))
            assert "31.5" in page.context["suggestion"].sentences[0]
            refused = client.post(at("suggestion_decline", row.pk), {"words": ""})
            assert refused.status_code == 422
            client.post(at("suggestion_decline", row.pk), {"words": "装修"})
    form = client.get(at("partnership_move", row.pk), {"to": "wavering", "suggestion": "1"})
    assert form.content.decode().count("31.5") == 1
    start = {**form.context["form"].initial, "reason": "属实"}
    client.post(at("partnership_move", row.pk), start)
    found = PhaseSuggestion.objects.order_by("id")
    assert [one.state for one in found] == ["declined", "accepted"]
    row.refresh_from_db()
    assert row.phase == "wavering"


def test_a_partnership_is_begun_from_the_merchants_page(client_of: ClientOf) -> None:
    me = made.manager()
    made.set_rule()
    merchant = MerchantFactory(branch=me.branch, manager=me)
    client = client_of(me)
    part = client.get(at("merchant_partnership", merchant.number), headers={"HX-Request": "true"})
    assert at("partnership_new", merchant.number) in part.content.decode()
    given = {"phase": "comparison", "scenarios": ["dining"], "reason": "拜访"}
    assert client.post(at("partnership_new", merchant.number), given).status_code == 422
    client.post(at("partnership_new", merchant.number), {**given, "phase": "prospect"})
    assert Partnership.objects.get().phase == "prospect"


def test_the_contract_is_the_merchants_own_and_is_kept_there(client_of: ClientOf) -> None:
    row, today = made.begun(on=ago(20)), clock.today()
    client, chief = client_of(row.manager), client_of(made.chief(row))

    def link() -> str:
        page = client.get(at("partnership_page", row.pk))
        [address] = re.findall(r'href="([^"]*/entries/contract/[^"]*)"', page.content.decode())
        assert client.get(address).status_code == 200
        assert (
            "/entries/contract/" not in chief.get(at("partnership_page", row.pk)).content.decode()
        )
        return str(address)

    over = ContractFactory(merchant=row.merchant, last_date=today - dt.timedelta(days=1))
    number = row.merchant.number
    assert link() == at("merchant_entry_new", number, "contract")
    held = ContractFactory(
        merchant=row.merchant, first_date=today, last_date=today + dt.timedelta(days=30)
    )
    assert link() == at("merchant_entry", number, "contract", held.pk)
    page = chief.get(at("partnership_page", row.pk))
    assert page.context["contract"] == held
    assert held.number in page.content.decode()
    assert over.number not in page.content.decode()
    assert page.context["known"].value("contract_days") == 30
    # The last day, not the day after it.
    assert f"{today} – {held.last_date}" in page.content.decode()


def test_a_playbook_is_written_in_lines(client_of: ClientOf) -> None:
    chief = StaffFactory(role="branch_manager", branch=BranchFactory())
    client = client_of(chief)
    start = client.get(at("playbook_edit", "perfect")).context["form"].initial
    bad = client.post(at("playbook_edit", "perfect"), {**start, "reason": "改进", "tasks": "x"})
    assert bad.status_code == 422
    assert list(bad.context["form"].errors) == ["tasks"]
    assert "1" in bad.context["form"].errors["tasks"][0]
    given = {**start, "reason": "改进", "tasks": "3 | 回访 | Visit"}
    assert client.post(at("playbook_edit", "perfect"), given).status_code == 302
    held = queries.playbook_for(phase="perfect", branch_path=chief.branch.path)
    assert held is not None
    assert [task.days for task in held.plain.tasks] == [3]
    assert (held.branch, held.number) == (chief.branch, 1)
    assert client.post(at("playbook_edit", "perfect"), given).status_code == 422
    assert Playbook.objects.filter(branch=chief.branch).count() == 1
    assert client.get(at("playbook_edit", "moon")).status_code == 404
    me = made.manager()
    assert client_of(me).get(at("playbook_list")).status_code == 200
    assert client_of(me).get(at("playbook_edit", "perfect")).status_code == 403


def test_the_moves_are_drawn_and_told(client_of: ClientOf) -> None:
    made.set_rule()
    answer = client_of(made.manager()).get(at("partnership_moves"))
    assert answer.content.decode().count('class="move move-second"') == 1
    assert len(answer.context["moves"]) == len(moves.MOVES)
