"""Mail that came back: what is believed, what is a bad address, and hostile mail."""

import io
import mailbox
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from journeys.contact import operations as contact
from journeys.contact import queries as gate
from journeys.models import BadAddress, Consent, Contact, Message, Receipt
from journeys.outreach import access, rules
from journeys.outreach.intake import bounces
from tests.factories.journeys import INSTANT, ContactRuleFactory, CustomerFactory
from tests.factories.outreach import MessageFactory
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db
ADDRESS = "li.wei@example.test"


@pytest.fixture(autouse=True)
def _set_up(settings: Any) -> None:
    settings.EMAIL_BOUNCES = "bounces@bank.example"
    ContactRuleFactory()


@pytest.fixture
def message() -> Message:
    customer = CustomerFactory(email=ADDRESS)
    return MessageFactory(
        customer=customer, channel="email", purpose="service", state="sent", sent_at=INSTANT,
        attempts=1,
    )  # fmt: skip


def report(
    message: Message | None = None,
    *,
    tag: str = "",
    key: str = "",
    action: str = "failed",
    status: str = "5.1.1",
    recipient: str = ADDRESS,
    diagnostic: str = "",
    extra: str = "",
) -> bytes:
    """As Postfix writes it."""
    to = f"bounces+{tag}@bank.example" if tag else "bounces@bank.example"
    returned = f"Message-ID: <{key}@bank.example>\nSubject: x\n" if key else "Subject: x\n"
    return f"""Return-Path: <>
Delivered-To: {to}
From: MAILER-DAEMON@mx.example
To: {to}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"
{extra}
--b
Content-Type: text/plain

I'm sorry to have to inform you.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {diagnostic}

--b
Content-Type: text/rfc822-headers

{returned}
--b--
""".encode()


def take(data: bytes) -> str:
    return bounces.take_mail(data, at=INSTANT)


def test_mail_to_nobody_fails_for_good_and_the_address_with_it(message: Message) -> None:
    tag = access.return_tag(message.pk)
    assert [take(report(tag=tag)) for _ in range(2)] == ["hard", "hard"]
    message.refresh_from_db()
    assert (message.state, message.failure_kind) == ("failed", "address")
    assert (message.failure, message.sent_at) == ("bounced: 5.1.1", None)
    assert Contact.objects.get(dedup_key=message.dedup_key).released_at == INSTANT
    assert list(Receipt.objects.values_list("message", "kind")) == [(message.pk, "failed")]
    row = BadAddress.objects.get()
    assert (row.customer, row.address_masked, row.cause) == (
        message.customer, "l***@example.test", "5.1.1",
    )  # fmt: skip
    assert answer_for(message) == "no_address"


def answer_for(message: Message) -> str:
    return gate.verdicts_now(message.customer_id, at=INSTANT)["email", "service"].answer


def test_nobody_with_that_address_is_written_to_until_somebody_says_so(message: Message) -> None:
    twin = CustomerFactory(email=ADDRESS)
    other = CustomerFactory()
    take(report(tag=access.return_tag(message.pk)))
    now = {
        one.pk: gate.verdicts_now(one.pk, at=INSTANT)["email", "service"].answer
        for one in (twin, other)
    }
    assert now == {twin.pk: "no_address", other.pk: "open"}
    assert gate.verdicts_now(twin.pk, at=INSTANT)["sms", "service"].answer == "open"
    row, actor = BadAddress.objects.get(), StaffFactory()
    contact.end_bad_address(bad_address_id=row.pk, reason="x", actor=actor, at=INSTANT)
    assert answer_for(message) == "open"
    with pytest.raises(contact.NotBad):
        contact.end_bad_address(bad_address_id=row.pk, reason="x", actor=actor, at=INSTANT)
    assert contact.note_bad_address(customer_id=twin.pk, address="", cause="5.1.1", at=INSTANT)
    assert answer_for(message) == "no_address"


@pytest.mark.parametrize(
    ("action", "status", "diagnostic", "kind"),
    [
        ("failed", "5.1.1", "", "hard"), ("failed", "5.1.2", "", "hard"),
        ("failed", "5.1.10", "", "hard"), ("failed", "5.2.1", "", "hard"),
        ("failed", "5.0.0", "550 5.1.1 <x> no such user", "hard"),
        ("failed", "", "550 5.1.1 no such user", "hard"),
        ("failed", "5.2.2", "552 5.2.2 full", "other"), ("failed", "5.7.1", "", "other"),
        ("failed", "5.1.8", "", "other"), ("failed", "4.4.7", "", "other"),
        ("failed", "5.7.1", "550 5.1.1", "other"), ("failed", "nonsense", "", "other"),
        ("delayed", "4.4.1", "", "delayed"), ("delayed", "5.1.1", "", "delayed"),
        ("delivered", "2.0.0", "", "delayed"), ("Failed", "5.1.1", "", "hard"),
    ],
)  # fmt: skip
def test_only_a_missing_address_is_the_fault_of_the_address(
    message: Message, action: str, status: str, diagnostic: str, kind: str
) -> None:
    tag = access.return_tag(message.pk)
    assert take(report(tag=tag, action=action, status=status, diagnostic=diagnostic)) == kind
    message.refresh_from_db()
    assert message.state == ("failed" if kind == "hard" else "sent")
    assert BadAddress.objects.count() == (1 if kind == "hard" else 0)
    assert Receipt.objects.count() == (0 if kind == "delayed" else 1)


