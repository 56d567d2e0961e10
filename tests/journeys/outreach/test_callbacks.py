"""The doors that gateways call: who is believed, what is taken, and that twice is once."""

import datetime as dt
import hmac
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from journeys.contact import queries as gate
from journeys.models import (
    Answer,
    BadCall,
    Contact,
    Customer,
    DoNotContact,
    ErasedRefusal,
    Message,
    Receipt,
)
from journeys.outreach import rules
from tests.factories.journeys import INSTANT, CustomerFactory
from tests.factories.outreach import MessageFactory

pytestmark = pytest.mark.django_db

PHONE = "13800138000"


@pytest.fixture(autouse=True)
def _set_up(settings: Any) -> None:
    settings.SMS_CALLBACK_SECRET, settings.SMS_CALLBACK_ADDRESSES = "shared", ""
    settings.PUSH_CALLBACK_SECRET, settings.PUSH_CALLBACK_ADDRESSES = "other", ""


def sent(**values: Any) -> tuple[Message, str]:
    message = MessageFactory(
        **{"state": "sent", "sent_at": INSTANT, "attempts": 1, **values},
    )
    return message, rules.message_key(message.pk, message.dedup_key)


def call(door: str, code: str = "sms", secret: str = "shared", **fields: str) -> Any:  # noqa: S107
    address = reverse(f"channel_{door}", args=[code])
    return Client().get(address, {"token": secret, **fields})


def causes() -> list[tuple[str, str, str, int]]:
    return list(BadCall.objects.order_by("id").values_list("channel", "door", "cause", "calls"))


def test_a_receipt_is_kept_once_for_each_kind() -> None:
    message, key = sent()
    for kind in ("1", "1", "2", "8"):
        answer = call("receipts", id=key, type=kind, reference="f1")
        assert (answer.status_code, answer.content) == (200, b"")
    rows = Receipt.objects.order_by("id").values_list("message", "kind", "gateway_reference")
    assert list(rows) == [(message.pk, "delivered", "f1"), (message.pk, "failed", "f1")]
    message.refresh_from_db()
    assert (message.state, message.sent_at, causes()) == ("sent", INSTANT, [])


@pytest.mark.parametrize("state", ["in_doubt", "queued", "parked"])
@pytest.mark.parametrize("kind", ["1", "16"])
def test_a_receipt_settles_what_has_no_known_end(state: str, kind: str) -> None:
    """The gateway had it: it is not sent again, whatever was believed."""
    message, key = sent(state=state, sent_at=None, failure_kind="temporary", failure="worker_lost")
    assert call("receipts", id=key, type=kind).status_code == 200
    message.refresh_from_db()
    assert (message.state, message.failure, message.failure_kind) == ("sent", "", "")
    assert message.sent_at is not None


@pytest.mark.parametrize(
    ("state", "days", "is_moved"),
    [("in_doubt", 0, False), ("parked", 0, False), ("queued", 9_000, True)],
)
def test_a_receipt_that_comes_late_leaves_the_contact_when_it_was_made(
    state: str, days: int, is_moved: bool
) -> None:
    """The caps count from the hand-over on, not from the day on which somebody heard of it; what
    was to be made once more is not ahead any longer. Further receipts move nothing."""
    message, key = sent(
        state=state, sent_at=None, failure_kind="temporary", failure="worker_lost",
        not_before=INSTANT + dt.timedelta(days=days),
    )  # fmt: skip
    assert call("receipts", id=key, type="1").status_code == 200
    message.refresh_from_db()
    found = (message.state, message.sent_at, Contact.objects.get().at)
    assert found == ("sent", message.sent_at, message.sent_at if is_moved else INSTANT)
    for kind in ("1", "2", "16"):
        assert call("receipts", id=key, type=kind).status_code == 200
    message.refresh_from_db()
    assert (message.state, message.sent_at, Contact.objects.get().at) == found


@pytest.mark.parametrize("state", ["failed", "cancelled"])
def test_what_is_over_stays_over(state: str) -> None:
    message, key = sent(state=state, sent_at=None, failure_kind="policy", failure="called_off")
    assert call("receipts", id=key, type="1").status_code == 200
    message.refresh_from_db()
    assert (message.state, message.receipts.count()) == (state, 1)


def test_words_on_the_way_settle_nothing() -> None:
    message, key = sent(state="in_doubt", sent_at=None)
    assert call("receipts", id=key, type="8").status_code == 200
    message.refresh_from_db()
    assert (message.state, Receipt.objects.count()) == ("in_doubt", 0)


