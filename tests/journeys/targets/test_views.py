"""The pages of targets, scorecards and pay, as those who may use them."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from journeys.targets import operations
from journeys.targets.enums import Level
from journeys.targets.models import Scorecard, TargetPlan
from portal.exports import queries as kinds
from portal.kit.registry import BadFilter
from portal.models import Staff
from portal.staff.enums import Role
from tests.factories import leads
from tests.factories import targets as made
from tests.factories.portal import BranchFactory, StaffFactory

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]
NOW = dt.datetime(2026, 3, 16, 4, 0, tzinfo=dt.UTC)
PLAN = {
    "name": "三月发卡", "measure": "cards_issued", "period": "month", "first_date": "2026-03",
    "total": "22", "basis": "总行计划", "product_id": "",
}  # fmt: skip


def at(name: str, *arguments: Any) -> str:
    return reverse(name, args=arguments)


def given_items(weights: dict[str, str]) -> dict[str, str]:
    found = {
        "name": "电销考核", "first_date": "2026-04", "point_value": "10", "reason": "年度办法",
    }  # fmt: skip
    for code, weight in weights.items():
        found |= {f"{code}-weight": weight, f"{code}-goal": "10"}
    return found


def target_of(person: Staff) -> TargetPlan:
    """A target of 22 cards in March of a branch that is one person's whole."""
    plan = made.plan(
        made.manager(person.branch), period="month", first_date=made.MONTH, total=Decimal(22)
    )
    operations.split_node(
        node_id=made.root(plan).pk, level="person", weights={person.pk: Decimal(1)},
        actor=plan.owner, at=made.AT,
    )  # fmt: skip
    return made.approved(plan)


@time_machine.travel(NOW, tick=False)
def test_a_plan_is_made_split_changed_and_submitted_on_its_pages(client_of: ClientOf) -> None:
    me = made.manager()
    people = [leads.caller(me.branch), leads.caller(me.branch)]
    client = client_of(me)
    for wrong in ({"total": "1.5"}, {"period": "year"}, {"period": "quarter"}, {"basis": ""}):
        assert client.post(at("target_new"), PLAN | wrong).status_code == 422
    assert TargetPlan.objects.count() == 0
    answer = client.post(at("target_new"), PLAN)
    plan = TargetPlan.objects.get()
    assert answer["Location"] == at("target_page", plan.pk)
    root = made.root(plan)
    split = at("target_split", root.pk, "person")
    assert client.get(split).status_code == 200
    assert client.post(split, {}).status_code == 422
    client.post(split, {f"weight_{one.pk}": "1" for one in people})
    assert [row.total for row in client.get(at("target_page", plan.pk)).context["rows"]] == [
        22, 11, 11,
    ]  # fmt: skip
    part = root.parts.order_by("pk")[0]
    month = at("target_month", part.pk)
    assert client.post(month, {"month": "2026-03-01", "value": "12"}).status_code == 422
    client.post(month, {"month": "2026-03-01", "value": "10"})
    rows = client.get(at("target_page", plan.pk)).context["rows"]
    assert [row.unassigned for row in rows] == [1, None, None]
    client.post(at("target_submit", plan.pk))
    client.post(at("target_withdraw", plan.pk))
    client.post(at("target_submit", plan.pk))
    made.decided(plan)
    assert client.post(at("target_version", plan.pk), {"why": ""}).status_code == 422
    client.post(at("target_version", plan.pk), {"why": "总行调整"})
    assert TargetPlan.objects.get(replaces=plan).version == 2


