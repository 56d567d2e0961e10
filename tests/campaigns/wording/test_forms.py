"""Each field of a decision about a word, and each choice, seen in what the check then says."""

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from campaigns.models import WordDecision
from campaigns.wording import queries
from campaigns.wording.enums import Level
from campaigns.wording.forms import DecisionForm
from campaigns.wording.rules import check
from tests.executing import executes
from tests.factories.campaigns import AT, ON

pytestmark = pytest.mark.django_db
Clients = Callable[..., Client]
ONE = dt.timedelta(days=1)
USUAL = {"effective_date": (ON + ONE).isoformat(), "source": "合规部函"}


def decide(client: Client, **given: str) -> None:
    with time_machine.travel(AT, tick=False):
        assert client.post(reverse("wording_decide"), USUAL | given).status_code == 302


def found(text: str, on: dt.date) -> list[tuple[str, str]]:
    return [(one.level, one.term) for one in check(text, queries.lexicon(on=on))]


@executes(DecisionForm, "word", "effective_date", "source", state=("found",), level="level")
@pytest.mark.parametrize("level", Level.values)
def test_a_word_is_found_as_each_level_from_its_day_on(client_of: Clients, level: str) -> None:
    client = client_of("compliance")
    decide(client, word="首爆", state="found", level=level)
    assert (found("首爆好礼", ON), found("首爆好礼", ON + ONE)) == ([], [(level, "首爆")])
    with time_machine.travel(AT + ONE, tick=False):
        client = client_of("compliance")
        page = client.post(reverse("wording_check"), {"text": "首爆好礼"})
        assert [(one.level, one.term) for one in page.context["findings"]] == [(level, "首爆")]
        listed = client.get(reverse("wording_decisions")).content.decode()
    assert WordDecision.objects.get().source == "合规部函"
    assert "合规部函" in listed


@executes(DecisionForm, "word", "effective_date", "source", state="state")
@pytest.mark.parametrize(("state", "word", "before"), [
    ("allowed", "最佳拍档", "最佳"), ("off", "percent-claim", "满意度98%"),
])  # fmt: skip
def test_a_word_is_let_be_or_its_rule_switched_off_from_its_day_on(
    client_of: Clients, state: str, word: str, before: str
) -> None:
    text = "最佳拍档商户" if state == "allowed" else "满意度98%"
    decide(client_of("compliance"), word=word, state=state, level="")
    assert [term for _level, term in found(text, ON)] == [before]
    assert found(text, ON + ONE) == []
