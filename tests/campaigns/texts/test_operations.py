"""The next wording of a message text: who submits it, what keeps it from that, who approves it, and
what becomes of it."""

from typing import Any

import pytest
from django.utils import translation

from campaigns.planning import operations as planning
from campaigns.texts import operations, queries, rules
from campaigns.texts.rules import Key
from campaigns.wording import operations as wording
from journeys.models import MessageTemplate
from journeys.outreach import operations as outreach
from portal.approvals import operations as approvals
from portal.models import AuditEntry, Staff, Submission
from tests.factories.campaigns import AT, ON, approved, draft, hand_in
from tests.factories.portal import StaffFactory
from tests.factories.texts import lawful

pytestmark = pytest.mark.django_db
SMS = Key("greeting", "sms", "zh-hans")
MAIL = Key("greeting", "email", "zh-hans")


def propose(
    key: Key = SMS, body: str = lawful("{name}您好"), subject: str = "", maker: Any = None
) -> Submission:
    operations.propose_text(
        key=key, subject=subject, body=body,
        maker=maker or StaffFactory(role="campaign_manager"), at=AT,
    )  # fmt: skip
    return Submission.objects.filter(kind=rules.APPROVAL_KIND).latest("pk")


def decide(row: Submission, verdict: str = "approve", checker: Staff | None = None) -> None:
    try:
        approvals.decide(
            submission_id=row.pk, checker=checker or StaffFactory(role="approver"),
            verdict=verdict, reason="why", at=AT,
        )  # fmt: skip
    finally:
        row.refresh_from_db()


def stands() -> list[tuple[str, str, int, str]]:
    rows = MessageTemplate.objects.order_by("pk")
    return list(rows.values_list("code", "channel", "version", "body"))


# --- from the first word to the version ---------------------------------------------------------
@pytest.mark.parametrize("role", ["approver", "compliance"])
def test_a_text_is_there_once_another_person_approves_it(role: str) -> None:
    maker = StaffFactory(role="campaign_manager")
    row = propose(maker=maker)
    assert (row.state, stands()) == ("pending", [])
    assert outreach_codes() == []
    decide(row, checker=StaffFactory(role=role))
    assert (row.state, stands()) == (
        "approved", [("greeting", "sms", 1, lawful("{name}您好"))],
    )  # fmt: skip
    text = MessageTemplate.objects.get()
    assert text.author == maker
    entry = AuditEntry.objects.get(action="template.added")
    assert (entry.actor, entry.target_key) == (maker, str(text.pk))
    second = propose(body=lawful("{name}，您好"))
    assert second.snapshot["instead_of"] == text.reference
    decide(second)
    assert [line[2] for line in stands()] == [1, 2]


def outreach_codes() -> list[str]:
    return [text.code for text in queries.texts()]


def test_who_wrote_it_does_not_approve_it() -> None:
    maker = StaffFactory(role="compliance")
    with pytest.raises(planning.NotAllowed):
        propose(maker=maker)
    writer = StaffFactory(role="campaign_manager")
    row = propose(maker=writer)
    Staff.objects.filter(pk=writer.pk).update(role="approver")
    writer.refresh_from_db()
    with pytest.raises(approvals.OwnWork):
        decide(row, checker=writer)
    assert (row.state, stands()) == ("pending", [])


def test_who_wrote_what_came_back_does_not_approve_what_is_made_of_it() -> None:
    first, second = (StaffFactory(role="campaign_manager") for _ in range(2))
    decide(propose(maker=first), "return")
    row = propose(body=lawful("{name}，您好"), maker=second)
    assert row.writers == [first]
    Staff.objects.filter(pk=first.pk).update(role="approver")
    first.refresh_from_db()
    with pytest.raises(approvals.OwnWork):
        decide(row, checker=first)
    decide(row)
    # What was approved is another's word for it: from there on one begins anew.
    assert propose(body=lawful("{name}！您好"), maker=second).writers == []


def test_one_waits_at_a_time_and_what_comes_back_may_be_submitted_again() -> None:
    row = propose()
    with pytest.raises(operations.TextRefused):
        propose(body=lawful("{name}再见"))
    assert Submission.objects.count() == 1
    propose(Key("greeting", "sms", "en"))
    decide(row, "return")
    assert (row.state, stands()) == ("returned", [])
    assert queries.on_its_way(SMS) == row
    again = propose()
    assert queries.on_its_way(SMS) == again
    decide(again)
    assert queries.on_its_way(SMS) is None


