"""The main job as the README tells it: files in, a campaign approved by two people, a live run,
messages in the practice gateways, reasons on pages in both languages, an audit trail that holds.
"""

import datetime as dt
import html
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings as project
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from campaigns.models import CampaignVersion, Decision, Grant, Run
from journeys import tasks
from journeys.contact import operations as contact
from journeys.models import Contact, Customer, Message
from journeys.sandbox.models import ReceivedMessage
from portal.models import AuditEntry, Staff, Submission
from tests.factories.campaigns import submission_settings
from tests.factories.journeys import ConsentTextFactory, ContactRuleFactory, ProductFactory
from tests.factories.merchants import MerchantFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.processes import Processes

pytestmark = pytest.mark.django_db(transaction=True)

# Ten in the morning in Shanghai.
NOW = dt.datetime(2026, 11, 20, 2, 0, tzinfo=dt.UTC)
KNOWN_CASE = project.BASE_DIR / "examples" / "known_case" / "campaign.yaml"
FILES = {
    "customers": """
        number,name,phone,email,branch,language,registered_date,lawful_basis
        C1,王小明,13800000001,,B001,zh-hans,2026-05-01,contract
        C2,Ann Lee,13800000002,ann@example.test,B001,en,2026-05-01,contract
        C3,李小红,13800000003,,B001,zh-hans,2026-05-01,contract
        C4,张伟,13800000004,,B001,zh-hans,2026-05-01,contract
        C5,刘洋,13800000005,,B001,zh-hans,2026-05-01,contract
        C6,陈静,13800000006,,B001,zh-hans,2026-05-01,contract
        C7,杨帆,13800000007,,B001,zh-hans,2026-05-01,contract
        C8,赵磊,13800000008,,B001,zh-hans,2026-05-01,contract
        C9,黄蓉,13800000009,,B001,zh-hans,2026-05-01,contract
        C10,周杰,13800000010,,B001,zh-hans,2026-05-01,contract
        """,
    "applications": """
        number,customer,product,branch,filed_date,state,decided_date
        A1,C1,CLASSIC,B001,2026-06-01,approved,2026-06-15
        A2,C2,TRAVEL,B001,2026-06-10,approved,2026-06-15
        A3,C3,CLASSIC,B001,2026-06-10,approved,2026-06-15
        A4,C4,CLASSIC,B001,2026-05-31,approved,2026-06-15
        A5,C5,CLASSIC,B001,2026-06-10,approved,2026-06-15
        A6,C6,CLASSIC,B001,2026-06-10,approved,2026-06-15
        A7,C7,CLASSIC,B001,2026-06-10,filed,
        A8,C8,CLASSIC,B001,2026-06-10,approved,2026-06-15
        A9,C9,PLATINUM,B001,2026-06-10,approved,2026-06-15
        A10,C10,CLASSIC,B001,2026-06-10,approved,2026-06-15
        """,
    # Issued on 21 June: 20 days after the application of C1, 21 after that of C4.
    "cards": """
        reference,masked_number,customer,application,product,branch,issued_date,activated_date
        K1,622588******1111,C1,A1,CLASSIC,B001,2026-06-21,2026-06-25
        K2,622588******2222,C2,A2,TRAVEL,B001,2026-06-21,2026-06-25
        K3,622588******3333,C3,A3,CLASSIC,B001,2026-06-21,2026-06-25
        K4,622588******4444,C4,A4,CLASSIC,B001,2026-06-21,2026-06-25
        K5,622588******5555,C5,A5,CLASSIC,B001,2026-06-21,
        K6,622588******6666,C6,A6,CLASSIC,B001,2026-06-21,2026-06-25
        K8,622588******8888,C8,A8,CLASSIC,B001,2026-06-21,2026-06-25
        K9,622588******9999,C9,A9,PLATINUM,B001,2026-06-21,2026-06-25
        K10,622588******1010,C10,A10,CLASSIC,B001,2026-06-21,2026-06-25
        """,
    # Day 65 after 21 June is 25 August: C1 reaches the sum on it, C8 a day late.
    "transactions": """
        reference,card,kind,amount,posted_date,merchant,refund_of
        T1,K1,purchase,600.00,2026-07-01,M1,
        T2,K1,purchase,400.00,2026-08-25,M1,
        T3,K2,purchase,2500.00,2026-07-01,,
        T4,K3,purchase,1500.00,2026-07-01,,
        T5,K3,refund,500.01,2026-07-05,,T4
        T6,K4,purchase,5000.00,2026-07-01,,
        T7,K8,purchase,999.99,2026-08-25,,
        T8,K8,purchase,800.00,2026-08-26,,
        T9,K9,purchase,1000.00,2026-07-01,,
        T10,K10,purchase,1000.00,2026-07-01,,
        T11,K99,purchase,1000.00,2026-07-01,,
        """,
}  # fmt: skip
# By customer: outcome, the place of the first condition that failed, the gate's answer, channel.
DECIDED = {
    "C1": ("qualified", None, "open", "sms"),
    "C2": ("qualified", None, "open", "email"),
    "C3": ("not_qualified", 3, "", ""),
    "C4": ("not_qualified", 0, "", ""),
    "C5": ("not_qualified", 1, "", ""),
    "C6": ("not_qualified", 2, "", ""),
    "C7": ("no_card", None, "", ""),
    "C8": ("not_qualified", 3, "", ""),
    "C9": ("qualified", None, "no_consent", ""),
    "C10": ("qualified", None, "do_not_contact", ""),
}