def test_without_a_tag_the_key_counts_where_the_address_fits(message: Message) -> None:
    key = rules.message_key(message.pk, message.dedup_key)
    assert take(report(key=key, recipient="somebody@else.test")) == "unknown"
    assert take(report(key=f"{message.pk}-0123456789abcdef")) == "unknown"
    assert (BadAddress.objects.count(), Receipt.objects.count()) == (0, 0)
    assert take(report(key=key, recipient=ADDRESS.upper())) == "hard"
    assert BadAddress.objects.count() == 1


def test_who_has_another_address_by_now_keeps_it(message: Message) -> None:
    tag = access.return_tag(message.pk)
    assert take(report(tag=tag, recipient="old@example.test")) == "hard"
    message.refresh_from_db()
    assert (message.state, BadAddress.objects.count()) == ("failed", 0)


@pytest.mark.parametrize(
    "tag", ["", "7", "1.0123456789abcdef", "1.0123456789abcdef@evil.test", "../../x"]
)
def test_a_forged_tag_says_nothing(message: Message, tag: str) -> None:
    assert take(report(tag=tag)) == "unknown"
    assert (BadAddress.objects.count(), Receipt.objects.count()) == (0, 0)


def test_the_tag_of_an_sms_is_none(message: Message) -> None:
    sms = MessageFactory(customer=message.customer, state="sent", sent_at=INSTANT, attempts=1)
    assert take(report(tag=access.return_tag(sms.pk))) == "unknown"


def _nested(depth: int) -> bytes:
    opened = "".join(
        f'Content-Type: multipart/mixed; boundary="{n}"\n\n--{n}\n' for n in range(depth)
    )
    return f"Subject: x\n{opened}".encode()


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\0" * 1000, b"no headers at all", b"Subject: \xff\xfe\n\nx", _nested(3000),
        b"Content-Type: multipart/report\n\n", b"Content-Type: multipart/report; boundary=\n\n--\n",
        b"Content-Type: message/delivery-status\n\nAction: failed\n",
        b"Content-Type: text/plain; charset=moon\nSubject: =?moon?b?//8=?=\n\nx",
        b"Content-Type: message/rfc822\n\n" * 200,
        b"To: " + b"bounces+" * 20_000 + b"\nContent-Type: multipart/report; boundary=b\n\n--b--",
        b"Subject: unsubscribe 1.email.AAAAAAAAAAAAAAAAAAAAAA\n\n",
        b"Subject: unsubscribe " + b"9" * 5000 + b"\n\n",
        b"A" * 3_000_000,
    ],
    ids=range(14),
)  # fmt: skip
def test_hostile_mail_breaks_nothing(message: Message, data: bytes) -> None:
    assert take(data) in {"ignored", "unknown"}
    assert (BadAddress.objects.count(), Consent.objects.count()) == (0, 0)


def test_what_a_report_says_is_kept_masked(message: Message) -> None:
    status = "5.1.1"
    hostile = f"550 {status} <13800138000> li.wei@example.test\n\tBcc: x"
    assert take(report(tag=access.return_tag(message.pk), status="", diagnostic=hostile)) == "hard"
    assert BadAddress.objects.get().cause == status


def test_a_mail_takes_a_consent_back(message: Message) -> None:
    mail = EmailMessage()
    mail["Subject"] = f"unsubscribe {access.refusal_token(message.customer_id, 'email')}"
    mail.set_content("x")
    assert [take(mail.as_bytes()) for _ in range(2)] == ["unsubscribed", "unsubscribed"]
    said = Consent.objects.get()
    assert (said.customer, said.channel, said.is_granted) == (message.customer, "email", False)


def run(*args: str) -> str:
    out = io.StringIO()
    call_command("take_bounces", *args, stdout=out)
    return out.getvalue().strip()


FIRST = "hard: 1, other: 0, delayed: 1, unsubscribed: 0, unknown: 0, ignored: 1"


def test_the_command_reads_a_file_again_without_harm(message: Message, tmp_path: Path) -> None:
    tag = access.return_tag(message.pk)
    box = mailbox.mbox(tmp_path / "box")
    for data in (report(tag=tag), report(tag=tag, action="delayed"), b"Subject: hi\n\nhello"):
        box.add(data)
    box.close()
    path = str(tmp_path / "box")
    assert [run(path), run(path)] == [FIRST, FIRST]
    assert run(path, "--remove") == FIRST
    assert run(path) == "hard: 0, other: 0, delayed: 0, unsubscribed: 0, unknown: 0, ignored: 1"
    assert Receipt.objects.count() == 1


def test_the_command_reads_a_folder_and_standard_input(
    message: Message, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = report(tag=access.return_tag(message.pk))
    mailbox.Maildir(tmp_path / "dir").add(data)
    assert run(str(tmp_path / "dir")).startswith("hard: 1,")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert run("-").startswith("hard: 1,")
    for bad in (tmp_path / "nothing", tmp_path):
        with pytest.raises(CommandError):
            run(str(bad))
