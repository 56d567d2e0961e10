"""Texts that tell results of applications: their pages, their next wording, and one withdrawn."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.texts import operations
from campaigns.texts import rules as texts
from journeys.models import Message, MessageTemplate, ResultNotice
from journeys.notices import operations as notices
from journeys.notices import rules
from portal.models import Submission
from tests.factories.notices import AT, decide, make_bank, row, states, tell
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db
Clients = Callable[..., Client]
CODE = "application_approved"


def text_of(channel: str = "sms", language: str = "zh-hans") -> MessageTemplate:
    notices.ensure_result_texts(at=AT)
    rows = MessageTemplate.objects.filter(code=CODE, channel=channel, language=language)
    return rows.latest("version")


def propose(text: MessageTemplate, body: str, maker: Any = None) -> Submission:
    notices.propose_wording(
        text_id=text.pk, subject=text.subject, body=body,
        maker=maker or StaffFactory(role="campaign_manager"), at=AT,
    )  # fmt: skip
    return Submission.objects.latest("pk")


def withdraw(text: MessageTemplate) -> int:
    return operations.withdraw_text(
        text_id=text.pk, reason="wrong branch", actor=StaffFactory(role="compliance"), at=AT
    )


# --- pages ----------------------------------------------------------------------------------------
def test_they_are_listed_and_shown_with_who_wrote_them_when(client_of: Clients) -> None:
    text = text_of()
    client = client_of("analyst")
    lines = client.get(reverse("text_list")).context["lines"]
    assert len(lines) == 12
    assert dict(lines)[text] != ""
    page = client.get(reverse("text_page", args=[text.pk]))
    (version,) = page.context["versions"]
    assert (version.text, version.text.author, version.written_at) == (text, None, AT)
    assert page.context["may_withdraw"] is page.context["may_write"] is False
    assert reverse("result_list") not in page.content.decode()


def test_the_next_wording_waits_for_another_person_on_its_pages(client_of: Clients) -> None:
    text = text_of("email")
    manager = client_of(maker := StaffFactory(role="campaign_manager"))
    address = reverse("text_new", args=[text.pk])
    sent = {"subject": "{product}申请结果", "body": "您好\r\n{decided} {branch}"}
    for body in ("{reward}", "{branch", text.body):
        refused = manager.post(address, {"subject": text.subject, "body": body})
        assert refused.status_code == 422
        assert refused.context["form"].errors["body"]
    assert manager.post(address, sent).url == reverse("text_page", args=[text.pk])
    submission = Submission.objects.get()
    assert text_of("email") == text
    page = manager.get(reverse("text_page", args=[text.pk]))
    assert page.context["way"] == submission
    again = manager.post(address, sent | {"body": "{branch}"})
    assert (again.status_code, Submission.objects.count()) == (422, 1)
    decision = reverse("approval_approve", args=[submission.pk])
    assert manager.post(decision).status_code == 403
    approver = client_of("approver")
    shown = approver.get(reverse("approval_page", args=[submission.pk]))
    ((_code, _name, words),) = shown.context["digest"].texts
    assert words == "{product}申请结果\n\n您好\n{decided} {branch}"
    _label, before = shown.context["digest"].facts[-1]
    assert before == f"{text.subject}\n\n{text.body}".strip()
    approver.post(decision)
    new = text_of("email")
    assert (new.version, new.subject, new.body) == (2, sent["subject"], "您好\n{decided} {branch}")
    latest, first = manager.get(reverse("text_page", args=[new.pk])).context["versions"]
    assert (latest.text.author, first.text.author) == (maker, None)
    assert f"· {maker.label}" in " ".join(
        manager.get(reverse("text_page", args=[new.pk])).content.decode().split()
    )


def test_a_wording_of_results_is_approved_as_one_of_results() -> None:
    text = text_of("email")
    operations.propose_text(
        key=texts.key_of(text), subject=text.subject, body="{branch}",
        maker=StaffFactory(role="campaign_manager"), at=AT,
    )  # fmt: skip
    submission = Submission.objects.get()
    assert (submission.kind, submission.target_key) == (rules.APPROVAL_KIND, str(text.pk))
    assert text_of("email") == text


def test_one_that_was_overtaken_is_void(client_of: Clients) -> None:
    text = text_of()
    submission = propose(text, "{branch}")
    MessageTemplate.objects.create(
        code=text.code, channel=text.channel, language=text.language, version=2, body="{decided}"
    )
    client_of("approver").post(reverse("approval_approve", args=[submission.pk]))
    submission.refresh_from_db()
    assert (submission.state, text_of().body) == ("voided", "{decided}")


def test_one_that_is_returned_changes_nothing(client_of: Clients) -> None:
    text = text_of()
    submission = propose(text, "{branch}")
    client_of("approver").post(
        reverse("approval_return", args=[submission.pk]), {"return-reason": "no sender"}
    )
    submission.refresh_from_db()
    assert (submission.state, text_of()) == ("returned", text)
    assert propose(text, "{branch}!").state == "pending"


# --- one withdrawn --------------------------------------------------------------------------------
def test_results_wait_for_the_next_wording_and_are_told_with_it(client_of: Clients) -> None:
    make_bank()
    decide(row())
    assert tell() == 1
    text = text_of()
    assert Message.objects.get().template == text
    assert withdraw(text) == 1
    assert tell() == 0
    notice = ResultNotice.objects.get()
    assert (notice.state, notice.answer, notice.round_number) == ("due", "no_text", 2)
    submission = propose(text, "{branch} {decided}")
    client_of("approver").post(reverse("approval_approve", args=[submission.pk]))
    assert tell(AT + rules.TRY_AGAIN_AFTER) == 1
    old, new = Message.objects.order_by("pk")
    assert (old.state, new.state, new.template.version) == ("cancelled", "queued", 2)
    notice.refresh_from_db()
    assert (notice.state, notice.message) == ("told", new)
    assert tell(AT + rules.TRY_AGAIN_AFTER) == 0


def test_what_was_sent_before_is_not_told_again() -> None:
    make_bank()
    decide(row())
    tell()
    Message.objects.update(state="sent", sent_at=AT)
    assert withdraw(text_of()) == 0
    assert tell() == 0
    assert (states(), Message.objects.count()) == ([("approved", "told")], 1)


def test_a_result_that_holds_no_more_is_not_told_again() -> None:
    make_bank()
    decide(row())
    tell()
    withdraw(text_of())
    decide(row(state="refused"))
    assert tell() == 1
    assert [message.origin for message in Message.objects.filter(state="queued")] == [
        "result:refused"
    ]
    assert ResultNotice.objects.get(result="approved").state == "superseded"


def test_the_values_of_these_texts_are_those_that_telling_brings() -> None:
    make_bank()
    decide(row())
    tell()
    assert set(Message.objects.get().context) == set(rules.VARIABLES)