@pytest.mark.parametrize(
    ("change", "status", "cause"),
    [
        ({"id": "7-0123456789abcdef"}, 404, "unknown_key"),
        ({"id": "x"}, 404, "unknown_key"),
        ({"id": ""}, 400, "no_key"),
        ({"type": "99"}, 400, "unknown_kind"),
        ({"secret": "wrong"}, 403, "bad_secret"),
        ({"secret": ""}, 403, "bad_secret"),
        ({"code": "push"}, 403, "bad_secret"),
        ({"code": "moon"}, 404, "no_channel"),
        ({"code": "email", "secret": "x"}, 403, "not_configured"),
    ],
)
def test_a_bad_call_changes_nothing_and_is_counted(
    change: dict[str, str], status: int, cause: str
) -> None:
    message, key = sent(state="in_doubt", sent_at=None)
    for calls in (1, 2):
        answer = call("receipts", **{"id": key, "type": "1", **change})
        assert (answer.status_code, answer.content) == (status, b"Refused")
        assert causes() == [(change.get("code", "sms"), "receipts", cause, calls)]
    message.refresh_from_db()
    assert (message.state, Receipt.objects.count()) == ("in_doubt", 0)


def test_a_key_of_another_message_or_channel_or_never_tried_is_unknown() -> None:
    first, key = sent()
    _second, other = sent(dedup_key="other")
    forged = f"{first.pk}-{other.partition('-')[2]}"
    _mail, mail_key = sent(channel="email")
    _untried, untried_key = sent(state="queued", sent_at=None, attempts=0)
    for given in (forged, mail_key, untried_key):
        assert call("receipts", id=given, type="1").status_code == 404
    assert Receipt.objects.count() == 0
    assert call("receipts", id=key, type="1").status_code == 200


def test_without_secret_and_addresses_nobody_is_believed(settings: Any) -> None:
    settings.SMS_CALLBACK_SECRET = ""
    _message, key = sent()
    signature = hmac.new(b"", f"sms:{key}".encode(), "sha256").hexdigest()
    for fields in ({"secret": ""}, {"secret": "x"}, {"secret": "", "sign": signature}):
        assert call("receipts", **{"id": key, "type": "1", **fields}).status_code == 403
        assert call("answers", **{"from": PHONE, "text": "R", **fields}).status_code == 403
    assert {cause for _code, _door, cause, _calls in causes()} == {"not_configured"}
    assert (Receipt.objects.count(), Answer.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("networks", "secret", "given", "status"),
    [
        ("127.0.0.1", "", "", 200), ("10.0.0.0/8, 127.0.0.0/8", "", "", 200),
        ("10.0.0.0/8", "", "", 403), ("nonsense", "", "", 403), ("::1", "", "", 403),
        ("127.0.0.1", "shared", "shared", 200), ("127.0.0.1", "shared", "x", 403),
        ("10.0.0.0/8", "shared", "shared", 403),
    ],
)  # fmt: skip
def test_whatever_is_set_must_hold(
    settings: Any, networks: str, secret: str, given: str, status: int
) -> None:
    settings.SMS_CALLBACK_ADDRESSES, settings.SMS_CALLBACK_SECRET = networks, secret
    _message, key = sent()
    assert call("receipts", id=key, type="1", secret=given).status_code == status
    assert Receipt.objects.count() == (1 if status == 200 else 0)


def test_a_signature_is_good_for_its_message_alone() -> None:
    _first, key = sent()
    _second, other = sent(dedup_key="other")
    signature = hmac.new(b"shared", f"sms:{key}".encode(), "sha256").hexdigest()
    taken = {"type": "1", "secret": "", "sign": signature}
    assert call("receipts", id=key, **taken).status_code == 200
    assert call("receipts", id=other, **taken).status_code == 403
    assert call("answers", **{"from": PHONE, "text": "R", "sign": signature, "secret": ""}
                ).status_code == 403  # fmt: skip


