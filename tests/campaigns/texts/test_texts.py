"""Message texts and the campaigns that send them: the next wording, and one that is withdrawn."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import translation

from campaigns.eligibility import operations as eligibility
from campaigns.eligibility import queries as decided
from campaigns.planning import operations as planning
from campaigns.planning import queries as campaigns
from campaigns.planning.rules import touch_linting
from campaigns.submission import operations as submission
from campaigns.submission import queries as submitted
from campaigns.texts import operations, queries, rules
from journeys.models import Contact, Message, MessageTemplate, TextWithdrawal
from journeys.outreach import operations as outreach
from journeys.outreach import queries as outbox
from portal.approvals import operations as approvals
from portal.models import AuditEntry, Staff, Submission
from tests.campaigns.submission.test_operations import given, in_force, live
from tests.factories.campaigns import AT, ON, approve, clear, draft, hand_in
from tests.factories.portal import StaffFactory
from tests.factories.texts import lawful

pytestmark = pytest.mark.django_db


def text_of(channel: str) -> MessageTemplate:
    return MessageTemplate.objects.filter(channel=channel).latest("version")


def withdraw(text: MessageTemplate, reason: str = "the amount was wrong") -> int:
    return operations.withdraw_text(
        text_id=text.pk, reason=reason, actor=StaffFactory(role="compliance"), at=AT
    )


def write(text: MessageTemplate, says: str, author: Staff | None = None) -> MessageTemplate:
    """The next wording, submitted by one person and approved by another."""
    operations.propose_text(
        key=rules.key_of(text), subject=text.subject, body=lawful(says),
        maker=author or StaffFactory(role="campaign_manager"), at=AT,
    )  # fmt: skip
    approvals.decide(
        submission_id=Submission.objects.filter(kind=rules.APPROVAL_KIND).latest("pk").pk,
        checker=StaffFactory(role="approver"), verdict="approve", reason="", at=AT,
    )  # fmt: skip
    return text_of(text.channel)


# --- withdrawing --------------------------------------------------------------------------------
def test_what_waits_with_a_withdrawn_text_is_cancelled_and_nothing_else_is() -> None:
    version = in_force(3)
    assert (live(version).state, given()) == ("done", (3, 3))
    sms, mail = text_of("sms"), text_of("email")
    held, sent = Message.objects.order_by("id")[:2]
    Message.objects.filter(pk=held.pk).update(state="in_doubt")
    Message.objects.filter(pk=sent.pk).update(state="sent", sent_at=AT)
    assert withdraw(mail) == 0
    assert withdraw(sms) == 1
    rows = Message.objects.order_by("id").values_list("state", "failure", "template")
    assert list(rows) == [
        ("in_doubt", "", sms.pk), ("sent", "", sms.pk), ("cancelled", "text_withdrawn", sms.pk),
    ]  # fmt: skip
    assert Contact.objects.filter(released_at=None).count() == 2
    entry = AuditEntry.objects.filter(action="template.withdrawn").latest("id")
    assert (entry.reason, entry.changes["messages"]) == ("the amount was wrong", 1)


def test_a_message_that_comes_back_with_a_withdrawn_text_is_not_sent() -> None:
    version = in_force(1)
    live(version)
    message = Message.objects.get()
    Message.objects.update(state="in_doubt")
    withdraw(text_of("sms"))
    outreach.send_again(
        message_id=message.pk, actor=StaffFactory(role="campaign_manager"), reason="again", at=AT
    )
    assert outreach.send_due_messages(clock=lambda: AT, seconds=5) == 0
    message.refresh_from_db()
    assert (message.state, message.failure) == ("cancelled", "text_withdrawn")
    with translation.override("en"):
        assert message.failure_words == "Its text was withdrawn"


def test_a_withdrawal_voids_what_was_approved_with_the_text_and_tells_its_owner() -> None:
    version, other = in_force(1), draft(code="other", name="其他")
    approve(other)
    old = text_of("sms")
    new = write(old, "{reward} {amount}")
    later = draft(code="later", name="以后")
    approve(later)
    assert queries.approved_with(old.pk) == [version, other]
    assert queries.approved_with(new.pk) == [later]
    withdraw(old)
    states = {}
    for one in (version, other, later):
        one.refresh_from_db()
        states[one.campaign.code] = one.state
    assert states == {"first-gift": "returned", "other": "returned", "later": "approved"}
    submission = submitted.standing_of([version])[version.pk]
    assert f"The message text {old.reference} was withdrawn." in submission.void_reason
    assert submission.state == "voided"
    with pytest.raises(eligibility.TextWithdrawn) as refused:
        live(version)
    assert old.label in str(refused.value)
    assert given() == (0, 0)
    # The newer wording stands, so that the version can be approved again as it is.
    assert outbox.templates_of(code="first_gift", channels=["sms"]) == [new]


def test_no_earlier_wording_comes_back_in_the_place_of_a_withdrawn_one() -> None:
    version = draft()
    new = write(text_of("sms"), "{reward}!")
    withdraw(new)
    assert outbox.templates_of(code="first_gift", channels=["sms"]) == []
    assert outbox.channels_without_text(code="first_gift", channels=["sms", "email"]) == ["sms"]
    assert new not in outbox.texts_in_use()
    with pytest.raises(submission.PlanNotFit) as refused:
        hand_in(version)
    assert [fault.place for fault in refused.value.faults] == ["template"]
    third = write(new, "{reward}!")
    assert (third.version, third.body) == (3, lawful("{reward}!"))
    assert outbox.templates_of(code="first_gift", channels=["sms"]) == [third]


def test_an_approval_that_a_withdrawal_did_not_meet_starts_no_run() -> None:
    """As where the two committed at the same instant."""
    version = in_force(1)
    outreach.withdraw_text(
        template_id=text_of("email").pk, reason="x", actor=StaffFactory(role="compliance"), at=AT
    )
    assert decided.texts_withdrawn(version) == [text_of("email").label]
    with pytest.raises(eligibility.TextWithdrawn):
        live(version)


def test_a_cleared_run_sends_nothing_with_a_text_withdrawn_by_whatever_way() -> None:
    version = in_force(2)
    run = eligibility.start_run(version_id=version.pk, kind="live", on=ON, started_by=None, at=AT)
    clear(run)
    outreach.withdraw_text(
        template_id=text_of("sms").pk, reason="x", actor=StaffFactory(role="compliance"), at=AT
    )
    eligibility.work_run(run_id=run.pk, now=lambda: AT)
    run.refresh_from_db()
    assert (run.state, run.lost_text, given()) == ("stopped", True, (0, 0))


@pytest.mark.parametrize("role", ["campaign_manager", "approver", "administrator"])
def test_only_who_may_withdraws_and_with_a_reason_and_once(role: str) -> None:
    draft()
    text = text_of("sms")
    with pytest.raises(planning.NotAllowed):
        operations.withdraw_text(text_id=text.pk, reason="x", actor=StaffFactory(role=role), at=AT)
    with pytest.raises(outreach.TextNotWithdrawable):
        withdraw(text, reason="  ")
    assert not TextWithdrawal.objects.exists()
    withdraw(text)
    with pytest.raises(outreach.TextNotWithdrawable):
        withdraw(text)
    assert TextWithdrawal.objects.count() == 1


def test_numbers_of_persons_in_the_reason_are_masked() -> None:
    draft()
    withdraw(text_of("sms"), reason="13912345678 的客户投诉")
    assert TextWithdrawal.objects.get().reason == "139****5678 的客户投诉"


# --- writing ------------------------------------------------------------------------------------
def test_runs_bring_what_texts_may_hold() -> None:
    version = in_force(1)
    live(version)
    brought = {*touch_linting.ALWAYS, *touch_linting.OF_GRANT}
    assert set(Message.objects.get().context) == brought < set(rules.variables.OF_CAMPAIGNS)


# --- pages --------------------------------------------------------------------------------------
def test_a_text_is_withdrawn_on_its_page(client_of: Callable[..., Client]) -> None:
    version = in_force(1)
    live(version)
    text = text_of("sms")
    client = client_of("compliance")
    asked = client.get(reverse("text_withdraw", args=[text.pk]))
    assert (asked.context["used_by"], asked.context["waiting"]) == ([version], 1)
    refused = client.post(reverse("text_withdraw", args=[text.pk]), {"reason": " "})
    assert (refused.status_code, TextWithdrawal.objects.count()) == (422, 0)
    done = client.post(reverse("text_withdraw", args=[text.pk]), {"reason": "金额写错"})
    assert done.url == reverse("text_page", args=[text.pk])
    page = client.get(done.url)
    assert page.context["text"].is_withdrawn
    assert (page.context["used_by"], page.context["may_withdraw"]) == ([], False)
    again = client.post(reverse("text_withdraw", args=[text.pk]), {"reason": "x y"}, follow=True)
    assert [str(one) for one in again.context["messages"]]
    assert TextWithdrawal.objects.get().reason == "金额写错"


# --- who wrote it -------------------------------------------------------------------------------
def test_who_wrote_a_message_text_or_the_one_before_it_does_not_approve_what_sends_it() -> None:
    first, second, other = (StaffFactory(role="campaign_manager") for _ in range(3))
    version = draft()
    write(text_of("sms"), "{reward}! {card_tail}", first)
    write(text_of("sms"), "{reward}! {card_tail}.", second)
    hand_in(version)
    row = Submission.objects.get(kind="campaign_version")
    assert row.writers == [version.created_by, first, second]
    # Who writes a later wording had no part in this one.
    write(text_of("sms"), "{reward}", other)
    Staff.objects.update(role="approver")
    for author in (first, second):
        author.refresh_from_db()
        for verdict in ("approve", "return"):
            with pytest.raises(approvals.OwnWork):
                approvals.decide(
                    submission_id=row.pk, checker=author, verdict=verdict, reason="x", at=AT
                )
    row.refresh_from_db()
    assert (row.state, row.decisions.count(), row.is_own_of(other)) == ("pending", 0, False)


def test_the_database_wants_the_authors_of_texts_named() -> None:
    version, author = draft(), StaffFactory(role="campaign_manager")
    write(text_of("sms"), "{reward}!", author)
    approvals.submit(
        kind="campaign_version", target_key=str(version.pk), title="t", summary="",
        snapshot=campaigns.snapshot_of(version), maker=version.created_by,
        author=version.created_by, at=AT,
    )  # fmt: skip
    with pytest.raises(DatabaseError, match="a submission names who wrote its message texts"):
        planning.note_submitted(version_id=version.pk, maker=version.created_by, at=AT)


def test_the_texts_that_come_along_have_no_author() -> None:
    outreach.ensure_default_templates(at=AT)
    assert set(MessageTemplate.objects.values_list("author", flat=True)) == {None}
