"""The own test phone and test device of somebody of the bank: nothing goes there but a code, until
that is typed in."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from campaigns.models import SenderName
from journeys.models import Contact, Message, OwnAddress, ReceivedMessage, TextTest
from journeys.outreach import operations as outreach
from journeys.outreach import queries, rules
from portal.kit import sealed
from portal.models import AuditEntry, Staff
from tests.factories.journeys import INSTANT, CustomerFactory
from tests.factories.portal import StaffFactory
from tests.project.rows import row_of

PHONE, DEVICE = "15400000001", "TEST-wang-1"
MINUTE = dt.timedelta(minutes=1)
TYPED = [("sms", PHONE), ("push", DEVICE)]


@pytest.fixture
def practice(gateways: None, settings: Any) -> None:
    settings.PUSH_URL = settings.SMS_URL.replace("/cgi-bin/sendsms", "/push")


@pytest.fixture
def silent(db: None, settings: Any) -> None:
    """Gateways that cannot be reached: the rows stand all the same."""
    settings.SMS_URL = settings.PUSH_URL = "http://127.0.0.1:1/"


def ask(me: Staff, channel: str = "sms", typed: str = PHONE, at: dt.datetime = INSTANT) -> str:
    return outreach.ask_own_address(channel=channel, typed=typed, actor=me, at=at)


def confirm(me: Staff, code: str, channel: str = "sms", at: dt.datetime = INSTANT) -> None:
    outreach.confirm_own_address(channel=channel, code=code, actor=me, at=at)


def code_sent() -> str:
    return re.findall(r"\d{6}", ReceivedMessage.objects.latest("pk").body)[0]


def send(me: Staff, channel: str = "sms") -> TextTest:
    return outreach.send_test(
        code="greeting", channel=channel, language="zh-hans", subject="您好", body="{name}您好",
        values={"name": "王**"}, actor=me, at=INSTANT,
    )  # fmt: skip


@pytest.mark.usefixtures("practice")
@pytest.mark.parametrize(("channel", "typed"), TYPED)
def test_a_test_goes_to_the_own_address_once_its_code_was_typed(channel: str, typed: str) -> None:
    me = StaffFactory()
    assert ask(me, channel, typed) == "sent"
    with pytest.raises(outreach.NotTested):
        send(me, channel)
    assert ReceivedMessage.objects.count() == 1
    confirm(me, code_sent(), channel)
    row = send(me, channel)
    received = ReceivedMessage.objects.latest("pk")
    assert (received.channel, received.destination, received.body) == (channel, typed, "王**您好")
    own = OwnAddress.objects.get()
    assert (row.result, row.destination_masked) == ("sent", own.address_masked)
    assert typed not in own.address_masked
    assert sealed.unseal(bytes(own.address_sealed or b""), "ownaddress.address") == typed
    assert (Message.objects.count(), Contact.objects.count()) == (0, 0)
    actions = AuditEntry.objects.order_by("id").values_list("action", flat=True)
    assert list(actions) == ["own_address.asked", "own_address.confirmed", "template.tested"]
    assert typed not in str(list(AuditEntry.objects.values_list("changes", "reason", "target_key")))
    with pytest.raises(outreach.NotTested):
        send(StaffFactory(), channel)  # another person has none


@pytest.mark.usefixtures("silent")
@pytest.mark.parametrize(("channel", "typed"), [
    ("sms", "021-12345678"), ("sms", ""), ("sms", "C00001"), ("push", "C00001"), ("push", "TEST-"),
    ("push", "TEST-a b"), ("email", "a@b.example"), ("phone", PHONE), ("on_site", DEVICE),
])  # fmt: skip
def test_what_is_no_own_address_is_refused(channel: str, typed: str) -> None:
    assert rules.own_address_of(channel, typed) == ""
    with pytest.raises(outreach.OwnAddressRefused):
        ask(StaffFactory(), channel, typed)
    assert not OwnAddress.objects.exists()


@pytest.mark.usefixtures("silent")
def test_nobody_who_refused_and_no_customers_device_is_sent_a_code() -> None:
    refused = CustomerFactory(phone=PHONE)
    row_of("journeys.DoNotContact", customer=refused)
    CustomerFactory(number=DEVICE)
    for channel, typed in TYPED:
        with pytest.raises(outreach.OwnAddressRefused):
            ask(StaffFactory(), channel, typed)
    assert not OwnAddress.objects.exists()


@pytest.mark.usefixtures("practice")
@pytest.mark.parametrize(("channel", "typed"), TYPED)
def test_no_test_goes_to_an_address_that_is_another_persons_since(channel: str, typed: str) -> None:
    me = StaffFactory()
    ask(me, channel, typed)
    confirm(me, code_sent(), channel)
    row_of("journeys.DoNotContact", customer=CustomerFactory(phone=PHONE, number=DEVICE))
    with pytest.raises(outreach.NotTested):
        send(me, channel)
    assert (ReceivedMessage.objects.count(), TextTest.objects.count()) == (1, 0)


@pytest.mark.usefixtures("silent")
def test_codes_are_limited_and_a_new_address_takes_the_place_of_the_old() -> None:
    me, other = StaffFactory(), StaffFactory()
    for number in range(5):
        ask(me, "sms", f"1540000000{number}", INSTANT + number * MINUTE)
    with pytest.raises(outreach.OwnAddressRefused):
        ask(me, "push", DEVICE, INSTANT + 59 * MINUTE)
    ask(other, "push", DEVICE)
    ask(me, "push", DEVICE, INSTANT + 61 * MINUTE)
    held = OwnAddress.objects.filter(staff=me, ended_at=None).order_by("channel")
    assert [(row.channel, row.address_masked[-2:]) for row in held] == [
        ("push", "**"), ("sms", "04"),
    ]  # fmt: skip
    gone = OwnAddress.objects.filter(ended_at__isnull=False)
    assert (gone.count(), {row.address_sealed for row in gone}) == (4, {None})


@pytest.mark.usefixtures("silent")
def test_one_number_is_sent_few_codes_whoever_asks() -> None:
    for number in range(5):
        ask(StaffFactory(), "sms", PHONE, INSTANT + number * MINUTE)
    with pytest.raises(outreach.OwnAddressRefused) as refused, translation.override("en"):
        ask(StaffFactory(), "sms", f"+86 {PHONE}", INSTANT + 10 * MINUTE)
    assert "This address was sent 5 codes within a day" in str(refused.value)
    other = StaffFactory()
    ask(other, "sms", "15400000002", INSTANT + 10 * MINUTE)
    assert OwnAddress.objects.count() == 6
    # A day later no hash of that day is left, and it is asked for anew.
    ask(other, "sms", PHONE, INSTANT + 25 * 60 * MINUTE)
    held = OwnAddress.objects.filter(address_hash__isnull=False)
    assert [row.code_sent_at for row in held] == [INSTANT + 25 * 60 * MINUTE]


def listed(*names: str, withdrawn: tuple[str, ...] = ()) -> None:
    for name in (*names, *withdrawn):
        SenderName.objects.create(
            name=name, effective_date=INSTANT.date() - dt.timedelta(days=9), source="备案",
            is_permitted=name in names,
        )  # fmt: skip


@pytest.mark.usefixtures("practice")
@pytest.mark.parametrize(("names", "begins"), [
    ((), "[Credit Card Centre] Your code is"), (("某银行", "Credit Card Centre"),
     "[Credit Card Centre] Your code is"), (("某银行",), "【某银行】Your code is"),
])  # fmt: skip
def test_the_code_goes_under_a_name_of_the_list(names: tuple[str, ...], begins: str) -> None:
    listed(*names)
    with translation.override("en"):
        ask(StaffFactory())
    assert ReceivedMessage.objects.get().body.startswith(begins)


@pytest.mark.usefixtures("practice")
def test_where_no_name_may_be_used_no_sms_goes() -> None:
    listed(withdrawn=("信用卡中心",))
    with pytest.raises(outreach.OwnAddressRefused):
        ask(StaffFactory())
    assert (OwnAddress.objects.count(), ReceivedMessage.objects.count()) == (0, 0)
    assert ask(StaffFactory(), "push", DEVICE) == "sent"


@pytest.mark.usefixtures("practice")
def test_a_code_holds_for_ten_minutes_and_five_tries() -> None:
    me = StaffFactory()
    ask(me)
    code = code_sent()
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    for given, at in [(code, INSTANT + 10 * MINUTE), *[(wrong, INSTANT)] * 5, (code, INSTANT)]:
        with pytest.raises(outreach.OwnAddressRefused):
            confirm(me, given, at=at)
    assert OwnAddress.objects.get().tries == 5
    ask(me)
    with pytest.raises(outreach.OwnAddressRefused):
        confirm(StaffFactory(), code_sent())
    confirm(me, f" {code_sent()} ", at=INSTANT + 9 * MINUTE)
    assert queries.own_addresses(me.pk)["sms"].is_confirmed
    with pytest.raises(outreach.OwnAddressRefused):
        confirm(me, code_sent())


@pytest.mark.usefixtures("practice")
def test_what_is_forgotten_receives_no_test() -> None:
    me = StaffFactory()
    ask(me)
    confirm(me, code_sent())
    outreach.end_own_address(channel="sms", actor=me, at=INSTANT)
    outreach.end_own_address(channel="sms", actor=me, at=INSTANT)
    with pytest.raises(outreach.NotTested):
        send(me)
    row = OwnAddress.objects.get()
    assert (row.address_sealed, row.address_masked) == (None, "154****0001")
    assert AuditEntry.objects.filter(action="own_address.ended").count() == 1


@pytest.mark.usefixtures("practice")
def test_the_page_takes_an_address_and_shows_it_masked(client_of: Callable[..., Client]) -> None:
    client = client_of(StaffFactory(role="campaign_manager", language="en"))
    page = reverse("own_addresses_page")

    def post(way: str, channel: str = "sms", **given: str) -> str:
        answer = client.post(reverse(f"own_address_{way}", args=[channel]), given, follow=True)
        assert answer.redirect_chain == [(page, 302)]
        return answer.content.decode()

    assert "Enter a mobile number" in post("ask", address="x")
    asked = post("ask", address=PHONE)
    assert ("154****0001" in asked, PHONE in asked, "Not confirmed yet" in asked) == (
        True, False, True,
    )  # fmt: skip
    assert "not the code" in post("confirm", code="x")
    assert "tests by this channel come to you now" in post("confirm", code=code_sent())
    assert "Forgotten" in post("end")
    wrong = client.post(reverse("own_address_ask", args=["email"]), {"address": "a@b.example"})
    assert wrong.status_code == 404
