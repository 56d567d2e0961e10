"""Each field of the forms of message texts, and each of their choices, with what it does."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.texts.enums import TextState
from campaigns.texts.forms import (
    LANGUAGES,
    LookForm,
    NewTextForm,
    TextFilter,
    WithdrawForm,
    WordsForm,
)
from journeys.contact.enums import Channel
from journeys.models import MessageTemplate, TextWithdrawal
from journeys.outreach import queries as outbox
from portal.approvals import operations as approvals
from portal.kit import clock
from portal.models import AuditEntry, Submission
from tests.campaigns.texts.test_senders import OTHER, OURS, permit
from tests.executing import executes
from tests.factories.campaigns import approved, draft
from tests.factories.journeys import CardFactory
from tests.factories.outreach import TemplateFactory
from tests.factories.portal import StaffFactory
from tests.factories.texts import lawful
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
Clients = Callable[..., Client]
NEW = {"code": "birthday", "channel": "sms", "language": "zh-hans", "body": lawful("{name}您好")}


# --- the list -----------------------------------------------------------------------------------
def listed(client: Client, **asked: str) -> set[str]:
    page = client.get(reverse("text_list"), asked)
    return {text.code for text, _result in page.context["lines"]}


@executes(TextFilter, channel="channel")
@pytest.mark.parametrize("channel", Channel.values)
def test_texts_are_listed_by_each_channel(client_of: Clients, channel: str) -> None:
    for one in Channel.values:
        TemplateFactory(code=f"of_{one}", channel=one, subject="您好", body=lawful("您好"))
    client = client_of("analyst")
    assert listed(client) == {f"of_{one}" for one in Channel.values}
    assert listed(client, channel=channel) == {f"of_{channel}"}


@executes(TextFilter, language="language")
@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_listed_by_each_language(client_of: Clients, language: str) -> None:
    for number, one in enumerate(LANGUAGES):
        TemplateFactory(code=f"t{number}", language=one)
    assert listed(client_of("analyst"), language=language) == {f"t{LANGUAGES.index(language)}"}


@executes(TextFilter, state="state")
@pytest.mark.parametrize("state", TextState.values)
def test_texts_are_listed_by_each_state(client_of: Clients, state: str) -> None:
    TemplateFactory(code="sent")
    row_of("journeys.TextWithdrawal", template=TemplateFactory(code="withdrawn"))
    assert listed(client_of("analyst"), state=state) == {state}


@executes(TextFilter, "words")
@pytest.mark.parametrize("words", ["one", "生日"])
def test_texts_are_listed_by_code_and_words(client_of: Clients, words: str) -> None:
    TemplateFactory(code="one", body=lawful("生日快乐")), TemplateFactory(code="two")
    assert listed(client_of("analyst"), words=words) == {"one"}


# --- writing ------------------------------------------------------------------------------------
def written(client: Client, **changes: str) -> MessageTemplate:
    """A text that one person wrote on the page and another approved."""
    answer = client.post(reverse("text_start"), NEW | changes)
    assert answer.status_code == 302, answer.context["form"].errors
    return approve()


def approve() -> MessageTemplate:
    approvals.decide(
        submission_id=Submission.objects.latest("pk").pk, checker=StaffFactory(role="approver"),
        verdict="approve", reason="", at=clock.now(),
    )  # fmt: skip
    return MessageTemplate.objects.latest("pk")


@executes(NewTextForm, "code", "body", channel="channel")
@pytest.mark.parametrize("channel", outbox.text_channels())
def test_a_text_is_written_for_each_channel(client_of: Clients, channel: str) -> None:
    subject = "您好" if outbox.has_headline(channel) else ""
    text = written(client_of("campaign_manager"), channel=channel, subject=subject)
    assert (text.code, text.channel, text.body) == ("birthday", channel, NEW["body"])
    assert outbox.templates_of(code="birthday", channels=[channel]) == [text]


@executes(NewTextForm, language="language")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_is_written_in_each_language(client_of: Clients, language: str) -> None:
    client = client_of("campaign_manager")
    first = written(client)
    if language == "en":
        first = written(client, language="en", body="[Card Centre] Hello. Reply R to refuse")
    assert (first.code, first.language) == ("birthday", language)


@executes(NewTextForm, "subject")
def test_a_headline_that_was_typed_is_the_texts(client_of: Clients) -> None:
    text = written(client_of("campaign_manager"), channel="email", subject="{name}生日快乐")
    assert text.subject == "{name}生日快乐"


@executes(WordsForm, "sender", "body")
def test_the_next_version_begins_with_the_sender_chosen(client_of: Clients) -> None:
    permit(OURS), permit(OTHER)
    text = TemplateFactory(body=lawful("您好"))
    sent = {"sender": OTHER, "body": lawful("再见")}
    answer = client_of("campaign_manager").post(reverse("text_new", args=[text.pk]), sent)
    assert answer.status_code == 302, answer.context["form"].errors
    assert approve().body == lawful("再见").replace(OURS, OTHER)


@executes(WithdrawForm, "reason")
def test_a_withdrawal_keeps_its_reason_and_the_text_goes_no_more(client_of: Clients) -> None:
    version = draft()
    text = MessageTemplate.objects.get(channel="sms")
    address = reverse("text_withdraw", args=[text.pk])
    client = client_of("compliance")
    assert client.post(address, {"reason": " "}).status_code == 422
    assert client.post(address, {"reason": "金额有误"}).status_code == 302
    assert TextWithdrawal.objects.get().template == text
    assert AuditEntry.objects.get(action="template.withdrawn").reason == "金额有误"
    assert outbox.templates_of(code=version.content["template"], channels=["sms"]) == []


# --- looking ------------------------------------------------------------------------------------
@executes(LookForm, "customer", "campaign")
def test_a_wording_is_looked_at_with_the_customer_and_campaign_chosen(client_of: Clients) -> None:
    version = approved(name="春日礼")
    card, _other = CardFactory(customer__name="王小明"), CardFactory(customer__name="李小红")
    words = NEW | {"body": lawful("{name}{campaign}")}
    client, address = client_of("campaign_manager"), reverse("text_look")

    def shown(**asked: str) -> str:
        answer = client.post(address, words | asked, headers={"HX-Request": "true"})
        return str(answer.context["body"])

    both = {"customer": card.customer.number, "campaign": version.campaign.code}
    assert shown(**both) == lawful("王**春日礼")
    assert shown(campaign=version.campaign.code) == lawful("李**春日礼")
    assert "春日礼" not in shown(customer=card.customer.number)
