"""E-mail over SMTP: what a reply means at each step, and what silence means."""

import contextlib
import dataclasses
import socket
import threading
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest

from journeys.customers.models import Customer
from journeys.outreach.channels.email.gateway import EmailGateway
from journeys.outreach.channels.protocol import Parcel
from journeys.outreach.enums import Found
from journeys.outreach.models import Message
from journeys.outreach.operations.handing import Done, hand_over
from journeys.outreach.operations.weighing import Claim
from tests.factories.journeys import INSTANT, CustomerFactory
from tests.journeys.outreach.channels.scripted import HANG_UP

PARCEL = Parcel("7-abc", "li@example.test", "您好", "王**您好\n.\n再见")
TOKEN = "7.email.AAAAAAAAAAAAAAAAAAAAAA"
URL = f"https://card.bank.example/unsubscribe/?t={TOKEN}"
MAILTO = f"mailto:card@bank.example?subject=unsubscribe%20{TOKEN}"
REFUSABLE = dataclasses.replace(PARCEL, token=TOKEN, refuse_url=URL, tag="7.0123456789abcdef")


class Relay:
    """The answers of a relay by command, one message after another."""

    def __init__(self, **answers: bytes) -> None:
        self.answers = {
            "ehlo": b"250 relay\r\n", "rset": b"250 OK\r\n", "mail": b"250 OK\r\n",
            "rcpt": b"250 OK\r\n", "data": b"354 go\r\n", "text": b"250 2.0.0 kept\r\n",
        } | answers  # fmt: skip
        self.commands: list[str] = []
        self.text = b""
        self.connections = 0

    def serve(self, peer: Any) -> None:
        self.connections += 1
        peer.sendall(b"220 relay\r\n")
        lines, is_text = peer.makefile("rb"), False
        for line in lines:
            if is_text:
                self.text += line
                if line != b".\r\n":
                    continue
            name = "text" if is_text else line[:4].decode().lower()
            self.commands.append(name if is_text else line.decode().strip())
            answer = self.answers[name]
            if answer == HANG_UP:
                return
            peer.sendall(answer)
            is_text = name == "data" and answer.startswith(b"354")


@pytest.fixture
def relay(settings: Any) -> Iterator[Relay]:
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_TIMEOUT = settings.OUTBOX_HAND_OVER_SECONDS = 20
    settings.DEFAULT_FROM_EMAIL = "信用卡中心 <card@bank.example>"
    listener = socket.create_server(("127.0.0.1", 0))
    settings.EMAIL_PORT = listener.getsockname()[1]
    played = Relay()

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                peer, _address = listener.accept()
                with peer:
                    played.serve(peer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield played
    listener.close()


def test_one_connection_carries_many_mails(relay: Relay) -> None:
    gateway = EmailGateway()
    assert [gateway.hand_over(PARCEL).result for _ in range(2)] == ["sent", "sent"]
    gateway.close()
    assert relay.connections == 1
    assert relay.commands[1:] == [
        "mail FROM:<card@bank.example>", "rcpt TO:<li@example.test>", "data", "text",
        "rset",
        "mail FROM:<card@bank.example>", "rcpt TO:<li@example.test>", "data", "text",
    ]  # fmt: skip


def headers_of(relay: Relay, parcel: Parcel) -> dict[str, str]:
    gateway = EmailGateway()
    assert gateway.hand_over(parcel).result == "sent"
    gateway.close()
    mail = message_from_bytes(relay.text.removesuffix(b".\r\n"), policy=default)
    return {name: str(mail[name]) for name in mail if name.startswith("List-")}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            URL,
            {
                "List-Unsubscribe": f"<{URL}>, <{MAILTO}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        ),
        (
            "http://127.0.0.1:8000/unsubscribe/?t=x",
            {
                "List-Unsubscribe": f"<http://127.0.0.1:8000/unsubscribe/?t=x>, <{MAILTO}>",
            },
        ),
        (
            "",
            {"List-Unsubscribe": f"<{MAILTO}>"},
        ),
    ],
)
def test_one_click_is_offered_over_https_alone(
    relay: Relay, url: str, expected: dict[str, str]
) -> None:
    """A long address stays whole: no encoded words, no break within it (RFC 8058, section 3.1)."""
    assert headers_of(relay, dataclasses.replace(REFUSABLE, refuse_url=url)) == expected
    assert not url or relay.text.count(url.encode()) == 1


def test_what_needs_no_consent_offers_no_way_to_take_it_back(relay: Relay) -> None:
    assert headers_of(relay, PARCEL) == {}


@pytest.mark.parametrize(
    ("bounces", "tag", "sender"),
    [
        ("bounces@bank.example", "7.0123456789abcdef", "bounces+7.0123456789abcdef@bank.example"),
        ("bounces@bank.example", "", "card@bank.example"),
        ("", "7.0123456789abcdef", "card@bank.example"),
        ("not-an-address", "7.0123456789abcdef", "card@bank.example"),
    ],
)
def test_the_return_path_names_the_message(
    relay: Relay, settings: Any, bounces: str, tag: str, sender: str
) -> None:
    settings.EMAIL_BOUNCES = bounces
    gateway = EmailGateway()
    gateway.hand_over(dataclasses.replace(PARCEL, tag=tag))
    gateway.close()
    assert relay.commands[1] == f"mail FROM:<{sender}>"


