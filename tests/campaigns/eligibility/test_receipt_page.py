"""A receipt says of each condition what it is, what there is, what is needed, what is missing and
until when, and by which version: in the reader's language, and for a refusal as for a reward."""

import datetime as dt
import html
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from campaigns.models import Decision
from tests.campaigns.eligibility.test_views import EARLY, finished
from tests.factories.campaigns import card_in_use
from tests.factories.portal import StaffFactory

pytestmark = pytest.mark.django_db
Clients = Callable[..., Client]
FILED, LAST = dt.date(2026, 3, 12), dt.date(2026, 5, 6)
SAID: dict[str, list[tuple[Any, ...]]] = {
    "en": [
        ("met", "The card is issued no later than day 20 after the application.", "Day 10",
         "At most day 20", "", FILED),
        ("met", "The card is activated.", "Activated on 2026-03-02", "Activated", "", None),
        ("met", "The card is used for a first purchase.", "First used on 2026-03-02", "Used once",
         "", None),
        ("not_met", "From the day of issue to day 65 after it, that day included, spending with the"
         " card reaches ¥500; refunds that post on these days are deducted.", "¥499.99",
         "At least ¥500", "¥0.01", LAST),
    ],
    "zh-hans": [
        ("met", "卡片须在申请后第 20 天以内（含）核发。", "第 10 天", "不晚于第 20 天", "", FILED),
        ("met", "卡片已激活。", "2026-03-02 激活", "已激活", "", None),
        ("met", "卡片已完成首次消费。", "2026-03-02 首次使用", "使用过一次", "", None),
        ("not_met", "自核卡日起至其后第 65 天（含当天），使用该卡消费满¥500；"
         "这些天内入账的退款予以扣除。", "¥499.99", "不少于¥500", "¥0.01", LAST),
    ],
}  # fmt: skip


def receipt(client_of: Clients, decision: Decision, language: str) -> tuple[Any, str]:
    """The lines of a receipt as a page shows them, and its text."""
    with time_machine.travel(dt.datetime.combine(EARLY, dt.time(4), dt.UTC), tick=False):
        client = client_of(StaffFactory(role="compliance", language=language))
        page = client.get(reverse("decision_page", args=[decision.pk]))
    lines = [
        (line.finding, line.sentence, one.have, one.need, one.gap, one.deadline)
        for line in page.context["lines"]
        for one in [line.explanation]
    ]
    return lines, html.unescape(page.content.decode())


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_refusal_says_what_is_missing_and_until_when(client_of: Clients, language: str) -> None:
    card_in_use("499.99")
    run = finished("dry_run", on=EARLY)
    lines, text = receipt(client_of, Decision.objects.get(run=run), language)
    assert lines == SAID[language]
    shown = [str(word) for line in lines for word in line[1:] if word]
    shown += [run.version.content_hash]
    assert [word for word in shown if word not in text] == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_reward_says_by_what_it_was_reached(client_of: Clients, language: str) -> None:
    card_in_use("500.00")
    run = finished("live", on=EARLY)
    lines, text = receipt(client_of, Decision.objects.get(run=run), language)
    *before, (_finding, name, _have, need, _gap, last) = SAID[language]
    assert lines == [*before, ("met", name, "¥500", need, "", last)]
    assert [word for word in (need, run.version.content_hash) if word not in text] == []