def test_one_that_was_overtaken_is_void() -> None:
    row = propose()
    outreach.add_template(
        code="greeting", channel="sms", language="zh-hans", subject="", body="x", actor=None, at=AT
    )
    with pytest.raises(approvals.ChangedSince) as changed, translation.override("en"):
        decide(row)
    assert "Another version of this text was approved since." in str(changed.value)
    assert (row.state, [line[3] for line in stands()]) == ("voided", ["x"])


def test_the_same_words_are_not_submitted_again_unless_they_were_withdrawn() -> None:
    decide(propose())
    with pytest.raises(operations.TextRefused):
        propose()
    operations.withdraw_text(
        text_id=MessageTemplate.objects.get().pk, reason="wrong",
        actor=StaffFactory(role="compliance"), at=AT,
    )  # fmt: skip
    decide(propose())
    assert [line[2] for line in stands()] == [1, 2]


# --- what keeps it from being submitted ---------------------------------------------------------
@pytest.mark.parametrize(("key", "subject", "body", "problems"), [
    (SMS, "", lawful("{birthday}"), ["Nothing brings these values: birthday."]),
    (SMS, "", lawful("{name!r}"),
     ["A value is written {name}, nothing else stands in braces: name"]),
    (SMS, "", "{name}您好。拒收请回复R", ["It does not name its sender."]),
    (SMS, "", "【信用卡中心】{name}您好", ["It does not say how to refuse further messages."]),
    (SMS, "", lawful("中" * 660), ["With the longest values it is longer than the channel takes.",
                                  "With the longest values it is more than ten SMS."]),
    (SMS, "", lawful("{campaign}" * 6),
     ["With the longest values it is longer than the channel takes.",
      "With the longest values it is more than ten SMS."]),
    (SMS, "", lawful("最佳礼遇"), ["Forbidden in advertising: 最佳."]),
    (MAIL, "", "您好。拒收请回复“退订”", ["The headline is empty."]),
    (MAIL, "全网最佳", "您好。拒收请回复“退订”", ["Forbidden in advertising: 最佳."]),
    (Key("greeting", "push", "zh-hans"), "您好", "中" * 241,
     ["With the longest values it is longer than the channel takes."]),
])  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_submitted(
    key: Key, subject: str, body: str, problems: list[str]
) -> None:
    with translation.override("en"), pytest.raises(operations.TextNotFit) as unfit:
        propose(key, body, subject)
    assert [fault.problem for fault in unfit.value.faults] == problems
    assert not Submission.objects.exists()


@pytest.mark.parametrize(("key", "subject", "body"), [
    (MAIL, "您好", "您好。拒收请回复“退订”"),
    # The settings of mobile bank say how to refuse.
    (Key("greeting", "push", "zh-hans"), "您好", "中" * 240),
    (SMS, "", lawful("{campaign}" * 4)),
])  # fmt: skip
def test_what_its_channel_takes_is_submitted(key: Key, subject: str, body: str) -> None:
    assert propose(key, body, subject).snapshot["body"] == body


def test_a_word_that_is_forbidden_meanwhile_is_not_approved() -> None:
    row = propose(body=lawful("{name}，饕餮盛宴"))
    wording.decide_word(
        word="饕餮盛宴", state="found", level="ban", source="Compliance", effective_date=ON,
        actor=StaffFactory(role="compliance"), at=AT,
    )  # fmt: skip
    with pytest.raises(approvals.NotReady) as refused:
        decide(row)
    assert "饕餮盛宴" in str(refused.value)
    assert (row.state, stands()) == ("pending", [])


# --- what follows from an approval --------------------------------------------------------------
def test_what_an_approval_does_to_campaigns_is_known_before() -> None:
    in_use = approved()
    text = MessageTemplate.objects.get(channel="sms")
    waiting = draft(code="other", name="其他", stacks_with=["first-gift"])
    hand_in(waiting)
    unused = MessageTemplate.objects.create(
        code="unused", channel="sms", language="zh-hans", body="x"
    )
    assert (queries.approved_with(text.pk), queries.waiting_with(text.pk)) == ([in_use], [waiting])
    assert (queries.approved_with(unused.pk), queries.waiting_with(unused.pk)) == ([], [])
    decide(propose(rules.key_of(text), lawful("{reward} {amount}")))
    row = Submission.objects.get(kind="campaign_version", target_key=str(waiting.pk))
    with pytest.raises(approvals.ChangedSince):
        decide(row)
    assert row.state == "voided"
