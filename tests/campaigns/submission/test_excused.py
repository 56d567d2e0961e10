"""Who made an exception of a word approves nothing that stands by it."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation

from campaigns.models import CampaignVersion, VersionAuthor
from campaigns.submission import operations as submission
from campaigns.texts import operations as texts
from campaigns.texts.rules import Key
from campaigns.wording import operations as wording
from campaigns.wording import queries as words
from journeys.models import MessageTemplate
from journeys.notices import operations as notices
from journeys.notices.enums import Result
from journeys.notices.rules import template_of
from portal.approvals import operations as approvals
from portal.models import Staff, Submission, SubmissionDecision
from tests.factories.campaigns import AT, ON, TIER, draft, hand_in
from tests.factories.portal import StaffFactory
from tests.factories.texts import lawful

pytestmark = pytest.mark.django_db
PRAISED = {"rewards": {"tiers": [TIER | {"name": "绝无仅有礼"}]}}


def compliance() -> Staff:
    return StaffFactory(role="compliance")


def excuse(word: str, actor: Staff, state: str = "allowed", level: str = "") -> None:
    wording.decide_word(
        word=word, state=state, level=level, source="Board", effective_date=ON, actor=actor, at=AT
    )


def decide(row: Submission, checker: Staff) -> str:
    return str(
        approvals.decide(
            submission_id=row.pk, checker=checker, verdict="approve", reason="", at=AT
        ).state
    )


def refused(row: Submission, checker: Staff) -> bool:
    with pytest.raises(approvals.OwnWork):
        decide(row, checker)
    return not SubmissionDecision.objects.exists()


# How a word of the tier's name comes to block nothing.
WAYS: list[dict[str, Any]] = [
    {"word": "绝无仅有"}, {"word": "绝无仅有", "state": "off"},
    {"word": "绝无仅有", "state": "found", "level": "caution"},
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_who_excused_a_word_does_not_approve_the_campaign_that_needs_it(
    way: dict[str, Any],
) -> None:
    officer, version = compliance(), draft(**PRAISED)
    with pytest.raises(submission.PlanNotFit):
        hand_in(version)
    excuse(actor=officer, **way)
    hand_in(version)
    row = Submission.objects.get()
    assert refused(row, officer)
    assert decide(row, compliance()) == "approved"
    assert CampaignVersion.objects.get().state == "approved"


def test_who_decided_about_other_words_or_found_one_is_free() -> None:
    officer, version = compliance(), draft()
    excuse("国家级", officer)
    excuse("金卡", officer, "found", "caution")
    hand_in(version)
    assert decide(Submission.objects.get(), officer) == "approved"


def test_neither_the_message_text_that_needs_it() -> None:
    officer, maker = compliance(), StaffFactory(role="campaign_manager")
    excuse("国家级", officer)
    key = Key("anew", "sms", "zh-hans")
    texts.propose_text(key=key, subject="", body=lawful("国家级好礼"), maker=maker, at=AT)
    row = Submission.objects.get()
    assert refused(row, officer)
    assert decide(row, compliance()) == "approved"


def test_neither_the_text_that_tells_a_result() -> None:
    notices.ensure_result_texts(at=AT)
    officer, maker = compliance(), StaffFactory(role="campaign_manager")
    excuse("国家级", officer)
    text = MessageTemplate.objects.get(
        code=template_of(Result.APPROVED), channel="sms", language="zh-hans"
    )
    key = Key(text.code, text.channel, text.language)
    body = f"{text.body}国家级服务"
    texts.propose_text(key=key, subject=text.subject, body=body, maker=maker, at=AT)
    row = Submission.objects.get()
    assert refused(row, officer)
    assert decide(row, compliance()) == "approved"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_who_excused_a_word_is_named_as_that_and_may_veto(
    client: Client, language: str
) -> None:  # fmt: skip
    officer, version = StaffFactory(role="compliance", language=language), draft(**PRAISED)
    excuse("绝无仅有", officer)
    hand_in(version)
    row = Submission.objects.get()
    assert (row.writers, row.excusers) == ([], [officer])
    client.force_login(officer)
    page = client.get(reverse("approval_page", args=[row.pk]))
    shown = (page.context["may_decide"], page.context["may_veto"], page.context["has_excused"])
    assert shown == (False, True, True)
    with translation.override(language):
        named = translation.gettext("Made an exception of a word in it: %(name)s")
        wrote = translation.gettext("Written by %(name)s")
        body, name = page.content.decode(), officer.label
    assert (named % {"name": name} in body, wrote % {"name": name} in body) == (True, False)
    with pytest.raises(DatabaseError), transaction.atomic():  # past the portal too
        SubmissionDecision.objects.create(
            submission=row, maker=row.maker, checker=officer, verdict="approve", at=AT
        )
    veto = {"verdict": "veto", "reason": "不妥", "at": AT}
    ended = approvals.decide(submission_id=row.pk, checker=officer, **veto)
    assert (ended.state, CampaignVersion.objects.get().state) == ("vetoed", "vetoed")


def test_who_wrote_in_it_and_excused_a_word_is_a_writer_and_vetoes_nothing() -> None:
    officer, version = compliance(), draft(**PRAISED)
    VersionAuthor.objects.create(version=version, staff=officer, wrote_at=AT)
    excuse("绝无仅有", officer)
    hand_in(version)
    row = Submission.objects.get()
    assert (officer in row.writers, row.excusers) == (True, [])
    with pytest.raises(approvals.OwnWork):
        approvals.decide(
            submission_id=row.pk, checker=officer, verdict="veto", reason="不妥", at=AT
        )
    assert Submission.objects.get().state == "pending"


def test_of_a_rule_that_is_not_looked_for_it_is_who_switched_it_off() -> None:
    first, second = compliance(), compliance()
    excuse("superlative", first, "off")
    excuse("praise", second, "off")
    assert words.excused_by(["全国最低的年费"], on=ON) == [first]
    assert words.excused_by(["顶配权益"], on=ON) == [second]
    assert words.excused_by(["首刷礼"], on=ON) == []
