"""The names under which the bank sends: dated rows, of which texts may use those in force alone."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from campaigns.models import SenderName
from campaigns.texts import operations, queries
from campaigns.texts.forms import NewTextForm, SenderNameForm
from campaigns.texts.rules import Key
from journeys.outreach import rules as outreach
from portal.approvals import operations as approvals
from portal.models import AuditEntry, Submission
from tests.executing import executes
from tests.factories.campaigns import AT, ON
from tests.factories.portal import StaffFactory
from tests.factories.texts import lawful

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
SMS, PUSH = Key("greeting", "sms", "zh-hans"), Key("greeting", "push", "zh-hans")
OURS, ENGLISH, OTHER = "信用卡中心", "Credit Card Centre", "某银行"


def permit(name: str, day: dt.date = ON, is_permitted: bool = True) -> SenderName:
    return SenderName.objects.create(
        name=name, effective_date=day, is_permitted=is_permitted, source="运营商备案"
    )


def faults(body: str, key: Key = SMS, on: dt.date = ON, subject: str = "") -> list[str]:
    with translation.override("en"):
        return [
            one.sentence for one in queries.examine(key, subject=subject, body=body, on=on).faults
        ]


def test_of_a_name_its_latest_row_that_has_come_counts() -> None:
    assert queries.senders_on(ON) is None
    permit(OURS, ON + DAY)
    assert queries.senders_on(ON) is None
    permit(OTHER)
    permit(OTHER, ON + 2 * DAY, is_permitted=False)
    permit(OTHER, ON + 4 * DAY)
    found = [queries.senders_on(ON + days * DAY) for days in range(5)]
    assert found == [(OTHER,), (OURS, OTHER), (OURS,), (OURS,), (OURS, OTHER)]
    SenderName.objects.filter(pk=0).delete()
    assert SenderName.objects.count() == 4  # the history


def test_a_text_may_begin_with_a_name_of_the_list_alone() -> None:
    assert faults("【别家】您好。拒收请回复R") == []
    permit(OURS), permit(ENGLISH)
    assert faults(lawful("您好")) == faults(f"[{ENGLISH}] Hello. 拒收请回复R") == []
    listed = f"Begin it with one of these, in brackets: {ENGLISH}, {OURS}."
    for body in (
        "【别家】您好。拒收请回复R",
        "您好。拒收请回复R",
        f"【{OURS}二】您好。拒收请回复R",
    ):
        (one,) = faults(body)
        assert one == f"It begins with none of the names under which the bank sends. {listed}"
    assert faults("您好", PUSH, subject="您好") == []
    permit(OURS, ON + DAY, is_permitted=False), permit(ENGLISH, ON + DAY, is_permitted=False)
    (none,) = faults(lawful("您好"), on=ON + DAY)
    assert none.endswith("None may be used now: the administrator keeps the list.")


def test_what_waits_is_not_approved_under_a_name_that_was_taken_back() -> None:
    permit(OURS)
    maker = StaffFactory(role="campaign_manager")
    with pytest.raises(operations.TextNotFit):
        operations.propose_text(
            key=SMS, subject="", body="【别家】您好。拒收请回复R", maker=maker, at=AT
        )
    operations.propose_text(key=SMS, subject="", body=lawful("您好"), maker=maker, at=AT)
    permit(OURS, ON + DAY, is_permitted=False)
    row = Submission.objects.get()
    values: dict[str, Any] = {
        "submission_id": row.pk, "checker": StaffFactory(role="approver"), "verdict": "approve",
        "reason": "",
    }  # fmt: skip
    with pytest.raises(approvals.NotReady):
        approvals.decide(**values, at=AT + DAY)
    approvals.decide(**values, at=AT)
    row.refresh_from_db()
    assert row.state == "approved"


@pytest.mark.parametrize(("text", "sender", "begun"), [
    ("您好", OURS, "【信用卡中心】您好"), ("【别家】您好", OURS, "【信用卡中心】您好"),
    ("[Other] Hello", ENGLISH, "[Credit Card Centre] Hello"),
    ("Hello", ENGLISH, "[Credit Card Centre] Hello"),
    ("【信用卡中心】您好【甲】", OURS, "【信用卡中心】您好【甲】"),
])  # fmt: skip
def test_a_chosen_name_takes_the_place_of_the_one_before(
    text: str, sender: str, begun: str
) -> None:
    assert outreach.with_sender(text, sender) == begun


@executes(NewTextForm, "sender")
def test_the_form_offers_the_list_and_begins_the_text_with_the_choice(
    client_of: Callable[..., Client],
) -> None:
    client, start = client_of("campaign_manager"), reverse("text_start")
    assert "sender" not in client.get(start).context["form"].fields
    permit(OURS), permit(OTHER)
    offered = client.get(start).context["form"].fields["sender"].choices
    assert [value for value, _label in offered] == ["", OURS, OTHER]
    words = {"code": "hello", "channel": "sms", "language": "zh-hans", "body": "您好，拒收请回复R"}
    looked = client.post(
        reverse("text_look"), words | {"sender": OTHER}, headers={"HX-Request": "true"}
    )
    assert (looked.context["body"], looked.context["examined"].is_fit) == (
        "【某银行】您好，拒收请回复R", True,
    )  # fmt: skip
    assert client.post(start, words).status_code == 422
    assert client.post(start, words | {"sender": OTHER}).status_code == 302
    assert Submission.objects.get().snapshot["body"] == "【某银行】您好，拒收请回复R"
    push = {"channel": "push", "subject": "您好", "sender": OTHER}
    assert client.post(start, words | push).status_code == 302
    assert Submission.objects.latest("pk").snapshot["body"] == words["body"]


@executes(SenderNameForm, "is_permitted")
def test_the_administrator_adds_to_the_list_and_changes_nothing_of_it(
    client_of: Callable[..., Client],
) -> None:
    client = client_of(StaffFactory(role="administrator"))
    row = permit(OURS)
    given = {"name": OTHER, "effective_date": "2026-06-01", "is_permitted": "on", "source": "备案"}
    answer = client.post(reverse("admin:campaigns_sendername_add"), given)
    assert (answer.status_code, SenderName.objects.count()) == (302, 2)
    assert AuditEntry.objects.filter(target_kind="campaigns.sendername").count() == 1
    page = client.get(reverse("admin:campaigns_sendername_change", args=[row.pk]))
    assert (page.status_code, page.context["has_change_permission"]) == (200, False)