# What arrives: channel, address, the first words of the text.
TOLD = [
    (
        "sms",
        "13800000001",
        "【信用卡中心】您尾号1111的信用卡已达成“新户首刷礼”条件，首刷礼（价值¥10）已发放",
    ),
    ("email", "ann@example.test", "Dear customer, Your card ending in 2222 has met the terms of"),
]
SUM_ZH = "自核卡日起至其后第 65 天（含当天），使用该卡消费满¥1,000；这些天内入账的退款予以扣除。"
SUM_EN = (
    "From the day of issue to day 65 after it, that day included, spending with the card reaches "
    "¥1,000; refunds that post on these days are deducted."
)
# By customer and language: condition, finding, what there is, what is needed, gap, last day.
RECEIPTS = {
    ("C3", "zh-hans"): [
        ["卡片须在申请后第 20 天以内（含）核发。", "已满足", "第 11 天",
         "不晚于第 20 天", "–", "2026-06-30"],
        ["卡片已激活。", "已满足", "2026-06-25 激活", "已激活", "–", "–"],
        ["卡片已完成首次消费。", "已满足", "2026-07-01 首次使用", "使用过一次", "–", "–"],
        [SUM_ZH, "未满足 首先在此未满足", "¥999.99 99 %", "不少于¥1,000", "¥0.01", "2026-08-25"],
    ],
    ("C5", "en"): [
        ["The card is issued no later than day 20 after the application.", "Met", "Day 11",
         "At most day 20", "–", "2026-06-30"],
        ["The card is activated.", "Not met Failed first here", "Not activated", "Activated",
         "Activation of the card", "2027-02-28 still open"],
        ["The card is used for a first purchase.", "Not met", "Not used", "Used once",
         "A first purchase", "2027-02-28 still open"],
        [SUM_EN, "Not examined", "–", "–", "–", "–"],
    ],
    ("C1", "en"): [
        ["The card is issued no later than day 20 after the application.", "Met", "Day 20",
         "At most day 20", "–", "2026-06-21"],
        ["The card is activated.", "Met", "Activated on 2026-06-25", "Activated", "–", "–"],
        ["The card is used for a first purchase.", "Met", "First used on 2026-07-01", "Used once",
         "–", "–"],
        [SUM_EN, "Met", "¥1,000 100 %", "At least ¥1,000", "–", "2026-08-25"],
    ],
}  # fmt: skip
STORY = [
    *["import.done"] * 8, *["consent.given"] * 5, "do_not_contact.recorded",
    *["template.added"] * 4, "campaign.loaded", "run.started", "run.done",
    "approval.submitted", "campaign.submitted",
    "approval.approved", "campaign.approved",
    "run.started", "outbox.queued", "run.done",
    "run.started", "run.done",
]  # fmt: skip


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def maker() -> Staff:
    return StaffFactory(role="campaign_manager", username="campaign_manager")


def open_bank() -> None:
    """What an administrator keeps before the first file comes."""
    branch = BranchFactory(code="B001")
    MerchantFactory(number="M1", branch=branch)
    for code in ("CLASSIC", "TRAVEL", "PLATINUM"):
        ProductFactory(code=code)
    ContactRuleFactory()


def command(*arguments: object) -> tuple[int, str]:
    """The exit code of a command and what it prints."""
    out = io.StringIO()
    try:
        call_command(*map(str, arguments), stdout=out, stderr=io.StringIO())
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue()
    except CommandError as refused:
        return refused.returncode, str(refused)
    return 0, out.getvalue()


def import_files(folder: Path) -> dict[str, tuple[int, int, int, int]]:
    """Exit code and rows that were new, unchanged and bad, by kind of file."""
    found = {}
    for kind, content in FILES.items():
        path = folder / f"{kind}.csv"
        path.write_text(re.sub(r"^\s+", "", content, flags=re.MULTILINE), encoding="utf-8")
        code, told = command("import_data", kind, path, "--json")
        report = json.loads(told)
        found[kind] = (code, report["rows_new"], report["rows_same"], report["rows_bad"])
    return found


def hear_customers() -> None:
    """What the customers said about being contacted."""
    text = ConsentTextFactory()
    said = {"C1": "sms", "C2": "email", "C3": "sms", "C7": "sms", "C10": "sms"}
    for number, channel in said.items():
        contact.record_consent(
            customer_id=Customer.objects.get(number=number).pk, text_id=text.pk,
            channel=channel, evidence="form", actor=None, at=NOW,
        )  # fmt: skip
    contact.record_do_not_contact(
        customer_id=Customer.objects.get(number="C10").pk, words="no", source="call",
        actor=None, at=NOW,
    )  # fmt: skip