def test_a_push_receipt_comes_as_json() -> None:
    message, key = sent(channel="push")
    address = reverse("channel_receipts", args=["push"])
    bearer = {"HTTP_AUTHORIZATION": "Bearer other"}
    for event, status in (("delivered", 200), ("read", 200), ("read", 200), ("moon", 400)):
        body = json.dumps({"id": key, "event": event})
        answer = Client().post(address, body, content_type="application/json", **bearer)
        assert answer.status_code == status
    assert set(message.receipts.values_list("kind", flat=True)) == {"delivered", "read"}
    for body in ("[]", "{", "[" * 100_000, '"x"', '{"id": 7, "event": "read"}'):
        answer = Client().post(address, body, content_type="application/json", **bearer)
        assert answer.status_code == 400


def test_too_many_calls_are_refused_and_counted(settings: Any) -> None:
    settings.CALLBACK_CALLS_PER_MINUTE = 3
    _message, key = sent()
    address = reverse("channel_receipts", args=["sms"])
    asked = {"token": "shared", "id": key, "type": "1"}
    client = Client(REMOTE_ADDR="10.7.7.7")
    statuses = [client.get(address, asked).status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    assert causes() == [("sms", "receipts", "too_many", 2)]
    assert call("receipts", id=key, type="1").status_code == 200


@pytest.mark.parametrize("words", ["R", "Ｒ", "TD", "退订", "t"])
def test_a_refusal_holds_for_everybody_with_the_phone(words: str) -> None:
    customers = [CustomerFactory(phone=PHONE) for _ in range(2)]
    other = CustomerFactory()
    asked = {"from": f"+86{PHONE}", "text": words, "reference": "u1"}
    for _ in range(2):
        answer = call("answers", **asked)
        assert (answer.status_code, answer.content) == (200, b"")
    rows = DoNotContact.objects.order_by("customer_id")
    assert list(rows.values_list("customer", "words", "source")) == [
        (customer.pk, words, "sms") for customer in customers
    ]
    kept = Answer.objects.get()
    assert (kept.finding, kept.customer, kept.is_to_look_at) == ("refused", customers[0], False)
    assert kept.sender_masked == "138****8000"
    now = gate.verdicts_now(customers[1].pk, at=kept.at)
    assert now["sms", "marketing"].answer in {"no_rule", "do_not_contact"}
    assert not DoNotContact.objects.filter(customer=other).exists()


def test_a_refusal_from_an_unknown_phone_is_kept_and_holds_for_who_comes_later() -> None:
    assert call("answers", **{"from": PHONE, "text": "退订", "reference": "u1"}).status_code == 200
    kept = Answer.objects.get()
    assert (kept.finding, kept.customer, kept.is_to_look_at) == ("unknown", None, True)
    late = CustomerFactory(phone=PHONE)
    assert ErasedRefusal.objects.get().value_hash == late.callee
    assert DoNotContact.objects.count() == 0


def test_what_is_no_refusal_waits_for_a_person() -> None:
    customer = CustomerFactory(phone=PHONE)
    call("answers", **{"from": PHONE, "text": "怎么领？电话13900139000", "reference": "u1"})
    call("answers", **{"from": "95588", "text": "R", "reference": "u2"})
    call("answers", **{"from": PHONE, "text": "", "reference": "u3"})
    rows = Answer.objects.order_by("reference").values_list("finding", "customer", "words")
    assert list(rows) == [
        ("other", customer.pk, "怎么领？电话139****9000"),
        ("unknown", None, "R"),
        ("other", customer.pk, ""),
    ]
    assert DoNotContact.objects.count() == 0


def test_answers_without_a_key_are_told_apart_by_their_time() -> None:
    CustomerFactory(phone=PHONE)
    for time in ("60", "60", "61"):
        call("answers", **{"from": PHONE, "text": "R", "time": time})
    assert (Answer.objects.count(), DoNotContact.objects.count()) == (2, 2)


def test_an_instant_that_has_not_come_is_said_now() -> None:
    customer = CustomerFactory(phone=PHONE)
    call("answers", **{"from": PHONE, "text": "R", "time": "9999999999"})
    kept = Answer.objects.get()
    assert DoNotContact.objects.get(customer=customer).at == kept.at


def test_nothing_in_a_call_breaks_the_door() -> None:
    hostile = "R\0\ud83d <script>'; --" + "x" * 5000
    fields = {"token": "shared", "from": PHONE, "text": "a\0b" + "好" * 5000, "reference": "\0u"}
    answer = Client().post(
        reverse("channel_answers", args=["sms"]),
        urlencode(fields),
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 200
    assert len(Answer.objects.get().words) <= 2000
    assert call("answers", **{"text": hostile.replace("\ud83d", "")}).status_code == 400
    assert Customer.objects.count() == 0
