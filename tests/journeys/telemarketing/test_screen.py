"""The call screen: one page for the lead in hand, masked, with what was before, what was agreed to,
and what may be said."""

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from journeys.models import Lead, LeadDial, LeadHold
from journeys.reveals import operations as reveals
from journeys.telemarketing import operations, queries
from portal.intake import operations as intake
from portal.kit import clock
from portal.models import Branch, Staff
from tests.factories import scripts
from tests.factories.journeys import (
    CardFactory,
    ConsentFactory,
    ContactRuleFactory,
    CustomerFactory,
    TransactionFactory,
)
from tests.factories.leads import called, caller, set_policy
from tests.factories.portal import BranchFactory, StaffFactory
from tests.journeys.telemarketing.test_desk import press
from tests.journeys.telemarketing.test_next import AT, DAYS, HOURS, lead
from tests.journeys.telemarketing.test_resting import call_of

pytestmark = pytest.mark.django_db
ClientOf = Callable[..., Client]
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def branch() -> Branch:
    ContactRuleFactory(opens=dt.time(0), closes=dt.time(0))  # whenever the tests run
    set_policy()
    return BranchFactory()


def limit() -> None:
    reveals.set_usual_rule(effective_date=dt.date(2020, 1, 1), at=AT)


def screen(person: Staff, client_of: ClientOf) -> str:
    answer = client_of(person).get(reverse("call_screen"))
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_one_key_opens_the_screen_and_all_stands_on_it(branch: Branch, client_of: ClientOf) -> None:
    me = caller(branch, language="en")
    one = lead(branch, reason="开卡礼咨询")
    scripts.approved(clock.now())
    client = client_of(me)
    answer = client.post(reverse("lead_next"), follow=True)
    assert answer.redirect_chain == [(reverse("call_screen"), 302)]
    page = answer.content.decode()
    for words in (
        "李**", "开卡礼咨询", "Priority 50 of 100, call 1 of 6.", "May be called",
        "The gate lets this call through.", "Nothing: it is the first call to this person.",
        "No fee in the first year", "A fee of CNY 600 a year", "官网《信用卡收费标准》",
    ):  # fmt: skip
        assert words in page, words
    assert (one.name in page, "tel:" in page) == (False, False)
    # Each key stands once.
    keys = [part.partition('"')[0] for part in page.split('accesskey="')[1:]]
    assert sorted(keys) == sorted(set(keys))
    assert {"r", "d", "m", "k", "f", "h"} <= set(keys)


def test_without_a_lead_it_offers_the_next_one(branch: Branch, client_of: ClientOf) -> None:
    page = screen(caller(branch, language="en"), client_of)
    assert ('accesskey="n" autofocus' in page, 'id="packaging"' in page) == (True, False)


def test_facts_leave_the_screen_at_their_minute(branch: Branch, client_of: ClientOf) -> None:
    me = caller(branch, language="en")
    lead(branch)
    now = clock.now()
    end = now + 5 * MINUTE
    scripts.approved(now, valid_until=end)
    operations.next_lead(caller=me, at=now)
    client = client_of(me)
    with time_machine.travel(end - MINUTE, tick=False):
        shown = client.get(reverse("call_facts"), headers={"HX-Request": "true"})
        assert "No fee in the first year" in shown.content.decode()
        # The part asks for itself again just after that.
        assert "load delay:61s" in shown.content.decode()
    with time_machine.travel(end, tick=False):
        for name in ("call_facts", "call_screen"):
            gone = client.get(reverse(name), headers={"HX-Request": "true"}).content.decode()
            assert "No fee in the first year" not in gone
            assert "No fact about our cards stands at this moment" in gone