def evaluate() -> dict[str, Any]:
    code, told = command(
        "evaluate_campaign", "first-gift", "--on", "2026-11-20", "--kind", "live", "--sync",
        "--json",
    )  # fmt: skip
    assert code == 0, told
    return json.loads(told)


def approve_by_two(client_of: Callable[..., Client], manager: Client) -> None:
    """Submitted on its page by one person, approved by another; not by the same, nor run before."""
    version = CampaignVersion.objects.get()
    submission_settings()
    manager.post(reverse("campaign_submit", args=[version.pk]))
    assert not Submission.objects.exists()
    assert command("evaluate_campaign", "first-gift", "--kind", "dry_run", "--sync")[0] == 0
    manager.post(reverse("campaign_submit", args=[version.pk]))
    decide = reverse("approval_approve", args=[Submission.objects.get().pk])
    assert manager.post(decide, {"reason": ""}).status_code == 403
    assert command("evaluate_campaign", "first-gift", "--kind", "live", "--sync")[0] == 2
    assert not Run.objects.filter(kind="live").exists()
    assert client_of("approver").post(decide, {"reason": ""}).status_code == 302
    version.refresh_from_db()
    assert version.state == "approved"


def decided(run_id: int) -> dict[str, tuple[Any, ...]]:
    rows = Decision.objects.filter(run_id=run_id)
    found = rows.values_list("customer__number", "outcome", "failed_at", "gate", "channel")
    return {row[0]: row[1:] for row in found}


def send(settings: Any) -> None:
    """What the clock's task does, against practice gateways in a process of their own."""
    with Processes() as processes:
        processes.start_sandbox()
        for name, value in processes.gateways().items():
            setattr(settings, name, value)
        tasks.send_due_messages()


def received() -> list[tuple[str, str, str]]:
    """Channel, address and the first words of what the practice gateways have."""
    rows = ReceivedMessage.objects.order_by("destination")
    return [
        (row.channel, row.destination, " ".join(row.body.split())[: len(TOLD[place][2])])
        for place, row in enumerate(rows)
    ]


def receipt(client: Client, number: str, language: str) -> list[list[str]]:
    """The cells of the conditions on a customer's decision page, in a language."""
    client.post(reverse("set_language"), {"language": language, "next": "/"})
    decision = Decision.objects.filter(customer__number=number).latest("id")
    page = client.get(reverse("decision_page", args=[decision.pk])).content.decode()
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    return [
        [
            " ".join(html.unescape(re.sub("<[^>]*>", " ", cell)).split())
            for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)
        ]
        for row in body.split("</tr>")[:-1]
    ]


def written() -> list[list[Any]]:
    """Everything that must not grow when a campaign is run a second time."""
    kept = (Grant, Contact, Message, ReceivedMessage)
    return [list(model.objects.order_by("id").values()) for model in kept]


def test_from_files_to_messages_and_reasons(
    tmp_path: Path, maker: Staff, client_of: Callable[..., Client], settings: Any
) -> None:
    open_bank()
    assert import_files(tmp_path) == {
        "customers": (0, 10, 0, 0), "applications": (0, 10, 0, 0), "cards": (0, 9, 0, 0),
        "transactions": (1, 10, 0, 1),
    }  # fmt: skip
    bad = (tmp_path / "transactions.csv.errors.csv").read_text("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in bad[1:]] == ["12"]
    assert import_files(tmp_path) == {
        "customers": (0, 0, 10, 0), "applications": (0, 0, 10, 0), "cards": (0, 0, 9, 0),
        "transactions": (1, 0, 10, 1),
    }  # fmt: skip
    hear_customers()

    assert command("load_campaign", KNOWN_CASE, "--owner", maker.username)[0] == 0
    manager = client_of(maker)
    approve_by_two(client_of, manager)

    first = evaluate()
    assert decided(first["run"]) == DECIDED
    assert (first["grants"], first["granted_amount"], first["queued"]) == (4, "40.00", 2)
    granted = Grant.objects.order_by("customer_id").values_list("customer__number", flat=True)
    assert list(granted) == ["C1", "C2", "C9", "C10"]
    for (number, language), lines in RECEIPTS.items():
        assert receipt(manager, number, language) == lines

    send(settings)
    assert received() == TOLD
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}

    before = written()
    second = evaluate()
    send(settings)
    assert written() == before
    assert (second["queued"], second["grants"]) == (0, 0)
    already = {number: (*DECIDED[number][:2], "already", "") for number in ("C1", "C2")}
    assert decided(second["run"]) == DECIDED | already

    assert list(AuditEntry.objects.order_by("id").values_list("action", flat=True)) == STORY
    code, told = command("verify_audit", "--json")
    assert (code, json.loads(told)["ok"], json.loads(told)["sequence"]) == (0, True, len(STORY))