@time_machine.travel(NOW, tick=False)
def test_what_head_office_gives_is_split_further_by_the_branch(client_of: ClientOf) -> None:
    region = made.manager()
    branch = BranchFactory(parent=region.branch)
    plan = made.plan(region, period="month", first_date=made.MONTH, total=Decimal(22))
    operations.split_node(
        node_id=made.root(plan).pk, level="branch", weights={branch.pk: Decimal(1)},
        actor=region, at=made.AT,
    )  # fmt: skip
    made.approved(plan)
    client = client_of(made.manager(branch))
    node = client.get(at("target_pace")).context["chosen"].node
    assert node.plan == plan
    client.post(at("target_derive", node.pk), {"name": "支行", "basis": "按人"})
    assert TargetPlan.objects.get(derives_from=node).branch == branch
    assert client_of(region).get(at("target_page", plan.pk)).context["own_node"] is None


@time_machine.travel(NOW, tick=False)
def test_a_branch_sees_its_pace_with_a_picture_a_table_and_a_file(client_of: ClientOf) -> None:
    person = leads.caller(BranchFactory())
    plan = target_of(person)
    for day in (2, 3, 16, 17):
        made.sold(person, dt.date(2026, 3, day))
    page = client_of(plan.owner).get(at("target_pace"))
    [one] = page.context["standings"]
    # Ten of the 22 workdays of March 2026 are over, the eleventh is not.
    assert (one.pace.target, one.pace.due, one.pace.actual) == (22, 10, 3)
    assert (one.is_behind, one.percent) == (True, Decimal("30.0"))
    assert [part.node.staff for part in page.context["parts"]] == [person]
    picture = page.context["picture"]
    assert (len(picture.rows), picture.rows[15], picture.rows[16]) == (
        31, ["03-16", "3", "11"], ["03-17", "–", "12"],
    )  # fmt: skip
    kind = kinds.find_kind("target_pace")
    assert kind is not None
    lines = list(kind.read(plan.owner, QueryDict(), NOW.date()).rows)
    assert [line[5:10] for line in lines] == [
        (one.node.level.label, one.node.label, 22, 10, 3),
        (Level.PERSON.label, person.label, 22, 10, 3),
    ]
    with pytest.raises(BadFilter):
        kind.read(plan.owner, QueryDict("branch=0"), NOW.date())


@time_machine.travel(NOW, tick=False)
def test_an_analyst_sees_no_persons(client_of: ClientOf) -> None:
    plan = target_of(leads.caller(BranchFactory()))
    client = client_of(Role.ANALYST)
    page = client.get(at("target_pace"), {"branch": plan.branch_id})
    assert (len(page.context["standings"]), page.context["parts"]) == (1, [])
    assert len(client.get(at("target_page", plan.pk)).context["rows"]) == 1


@time_machine.travel(NOW, tick=False)
def test_little_is_told_of_few(client_of: ClientOf) -> None:
    """Of three cards no rate is told, and of less than five that are due no percentage."""
    person = leads.caller(BranchFactory())
    owner = made.manager(person.branch)
    for code, total in (("cards_in_use", "80"), ("cards_issued", "6")):
        made.approved(
            made.plan(owner, measure=code, period="month", first_date=made.MONTH,
                      total=Decimal(total))
        )  # fmt: skip
    for _number in range(3):
        made.sold(person, made.MONTH)
    issued, in_use = client_of(owner).get(at("target_pace")).context["standings"]
    assert (issued.is_few, issued.percent, in_use.rate) == (True, None, None)
    for _number in range(2):
        made.sold(person, made.MONTH, activated_date=made.MONTH, first_used_date=made.MONTH)
    _issued, in_use = client_of(owner).get(at("target_pace")).context["standings"]
    assert (in_use.rate, in_use.is_behind) == (40, True)


@time_machine.travel(NOW, tick=False)
def test_pages_without_anything_say_what_to_do(client_of: ClientOf) -> None:
    client = client_of(made.manager())
    for name in ("target_pace", "target_list", "scorecard_list", "scorecard_pay", "pay_list"):
        assert "empty-hint" in client.get(at(name)).content.decode()
    person = leads.caller(BranchFactory())
    assert client_of(person).get(at("target_mine")).context["card"] is None
    assert "empty-hint" in client_of(person).get(at("pay_person", person.username)).content.decode()