def test_the_mail_names_its_sender_and_its_key(relay: Relay) -> None:
    gateway = EmailGateway()
    outcome = gateway.hand_over(PARCEL)
    gateway.close()
    assert outcome.reference == "250 2.0.0 kept".partition(" ")[2]
    mail = message_from_bytes(relay.text.removesuffix(b".\r\n"), policy=default)
    assert {name: mail[name] for name in mail if name not in {"Date", "MIME-Version"}} == {
        "From": "信用卡中心 <card@bank.example>",
        "To": "li@example.test",
        "Subject": "您好",
        "Message-ID": "<7-abc@bank.example>",
        "X-Message-Key": "7-abc",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "base64",
    }
    assert mail.get_content().replace("\r\n", "\n") == "王**您好\n.\n再见\n"


@pytest.mark.parametrize(
    ("step", "answer", "result"),
    [
        ("ehlo", HANG_UP, "unreachable"),
        ("mail", b"550 not you\r\n", "busy"),
        ("mail", b"451 later\r\n", "busy"),
        ("mail", HANG_UP, "busy"),
        ("rcpt", b"550 nobody\r\n", "bad_address"),
        ("rcpt", b"450 full\r\n", "busy"),
        ("rcpt", b"421 closing\r\n", "busy"),
        ("rcpt", HANG_UP, "busy"),
        ("data", b"554 no\r\n", "refused"),
        ("data", b"452 no room\r\n", "busy"),
        ("data", HANG_UP, "busy"),
        ("text", b"550 spam\r\n", "refused"),
        ("text", b"451 later\r\n", "busy"),
        ("text", b"421 closing\r\n", "no_answer"),
        ("text", HANG_UP, "no_answer"),
    ],
)
def test_each_step_has_its_meaning(relay: Relay, step: str, answer: bytes, result: str) -> None:
    relay.answers[step] = answer
    gateway = EmailGateway()
    assert gateway.hand_over(PARCEL).result == result
    gateway.close()


def test_a_refusal_leaves_the_connection_good_for_the_next(relay: Relay) -> None:
    gateway = EmailGateway()
    relay.answers["rcpt"] = b"550 nobody\r\n"
    assert gateway.hand_over(PARCEL).result == "bad_address"
    relay.answers["rcpt"] = b"250 OK\r\n"
    assert gateway.hand_over(PARCEL).result == "sent"
    gateway.close()
    assert relay.connections == 1


def handed_over_to(customer: Customer) -> Done:
    claim = Claim(
        message_id=7, customer_id=customer.pk, channel="email", purpose="service",
        dedup_key="7-abc", origin="test", attempts=1, template_id=1, subject="您好", body="再见",
        context="{}", address=bytes(customer.email_sealed or b""), queued_at=INSTANT, held_by="",
        is_withdrawn=False, valid_until=None, asked_at=INSTANT, lease_until=INSTANT,
    )  # fmt: skip
    with contextlib.closing(EmailGateway()) as gateway:
        return hand_over(gateway=gateway, claim=claim, at=lambda: INSTANT)


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["no such mailbox at this relay, not even by another name: ", ""])
def test_no_part_of_an_address_is_kept_of_a_reply(relay: Relay, words: str) -> None:
    customer = CustomerFactory(email="wangxiaoming@mail.example.test")
    words = words and words + "x" * (93 - len(words)) + " "
    relay.answers["rcpt"] = f"550 5.1.1 {words}<wangxiaoming@mail.example.test>\r\n".encode()
    assert handed_over_to(customer).failure == f"bad_address: 550 5.1.1 {words}<***>"


@pytest.mark.django_db
def test_a_reply_that_is_longer_under_its_masks_has_room(relay: Relay) -> None:
    relay.answers["text"] = b"250 " + b"a@b.cn " * 17 + b"\r\n"
    room = Message._meta.get_field("gateway_reference").max_length
    done = handed_over_to(CustomerFactory(email="li@example.test"))
    assert done.reference == ("a***@b.cn " * 17)[:room]


def test_a_lost_connection_is_opened_anew(relay: Relay) -> None:
    gateway = EmailGateway()
    assert gateway.hand_over(PARCEL).result == "sent"
    relay.answers["rset"] = HANG_UP
    assert gateway.hand_over(PARCEL).result == "sent"
    gateway.close()
    assert relay.connections == 2


@pytest.mark.parametrize(
    "parcel",
    [
        Parcel("1", "a@b.test>\r\nRCPT TO:<c@d.test", "s", "b"),
        Parcel("1", "a b@c.test", "s", "b"),
        Parcel("1", "李@c.test", "s", "b"),
        Parcel("1", "a@b.test", "s\r\nBcc: c@d.test", "b"),
        dataclasses.replace(REFUSABLE, refuse_url="https://x.test/>\r\nBcc: <c@d.test"),
        dataclasses.replace(REFUSABLE, token="x>\r\nBcc: <c@d.test"),
    ],
)
def test_nothing_breaks_out_of_its_line(relay: Relay, parcel: Parcel) -> None:
    assert EmailGateway().hand_over(parcel).result == "refused"
    assert relay.connections == 0


def test_without_a_status_address_nothing_is_known(settings: Any) -> None:
    settings.EMAIL_STATUS_URL = ""
    assert EmailGateway().find("7-abc") == Found.UNKNOWN
