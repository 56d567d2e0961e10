"""The pages of refusals, as those who may use them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from merchants.models import AnswerTry, Refusal, RefusalAnswer, RefusalReason
from portal.exports import queries as kinds
from portal.kit import clock
from portal.staff.enums import Role
from tests.factories import partnerships
from tests.factories.portal import BranchFactory, StaffFactory
from tests.merchants.refusals import made
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]


def at(name: str, *arguments: Any) -> str:
    return reverse(name, args=arguments)


def test_a_refusal_is_recorded_tried_and_told_by_its_pages(client_of: ClientOf) -> None:
    row = partnerships.begun()
    client, today = client_of(row.manager), clock.today().isoformat()
    part = client.get(at("partnership_refusals", row.pk))
    assert at("merchant_refusal_new", row.pk) in part.content.decode()
    new = at("merchant_refusal_new", row.pk)
    given = {"reason": made.root().pk, "said": "明年再说", "said_date": today, "contact": ""}
    assert client.post(new, {**given, "reason": ""}).status_code == 422
    answer = client.post(new, given)
    refusal = Refusal.objects.get()
    assert answer["Location"] == at("refusal_page", refusal.pk)
    page = client.get(at("refusal_page", refusal.pk))
    assert made.talk(made.root()).name in page.content.decode()
    tried = {"answer": made.talk(made.root()).pk, "tried_date": today}
    client.post(at("refusal_try", refusal.pk), {**tried, "tried_date": ""})
    assert AnswerTry.objects.count() == 0
    client.post(at("refusal_try", refusal.pk), tried)
    one = AnswerTry.objects.get()
    told = {"outcome": "worked", "outcome_date": today, "note": "定了"}
    client.post(at("try_settle", one.pk), {**told, "outcome": "maybe"})
    client.post(at("try_settle", one.pk), told)
    refusal.refresh_from_db()
    assert refusal.state == "overcome"
    shown = client.get(at("partnership_refusals", row.pk)).context["refusals"]
    assert [(one["refusal"], len(one["tries"])) for one in shown] == [(refusal, 1)]
    listed = client.get(at("merchant_refusal_list"), {"state": "overcome", "root": "not_urgent"})
    assert [one["refusal"] for one in listed.context["rows"]] == [refusal]


def test_colleagues_read_and_strangers_find_nothing(client_of: ClientOf) -> None:
    refusal = made.refused()
    row = refusal.partnership
    assert row is not None
    colleague = client_of(partnerships.manager(branch=row.branch))
    assert colleague.get(at("refusal_page", refusal.pk)).context["may_answer"] is False
    assert colleague.get(at("partnership_refusals", row.pk)).context["form"] is None
    tried = {"answer": made.talk(made.root()).pk, "tried_date": clock.today().isoformat()}
    assert colleague.post(at("refusal_try", refusal.pk), tried).status_code == 403
    assert colleague.get(at("merchant_refusal_new", row.pk)).status_code == 403
    stranger = client_of(partnerships.manager())
    assert stranger.get(at("refusal_page", refusal.pk)).status_code == 404
    assert stranger.post(at("refusal_try", refusal.pk), tried).status_code == 404
    assert list(stranger.get(at("merchant_refusal_list")).context["rows"]) == []
    assert AnswerTry.objects.count() == 0


def test_a_refusal_is_let_be_or_taken_back_with_a_reason(client_of: ClientOf) -> None:
    refusal = made.refused()
    assert refusal.partnership is not None
    client = client_of(refusal.partnership.manager)
    client.post(at("refusal_settle", refusal.pk, "let-be"), {"why": ""})
    refusal.refresh_from_db()
    assert refusal.state == "open"
    assert client.post(at("refusal_settle", refusal.pk, "burn"), {"why": "x"}).status_code == 404
    client.post(at("refusal_settle", refusal.pk, "withdraw"), {"why": "记错"})
    refusal.refresh_from_db()
    assert (refusal.state, refusal.settled_why) == ("withdrawn", "记错")


def test_a_branch_manager_grows_the_tree(client_of: ClientOf) -> None:
    root = made.root()
    chief, me = client_of(StaffFactory(role=Role.BRANCH_MANAGER)), client_of(partnerships.manager())
    given = {"name": "只做晚市", "name_en": "Evenings only", "text": "白天不开", "text_en": "x"}
    assert me.post(at("reason_grow", root.pk), given).status_code == 403
    chief.post(at("reason_grow", root.pk), given)
    grown = RefusalReason.objects.latest("id")
    assert (grown.name, grown.parent) == ("只做晚市", root)
    answer = at("answer_new", grown.pk)
    assert chief.post(answer, {**given, "kind": "talk", "text": "保证"}).status_code == 422
    chief.post(answer, {**given, "kind": "talk"})
    added = RefusalAnswer.objects.latest("id")
    page = me.get(at("refusal_reason", grown.pk))
    assert next(row.answer for row in page.context["evidence"]) == added
    assert at("answer_new", grown.pk) not in page.content.decode()
    chief.post(at("answer_retire", added.pk), {"why": "过时"})
    chief.post(at("reason_retire", grown.pk), {"why": "合并"})
    grown.refresh_from_db()
    added.refresh_from_db()
    assert (grown.is_retired, added.retired_why) == (True, "过时")
    assert me.get(at("refusal_reasons")).status_code == 200
    assert me.get(at("refusal_reason", 10**6)).status_code == 404


def test_leads_are_listed_and_record_refusals(client_of: ClientOf) -> None:
    me = partnerships.manager()
    lead = row_of("merchants.MerchantLead", branch=me.branch)
    won = row_of("merchants.MerchantLead", branch=me.branch)
    row_of("merchants.MerchantDeal", lead=won)
    client = client_of(me)
    assert list(client.get(at("refusal_leads")).context["page"].rows) == [lead]
    given = {"reason": made.root().pk, "said": "不需要", "said_date": clock.today().isoformat()}
    client.post(at("lead_refusals", lead.number), given)
    assert Refusal.objects.get().lead == lead
    assert client.get(at("refusal_leads")).context["page"].rows[0].refused
    assert client_of("compliance").post(at("lead_refusals", lead.number), given).status_code == 403
    assert client_of(partnerships.manager()).get(
        at("lead_refusals", lead.number)
    ).status_code == 404  # fmt: skip


def test_the_file_holds_each_try_and_no_words() -> None:
    refusal = made.refused()
    row = refusal.partnership
    assert row is not None
    made.told(made.tried(refusal), "failed", note="没谈拢")
    second = made.refused(row, reason_id=made.root("unaware").pk)
    kind, chief = kinds.find_kind("refusals"), partnerships.chief(row)
    assert kind is not None

    def lines(asked: str) -> list[tuple[Any, ...]]:
        return [tuple(one) for one in kind.read(chief, QueryDict(asked), clock.today()).rows]

    found = lines("")
    assert [line[6] for line in found] == [None, made.talk(made.root()).label]
    assert {line[1] for line in found} == {row.merchant.number}
    assert "年后再说" not in str(found)
    assert [line[0] for line in lines("root=unaware")] == [second.said_date]
    stranger = StaffFactory(role=Role.BRANCH_MANAGER, branch=BranchFactory())
    assert list(kind.read(stranger, QueryDict(""), clock.today()).rows) == []