@time_machine.travel(NOW, tick=False)
def test_a_scorecard_that_breaks_the_law_is_refused_in_its_form(client_of: ClientOf) -> None:
    made.set_rule()
    client = client_of(made.manager())
    for weights in (
        {"cards_issued": "100"},
        {"complaints_upheld": "50", "used_in_time": "49"},
        {"complaints_upheld": "35", "used_in_time": "34", "cards_issued": "31"},
    ):
        answer = client.post(at("scorecard_new"), given_items(weights))
        assert answer.status_code == 422
        assert answer.context["form"].non_field_errors()
    lacking = given_items({"complaints_upheld": "50", "used_in_time": "50"})
    assert client.post(at("scorecard_new"), lacking | {"used_in_time-goal": ""}).status_code == 422
    assert Scorecard.objects.count() == 0
    client.post(at("scorecard_new"), lacking)
    card = Scorecard.objects.get()
    assert client.get(at("scorecard_new"), {"from": card.pk}).status_code == 200
    edit = at("scorecard_edit", card.pk)
    assert client.get(edit).status_code == 200
    client.post(edit, lacking | {"name": "改名"})
    client.post(at("scorecard_submit", card.pk))
    client.post(at("scorecard_withdraw", card.pk))
    card.refresh_from_db()
    assert (card.name, card.state) == ("改名", "draft")


@time_machine.travel(NOW, tick=False)
def test_two_scorecards_are_held_side_by_side(client_of: ClientOf) -> None:
    owner = made.manager()
    first, second = made.scorecard(owner), made.scorecard(owner, point_value=Decimal(20))
    people = [leads.caller(owner.branch, name=name) for name in ("乙", "甲")]
    made.sold(people[0], dt.date(2026, 2, 3))
    asked = {
        "branch": owner.branch_id, "first": "2026-02", "months": "1", "one": first.pk,
        "other": second.pk,
    }  # fmt: skip
    page = client_of(owner).get(at("scorecard_pay"), asked)
    rows = page.context["rows"]
    assert [row["person"] for row in rows] == sorted(people, key=lambda one: one.name)
    amounts = {row["person"]: [one["pay"].amount for one in row["pays"]] for row in rows}
    assert amounts == {people[0]: [344, 688], people[1]: [0, 0]}
    totals = [total for _card, total in page.context["totals"]]
    assert (totals, page.context["difference"]) == ([344, 688], 344)


@time_machine.travel(NOW, tick=False)
def test_a_person_sees_the_own_pay_and_managers_that_of_their_branch(client_of: ClientOf) -> None:
    owner = made.manager()
    made.in_force(owner)
    person = leads.caller(owner.branch)
    made.sold(person, dt.date(2026, 3, 3))
    operations.close_month(month=made.MONTH, at=made.AT)
    mine = at("pay_person", person.username)
    assert len(client_of(person).get(mine).context["rows"]) == 1
    assert client_of(owner).get(mine).status_code == 200
    assert client_of(Role.COMPLIANCE).get(mine).status_code == 200
    for other in (leads.caller(owner.branch), made.manager(), StaffFactory(role=Role.APPROVER)):
        assert client_of(other).get(mine).status_code == 404
    assert len(client_of(owner).get(at("pay_list")).context["page"].rows) == 1
    assert len(client_of(made.manager()).get(at("pay_list")).context["page"].rows) == 0
    own = client_of(person).get(at("target_mine"))
    assert [day.month for day, _pay, _words in own.context["months"]] == [3, 2]


@time_machine.travel(NOW, tick=False)
def test_home_tells_the_own_target_and_that_of_the_branch(client_of: ClientOf) -> None:
    person = leads.caller(BranchFactory())
    plan = target_of(person)
    for who, code in ((person, "own_targets"), (plan.owner, "branch_targets")):
        text = client_of(who).get(at("home")).content.decode()
        assert (code, "22" in text and "发卡" in text) == (code, True)