def test_the_number_is_shown_as_a_link_and_recorded(branch: Branch, client_of: ClientOf) -> None:
    limit()
    me = caller(branch, language="en")
    lead(branch, phone="15400300003")
    client = client_of(me)
    press(client, "lead_next")
    answer = client.post(reverse("call_number"), headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert ('href="tel:15400300003"' in page, "1 of 300 today" in page) == (True, True)
    assert "no-store" in answer["Cache-Control"]
    assert LeadDial.objects.get().way == "shown"
    press(client, "lead_put_down")
    refused = client.post(reverse("call_number"), headers={"HX-Request": "true"})
    assert (refused.status_code, "tel:" in refused.content.decode()) == (409, False)
    assert "You have no lead in hand" in refused.content.decode()


def test_the_telephone_system_is_offered_where_one_is_connected(
    branch: Branch, client_of: ClientOf
) -> None:
    limit()
    me = caller(branch, language="en")
    lead(branch)
    client = client_of(me)
    press(client, "lead_next")
    assert reverse("call_dial") not in screen(me, client_of)
    now = clock.now()
    intake.create_token(
        name="t", kinds=["telephone"], last_day=clock.today() + DAYS,
        by=StaffFactory(role="administrator"), at=now,
    )  # fmt: skip
    assert reverse("call_dial") in screen(me, client_of)
    assert press(client, "call_dial") == [
        "The telephone system is asked to dial; it takes this up within a minute."
    ]
    operations.note_line(username=me.username, event="began", reference="T1", at=clock.now())
    assert "In a call since" in screen(me, client_of)
    operations.note_line(username=me.username, event="ended", reference="T1", at=clock.now())
    assert "The telephone system told that the call ended at" in screen(me, client_of)


def test_the_screen_is_left_where_nothing_is_in_hand_any_more(
    branch: Branch, client_of: ClientOf
) -> None:
    me = caller(branch)
    lead(branch)
    client = client_of(me)
    asked = {"HX-Request": "true"}
    press(client, "lead_next")
    part = client.get(reverse("lead_in_hand"), {"on": "screen"}, headers=asked)
    assert "HX-Refresh" not in part
    operations.put_down(caller_id=me.pk, at=clock.now())
    part = client.get(reverse("lead_in_hand"), {"on": "screen"}, headers=asked)
    assert part["HX-Refresh"] == "true"
    assert "HX-Refresh" not in client.get(reverse("lead_in_hand"), headers=asked)


# --- what was before, and what was agreed to ----------------------------------------------------
def test_history_tells_calls_moves_and_contacts_and_no_names_of_others(branch: Branch) -> None:
    phone = "15400300004"
    me, other = caller(branch), caller(branch)
    one, beside = lead(branch, phone=phone, priority=90), lead(branch, phone=phone, priority=10)
    operations.next_lead(caller=me, at=AT)
    called(me, AT)
    operations.claim_lead(lead_id=one.pk, actor=me, at=AT + MINUTE)
    later = AT + 2 * HOURS
    operations.next_lead(caller=other, at=later)
    called(other, later)
    assert LeadHold.objects.get(holder=other).lead == beside
    one.refresh_from_db()
    assert [(past.at, past.detail) for past in queries.past_of(one, at=later)] == [
        (later, ""), (AT + MINUTE, me.label), (AT, me.label),
    ]  # fmt: skip
    assert queries.past_of(one, at=later)[0].what != queries.past_of(one, at=later)[2].what


def test_consents_and_contacts_of_a_customer_are_told(branch: Branch) -> None:
    customer = CustomerFactory(branch=branch, phone="15400300005")
    ConsentFactory(customer=customer, channel="phone")
    one = call_of(customer)
    agreed = queries.agreed_of(one, at=AT)
    assert (len(agreed.consents), agreed.is_open) == (1, True)
    assert (agreed.in_day, agreed.in_month) == (1, 1)
    stranger = queries.agreed_of(lead(branch), at=AT)
    assert (stranger.consents, stranger.in_day, stranger.is_open) == ([], None, True)
    late = queries.agreed_of(lead(branch, call_before=AT), at=AT)
    assert (late.is_open, late.answer) == (False, queries.words_of("rests"))


def test_triggers_name_what_speaks_for_interest(branch: Branch) -> None:
    customer = CustomerFactory(branch=branch, phone="15400300007")
    ConsentFactory(customer=customer, channel="phone")
    idle = queries.triggers_of(call_of(customer), at=AT)
    begun = clock.bank_day(AT) - 90 * DAYS
    card = CardFactory(
        customer=customer, issued_date=begun, activated_date=begun, first_used_date=begun
    )
    for back in range(1, 61, 3):
        TransactionFactory(card=card, posted_date=clock.bank_day(AT) - back * DAYS, amount=900)
    found = queries.triggers_of(Lead.objects.get(customer=customer), at=AT)
    assert len(found) > len(idle)
    assert not any(sign.isdigit() for words in found for sign in words)


def test_triggers_name_no_sums_and_no_traits(branch: Branch) -> None:
    customer = CustomerFactory(branch=branch, phone="15400300006")
    ConsentFactory(customer=customer, channel="phone")
    found = queries.triggers_of(call_of(customer), at=AT)
    assert not any(sign.isdigit() for words in found for sign in words)
    assert queries.triggers_of(lead(branch), at=AT) == []
