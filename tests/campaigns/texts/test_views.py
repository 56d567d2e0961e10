"""The pages on which message texts are written, looked at and sent to oneself."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.texts import queries, rules
from campaigns.texts.forms import WordsForm
from journeys.models import Contact, Message, MessageTemplate, PointsEntry, TextTest
from portal.approvals import operations as approvals
from portal.models import Submission
from portal.staff.access import scope_of
from tests.executing import executes
from tests.factories.campaigns import approved, draft
from tests.factories.journeys import DAY, CardFactory
from tests.factories.outreach import TemplateFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.factories.texts import lawful
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
Clients = Callable[..., Client]
NEW = {"code": "birthday", "channel": "sms", "language": "zh-hans", "body": lawful("{name}您好")}


def text_of(channel: str) -> MessageTemplate:
    return MessageTemplate.objects.filter(channel=channel).latest("version")


def return_it(row: Submission) -> None:
    approvals.decide(
        submission_id=row.pk, checker=StaffFactory(role="approver"), verdict="return",
        reason="太长", at=row.submitted_at,
    )  # fmt: skip


# --- writing ------------------------------------------------------------------------------------
@executes(WordsForm, "subject", "body")
def test_the_next_wording_is_submitted_on_its_page(client_of: Clients) -> None:
    draft()
    text = text_of("email")
    client = client_of("campaign_manager")
    address = reverse("text_new", args=[text.pk])
    begun = client.get(address).context["form"]
    assert begun.initial == {"subject": text.subject, "body": text.body}
    for body in ("{reward", "{birthday}", text.body, "您好 {reward}"):
        refused = client.post(address, {"subject": text.subject, "body": body})
        assert refused.status_code == 422
        assert refused.context["form"]["body"].value() == body
        assert refused.context["form"].errors["body"]
    words = "您好\r\n{reward} {amount}。拒收请回复退订"
    done = client.post(address, {"subject": "{reward}已到账", "body": words})
    assert done.url == reverse("text_page", args=[text.pk])
    row = Submission.objects.get()
    assert (row.snapshot["subject"], row.snapshot["body"]) == (
        "{reward}已到账", words.replace("\r\n", "\n"),
    )  # fmt: skip
    assert (text_of("email"), client.get(done.url).context["way"]) == (text, row)
    client_of("compliance").post(reverse("approval_approve", args=[row.pk]))
    new = text_of("email")
    assert (new.version, new.subject) == (2, "{reward}已到账")
    page = client.get(reverse("text_page", args=[text.pk]))
    assert (page.context["is_latest"], page.context["way"]) == (False, None)


def test_a_text_that_is_new_is_written_returned_mended_and_approved(client_of: Clients) -> None:
    client = client_of("campaign_manager")
    start = reverse("text_start")
    for wrong in ("Birthday", "birth day", "a/b", "application_approved", "b"):
        refused = client.post(start, NEW | {"code": wrong})
        assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["code"])
    done = client.post(start, NEW)
    page = reverse("text_of", args=["birthday:sms:zh-hans"])
    assert done.url == page
    row = Submission.objects.get()
    shown = client.get(page)
    assert (shown.context["way"], shown.context["is_waiting"]) == (row, True)
    assert [one.submission for one in client.get(reverse("text_list")).context["on_their_way"]] == [
        row
    ]
    return_it(row)
    back = client.get(page)
    assert (back.context["is_waiting"], "太长" in back.content.decode()) == (False, True)
    mend = client.get(start, {"key": "birthday:sms:zh-hans"}).context["form"]
    assert mend.initial == NEW | {"subject": ""}
    client.post(start, NEW | {"body": lawful("您好")})
    again = Submission.objects.latest("pk")
    client_of("approver").post(reverse("approval_approve", args=[again.pk]))
    text = MessageTemplate.objects.get()
    assert (text.reference, text.body) == ("birthday/sms/zh-hans/1", lawful("您好"))
    assert client.get(page).url == reverse("text_page", args=[text.pk])
    assert client.get(reverse("text_list")).context["on_their_way"] == []
    twice = client.post(start, NEW)
    assert (twice.status_code, list(twice.context["form"].errors)) == (422, ["code"])


def test_what_came_back_is_what_the_next_version_begins_with(client_of: Clients) -> None:
    text = TemplateFactory()
    client = client_of("campaign_manager")
    address = reverse("text_new", args=[text.pk])
    client.post(address, {"body": lawful("{name}再见")})
    assert client.get(address).context["form"].initial["body"] == text.body
    return_it(Submission.objects.get())
    assert client.get(address).context["form"].initial["body"] == lawful("{name}再见")


def test_a_key_of_nothing_has_no_page(client_of: Clients) -> None:
    client = client_of("campaign_manager")
    for key in ("nothing:sms:zh-hans", "nothing"):
        assert client.get(reverse("text_of", args=[key])).status_code == 404


def test_the_approver_sees_how_it_reads_and_what_follows(client_of: Clients) -> None:
    version = approved()
    text = text_of("sms")
    client_of("campaign_manager").post(
        reverse("text_new", args=[text.pk]), {"body": lawful("您好{reward}，{amount}")}
    )
    page = reverse("approval_page", args=[Submission.objects.latest("pk").pk])
    evidence = client_of("approver").get(page).context["evidence"]
    assert evidence["look"]["body"] == lawful("您好首刷礼，¥10")
    assert (evidence["kept_by"], evidence["voided"]) == ([version], [])
    assert evidence["look"]["customer"] is None


# --- looking ------------------------------------------------------------------------------------
def look(client: Client, **changes: Any) -> dict[str, Any]:
    answer = client.post(reverse("text_look"), NEW | changes, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.context


def test_a_wording_is_shown_with_a_customer_masked(client_of: Clients) -> None:
    version = approved()
    card = CardFactory(masked_number="622588******6688", customer__name="王小明")
    PointsEntry.objects.create(
        reference="P1", customer=card.customer, kind="earned", points=3200, on_date=DAY,
        expires_date="2090-01-31",
    )  # fmt: skip
    body = lawful("{name}{card_tail}{campaign}{reward}{points}{expires}{days_left}")
    shown = look(client_of("campaign_manager"), body=body, campaign=version.campaign.code)
    assert shown["customer"] == card.customer
    assert shown["body"] == lawful("王**6688新户首刷礼首刷礼3,2002090-01-3112")
    assert {one.variable.name for one in shown["filled"] if one.is_invented} == {"days_left"}
    assert "王小明" not in str(shown["body"])


def test_only_a_customer_whom_the_reader_may_see_is_shown(client_of: Clients) -> None:
    near = CardFactory(customer__branch=BranchFactory()).customer
    far = CardFactory(customer__branch=BranchFactory()).customer
    scope = scope_of(StaffFactory(role="branch_manager", branch=near.branch))
    asked = [queries.customer_for(scope=scope, number=one) for one in ("", near.number, far.number)]
    assert asked == [near, near, None]
    client = client_of("campaign_manager")
    shown = look(client, customer="nobody")
    assert (shown["customer"], shown["is_not_found"]) == (None, True)
    assert shown["body"] == lawful("王**您好")
    assert look(client, customer=near.number)["customer"] == near
    assert look(client)["customer"] == far


def test_length_and_parts_are_counted_as_typed_and_at_the_longest(client_of: Clients) -> None:
    shown = look(client_of("campaign_manager"), body=lawful("{campaign}"))
    assert (shown["size"].characters, shown["size"].segments.count) == (19, 1)
    longest = shown["examined"].longest
    assert (longest.characters, longest.segments.count) == (134, 2)
    mail = look(client_of("campaign_manager"), channel="email", body="您好")
    assert (mail["size"].segments, mail["size"].most) == (None, 20_000)


def test_findings_of_each_level_are_shown_and_only_a_ban_stops(client_of: Clients) -> None:
    shown = look(client_of("campaign_manager"), body=lawful("最佳"))
    assert ([one.level for one in shown["examined"].findings], shown["examined"].is_fit) == (
        ["ban"], False,
    )  # fmt: skip
    assert look(client_of("campaign_manager"))["examined"].is_fit
    empty = look(client_of("campaign_manager"), body="{name")
    assert (empty["size"], empty["examined"].is_fit, empty["examined"].longest) == (
        None, False, None,
    )  # fmt: skip


def test_nothing_is_found_fault_with_before_the_first_letter(client_of: Clients) -> None:
    client = client_of("campaign_manager")
    for body, is_empty, faults in (("", True, 0), ("您", False, 2)):
        answer = client.post(reverse("text_look"), NEW | {"body": body})
        assert answer.context["is_empty"] is is_empty
        assert answer.content.decode().count("list-group-item-danger") == faults


def test_what_is_no_channel_or_language_has_no_answer(client_of: Clients) -> None:
    client = client_of("campaign_manager")
    for change in ({"channel": "pigeon"}, {"language": "fr"}, {"channel": ""}):
        for name in ("text_look", "text_test"):
            assert client.post(reverse(name), NEW | change).status_code == 404


# --- sending to oneself -------------------------------------------------------------------------
def test_without_an_own_address_it_says_so(client_of: Clients) -> None:
    client = client_of(StaffFactory(role="campaign_manager", email=""))
    mail = client.post(reverse("text_test"), NEW | {"channel": "email", "subject": "您好"})
    sms = client.post(reverse("text_test"), NEW)
    assert mail.context["problem"] != sms.context["problem"] != ""
    assert mail.context["problem"] != ""
    broken = client.post(reverse("text_test"), NEW | {"body": "{name"})
    assert broken.context["problem"] != ""
    assert (TextTest.objects.count(), Message.objects.count()) == (0, 0)


def test_a_text_is_sent_to_oneself_and_to_nobody_else(client_of: Clients, settings: Any) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    card = CardFactory(customer__name="王小明")
    client = client_of(me := StaffFactory(role="campaign_manager", email="me@bank.example"))
    said = client.post(
        reverse("text_test"),
        NEW | {"channel": "email", "subject": "{name}", "customer": card.customer.number},
    )
    row = TextTest.objects.get()
    assert (row.sent_by, row.result, said.context["test"]) == (me, "unreachable", row)
    assert row.destination_masked == "m***@bank.example"
    assert (Message.objects.count(), Contact.objects.count()) == (0, 0)
    assert rules.read_key(f"{row.code}:{row.channel}:{row.language}") is not None


# --- the list -----------------------------------------------------------------------------------
def listed(client: Client, **asked: str) -> list[str]:
    page = client.get(reverse("text_list"), asked)
    assert page.status_code == 200
    return [text.reference for text, _result in page.context["lines"]]


def test_the_list_is_narrowed_by_what_the_address_names(client_of: Clients) -> None:
    TemplateFactory(code="birthday", body=lawful("生日快乐"))
    TemplateFactory(code="birthday", body=lawful("生日"), version=2)
    TemplateFactory(code="birthday", language="en", body=lawful("Happy birthday"))
    TemplateFactory(code="greeting", channel="email", subject="生日问候", body="您好")
    gone = TemplateFactory(code="points", channel="push", body="积分")
    row_of("journeys.TextWithdrawal", template=gone)
    client = client_of("compliance")
    every = [
        "birthday/sms/en/1", "birthday/sms/zh-hans/2", "greeting/email/zh-hans/1",
        "points/push/zh-hans/1",
    ]  # fmt: skip
    asked: dict[str, tuple[dict[str, str], list[int]]] = {
        "nothing": ({}, [0, 1, 2, 3]),
        "channel": ({"channel": "sms"}, [0, 1]),
        "language": ({"language": "zh-hans"}, [1, 2, 3]),
        "sent": ({"state": "sent"}, [0, 1, 2]),
        "withdrawn": ({"state": "withdrawn"}, [3]),
        "a word of text or headline": ({"words": "生日"}, [1, 2]),
        "a code in capitals": ({"words": "BIRTHDAY"}, [0, 1]),
        "two words": ({"words": "拒收 happy"}, [0]),
        "both": ({"words": "生日", "channel": "email"}, [2]),
        "an earlier version alone": ({"words": "快乐"}, []),
        "no choice": ({"channel": "pigeon", "state": "sent"}, [0, 1, 2]),
    }
    found = {name: listed(client, **by) for name, (by, _rows) in asked.items()}
    assert found == {name: [every[row] for row in rows] for name, (_by, rows) in asked.items()}


def test_pages_of_the_list_keep_its_filter(client_of: Clients) -> None:
    for number in range(51):
        TemplateFactory(code=f"t{number:02}", channel="push", subject="您好", body="您好")
    TemplateFactory(code="other")
    client = client_of("compliance")
    page = client.get(reverse("text_list"), {"channel": "push"})
    assert (page.context["page"].has_next, page.context["page"].query) == (True, "channel=push")
    assert listed(client, channel="push", page="2") == ["t50/push/zh-hans/1"]
    nothing = client.get(reverse("text_list"), {"words": "nothing"})
    assert (nothing.context["is_filtered"], nothing.context["lines"]) == (True, [])
