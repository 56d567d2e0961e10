"""The pages of negotiations, as those who may use them."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from merchants.models import (
    MerchantContract,
    Negotiation,
    Offer,
    RefusalReason,
    Reminder,
    TermsFigure,
)
from merchants.negotiation import operations
from portal.exports import queries as kinds
from portal.kit import clock
from tests.factories import negotiation as made
from tests.factories import partnerships
from tests.factories.merchants import ContactFactory, ContractFactory
from tests.factories.portal import StaffFactory
from tests.merchants.refusals import made as refusals

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]
DAY = dt.timedelta(days=1)


def ago(days: int) -> dt.date:
    return clock.today() - days * DAY


def at(name: str, *arguments: Any) -> str:
    return reverse(name, args=arguments)


def test_a_negotiation_is_led_by_its_pages(client_of: ClientOf) -> None:
    made.set_rule()
    partnership = partnerships.in_phase("comparison", on=ago(120))
    client = client_of(partnership.manager)
    new = at("negotiation_new", partnership.pk)
    assert list(client.get(new).context["form"].fields["purpose"].choices) == [
        ("first", "首次签约")
    ]
    client.post(new, {"purpose": "first", "reason": "约见"})
    row = Negotiation.objects.get()

    def move(to: str, **more: Any) -> None:
        row.refresh_from_db()
        given = {"to": to, "after": row.moved, "reason": "下一步", **more}
        assert client.post(at("negotiation_move", row.pk), given).status_code == 302

    move("needs")
    for code, value in made.FIGURES.items():
        given = {"code": code, "value": value, "source": "年报"}
        client.post(at("figure_new", row.pk), given)
    assert TermsFigure.objects.count() == 4
    move("proposal")
    start = client.get(at("offer_new", row.pk)).context["form"].initial
    assert (start["side"], start["cost_share"], start["seen"]) == ("bank", 50, 0)
    given = {**made.USUAL, "side": "bank", "seen": 0, "words": ""}
    client.post(at("offer_new", row.pk), given)
    start = client.get(at("offer_new", row.pk)).context["form"].initial
    assert (start["side"], start["cost_share"], start["seen"]) == ("merchant", 40, 1)
    client.post(at("offer_new", row.pk), {**given, "side": "merchant", "seen": 1, "posts": 2})
    page = client.get(at("negotiation_page", row.pk))
    assert [one.number for one in page.context["rounds"]] == [1]
    assert page.context["totals"].apart.total == 20_000
    move("agreement", offer=Offer.objects.get(side="merchant").pk)
    move("signing", ask="1")  # nothing of it stands in the bank's records
    chief = client_of(partnerships.chief(partnership))
    chief.post(at("approval_approve", row.requests.get().submission_id), {"reason": ""})
    row.refresh_from_db()
    form = client.get(at("negotiation_sign", row.pk)).context["form"]
    assert "purposes" not in form.fields
    today = clock.today()
    paper = {"number": "HT-7", "signed_date": today, "first_date": today, "notice_days": 30}
    client.post(at("negotiation_sign", row.pk), {**paper, "after": row.moved, "reason": "签署"})
    row.refresh_from_db()
    partnership.refresh_from_db()
    assert (row.stage, partnership.phase) == ("review", "confirmed")
    assert MerchantContract.objects.get().number == "HT-7"
    answer = client.get(at("negotiation_page", row.pk))
    assert answer.context["signed"].contract.number == "HT-7"


def test_who_signed_reads_that_the_phase_waits_for_a_second_person(client_of: ClientOf) -> None:
    partnership = partnerships.begun(on=ago(60))  # a prospect: the rule asks for a second
    row = made.in_stage("signing", on=ago(30), partnership=partnership)
    signed = made.signed(row, on=ago(10))
    assert signed.change is None
    client, page = client_of(partnership.manager), at("negotiation_page", row.pk)
    waits = "合作转入确定期尚待他人复核。"
    assert client.get(page).content.decode().count(waits) == 1
    partnerships.decided(partnership.requests.get(), "approve", on=ago(9))
    assert waits not in client.get(page).content.decode()


def test_refusals_are_said_on_the_form(client_of: ClientOf) -> None:
    row = made.in_stage("proposal", on=ago(30))
    client = client_of(row.partnership.manager)
    unsaid = client.post(
        at("negotiation_move", row.pk), {"to": "lost", "after": row.moved, "reason": "不谈了"}
    )
    assert (unsaid.status_code, list(unsaid.context["form"].errors)) == (422, ["refusal"])
    wild = client.post(
        at("negotiation_move", row.pk), {"to": "signing", "after": row.moved, "reason": "跳过"}
    )
    assert (wild.status_code, wild.context["move"]) == (422, None)
    late = client.post(at("negotiation_move", row.pk), {"to": "needs", "after": 1, "reason": "x x"})
    assert row.partnership.manager.label in late.context["form"].non_field_errors()[0]
    bad = client.post(at("offer_new", row.pk), {**made.USUAL, "side": "bank", "seen": 2,
                                                "cost_share": 101})  # fmt: skip
    assert (bad.status_code, list(bad.context["form"].errors)) == (422, ["cost_share"])
    row.refresh_from_db()
    assert (row.stage, row.offers.count()) == ("proposal", 2)


def test_a_loss_is_put_down_to_a_refusal_on_the_form(client_of: ClientOf) -> None:
    row = made.in_stage("needs", on=ago(30))
    person = ContactFactory(merchant=row.partnership.merchant)
    earlier = refusals.refused(row.partnership, said_date=ago(20), at=made.at(ago(20)))
    client, move = client_of(row.partnership.manager), at("negotiation_move", row.pk)
    form = client.get(move, {"to": "lost"}).context["form"]
    offered = [key for _label, group in form.fields["refusal"].choices[1:] for key, _name in group]
    reason = RefusalReason.objects.exclude(parent=None).earliest("pk")
    assert (offered[0], f"reason-{reason.pk}" in offered) == (f"said-{earlier.pk}", True)
    client.post(move, {
        "to": "lost", "after": row.moved, "reason": "不谈了", "refusal": f"reason-{reason.pk}",
        "contact": person.number,
    })  # fmt: skip
    lost = row.changes.get(to_stage="lost")
    assert (lost.refusal.reason, lost.refusal.contact) == (reason, person)
    page = client.get(at("negotiation_page", row.pk)).content.decode()
    assert at("refusal_page", lost.refusal_id) in page


def test_beyond_the_limits_the_branch_manager_allows_it_in_the_inbox(client_of: ClientOf) -> None:
    row = made.in_stage("agreement", on=ago(30), agreed={"cost_share": Decimal(70)})
    client = client_of(row.partnership.manager)
    given = {"to": "signing", "after": row.moved, "reason": "头部商户"}
    assert client.post(at("negotiation_move", row.pk), given).status_code == 422
    client.post(at("negotiation_move", row.pk), {**given, "ask": "1"})
    request = row.requests.get()
    chief = client_of(partnerships.chief(row.partnership))
    inbox = chief.get(at("approval_page", request.submission_id))
    assert inbox.content.decode().count("银行分摊成本70%；不超过60%无须他人审批。") == 1
    client.post(at("terms_withdraw", row.pk))
    request.refresh_from_db()
    assert request.state == "returned"
    client.post(at("negotiation_move", row.pk), {**given, "ask": "1"})
    again = row.requests.get(state="waiting")
    chief.post(at("approval_approve", again.submission_id), {"reason": ""})
    row.refresh_from_db()
    assert row.stage == "signing"


def test_the_branchs_talks_are_read_only_and_those_of_others_are_not_found(
    client_of: ClientOf,
) -> None:
    row = made.in_stage("proposal", on=ago(30))
    colleague = client_of(partnerships.manager(branch=row.partnership.branch))
    answer = colleague.get(at("negotiation_page", row.pk))
    assert (answer.status_code, answer.context["moves"]) == (200, [])
    for name in ("negotiation_move", "offer_new", "figure_new", "negotiation_sign"):
        assert colleague.get(at(name, row.pk)).status_code == 403
    stranger = client_of(partnerships.manager())
    for name in ("negotiation_page", "negotiation_move", "offer_new"):
        assert stranger.get(at(name, row.pk)).status_code == 404
    above = StaffFactory(role="branch_manager", branch=row.partnership.branch.parent)
    assert client_of(above).get(at("negotiation_move", row.pk)).status_code == 200


def test_the_list_shows_talks_and_mine(client_of: ClientOf) -> None:
    me = partnerships.manager()
    rows = [
        made.begun(on=ago(20), partnership=partnerships.begun(on=ago(60), manager=leader))
        for leader in (me, partnerships.manager(branch=me.branch))
    ]
    made.begun(on=ago(20), partnership=partnerships.begun(on=ago(60)))  # elsewhere
    made.moved(rows[1], "lost", on=ago(10), refusal="unaware")
    client = client_of(me)

    def listed(**asked: str) -> set[int]:
        answer = client.get(at("negotiation_list"), asked)
        return {one["row"].pk for one in answer.context["rows"]}

    assert listed() == {rows[0].pk}
    assert listed(stage="all") == {row.pk for row in rows}
    assert listed(stage="lost") == {rows[1].pk}
    assert listed(stage="all", whose="mine") == {rows[0].pk}
    assert listed(text=rows[0].partnership.merchant.number) == {rows[0].pk}
    assert listed(purpose="renewal") == set()


def test_the_calendar_goes_by_months_and_leads_to_the_renewal(client_of: ClientOf) -> None:
    made.set_rule()
    today = clock.today()
    me = partnerships.manager()
    for days in (10, 100, 300):
        row = partnerships.begun(on=ago(60), manager=me)
        ContractFactory(
            merchant=row.merchant, signed_date=ago(300), first_date=ago(300),
            last_date=today + days * DAY,
        )  # fmt: skip
    client = client_of(me)
    months = client.get(at("renewal_calendar")).context["months"]
    assert [len(one["rows"]) for one in months] == [1, 1]
    assert len(client.get(at("renewal_calendar"), {"days": "365"}).context["months"]) == 3
    operations.remind_managers(on=today)
    home = client.get(at("home")).content.decode()
    assert at("negotiation_new", months[0]["rows"][0]["ending"].partnership.pk) in home
    reminder = Reminder.objects.get()
    begin = at("negotiation_new", reminder.partnership_id)
    assert f'{begin}?purpose=renewal">' in client.get(at("renewal_calendar")).content.decode()
    reader = client_of("campaign_manager").get(at("renewal_calendar")).content.decode()
    assert begin not in reader
    assert at("partnership_page", reminder.partnership_id) in reader
    client.post(at("reminder_dismiss", reminder.pk), {"words": ""})
    assert Reminder.objects.get().state == "open"
    client.post(at("reminder_dismiss", reminder.pk), {"words": "不再续约"})
    assert Reminder.objects.get().state == "dismissed"


def test_a_contract_that_ended_leads_to_its_renewal(client_of: ClientOf) -> None:
    made.set_rule()
    row = partnerships.begun(on=ago(60))
    ContractFactory(
        merchant=row.merchant, signed_date=ago(300), first_date=ago(300), last_date=ago(3)
    )
    client = client_of(row.manager)
    page = client.get(at("renewal_calendar"))
    assert [one["days"] for month in page.context["months"] for one in month["rows"]] == [-3]
    assert [one["ago"] for month in page.context["months"] for one in month["rows"]] == [3]
    panel = client.get(at("home")).context
    assert panel["endings"][0]["ago"] == 3
    form = client.get(at("negotiation_new", row.pk)).context["form"]
    assert [code for code, _name in form.fields["purpose"].choices] == ["renewal", "first"]


def test_the_page_of_a_partnership_shows_its_talks(client_of: ClientOf) -> None:
    row = made.in_stage("review", on=ago(30))
    answer = client_of(row.partnership.manager).get(
        at("partnership_negotiations", row.partnership_id), headers={"HX-Request": "true"}
    )
    assert [one.pk for one in answer.context["negotiations"]] == [row.pk]
    assert answer.context["signed"].negotiation_id == row.pk
    assert answer.context["may_open"]


def test_terms_are_taken_out_as_a_file() -> None:
    row = made.in_stage("bargaining", on=ago(30))
    made.offered(row, "bank", on=ago(20), cost_share=Decimal(45))
    made.in_stage("opening", on=ago(30))  # nothing on the table
    kind = kinds.find_kind("negotiation_terms")
    assert kind is not None
    chief = partnerships.chief(row.partnership)
    found = kind.read(chief, QueryDict("stage=bargaining"), clock.today())
    rows = [list(map(str, one)) for one in found.rows]
    assert [(one[3], one[4], one[6], one[14]) for one in rows] == [
        ("1", "银行", "40.00", "None"), ("1", "商户", "40.00", "None"),
        ("2", "银行", "45.00", "15000.00"),
    ]  # fmt: skip
    assert found.filters == {"stage": "bargaining"}
    assert len(kind.columns) == len(rows[0])
