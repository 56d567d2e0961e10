"""Pages of the check of wording."""

import html
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from campaigns.models import WordDecision
from campaigns.wording.forms import CheckForm
from campaigns.wording.rules import check, lexicon_of
from campaigns.wording.views import pieces_of
from tests.executing import executes
from tests.factories.campaigns import ON
from tests.factories.outreach import TemplateFactory

pytestmark = pytest.mark.django_db
Clients = Callable[..., Client]


@executes(CheckForm, "text")
def test_a_pasted_text_comes_back_with_its_words_marked(client_of: Clients) -> None:
    text = "本卡是最佳<选择>。\n最近三天。"
    page = client_of("campaign_manager").post(reverse("wording_check"), {"text": text})
    assert page.status_code == 200
    assert [(one.level, one.term) for one in page.context["findings"]] == [("ban", "最佳")]
    said = page.content.decode()
    assert said.count("<mark") == 1
    assert html.escape("<选择>") in said
    assert "<选择>" not in said


@pytest.mark.parametrize("text", ["", " ", "长" * 20_001])
def test_a_text_that_cannot_be_checked_is_told(client_of: Clients, text: str) -> None:
    page = client_of("compliance").post(reverse("wording_check"), {"text": text})
    assert page.status_code == 422
    assert page.context["form"].errors["text"]
    assert page.context["form"]["text"].value() == text


def test_the_message_texts_in_use_are_looked_through(client_of: Clients) -> None:
    first = TemplateFactory(code="old", body="最佳礼遇")
    TemplateFactory(code="old", version=first.version + 1, body="礼遇")
    TemplateFactory(code="new", body="顶级礼遇")
    page = client_of("analyst").get(reverse("wording_check"))
    found = [(one.reference.split("/")[0], [f.term for f in one.findings])
             for one in page.context["texts"]]  # fmt: skip
    assert found == [("new", ["顶级"])]


def test_compliance_decides_on_a_page(client_of: Clients) -> None:
    client, url = client_of("compliance"), reverse("wording_decide")
    given = {"word": "首爆", "state": "found", "level": "", "effective_date": "2099-01-01",
             "source": "合规部函"}  # fmt: skip
    assert client.get(f"{url}?word=首爆").context["form"]["word"].value() == "首爆"
    refused = client.post(url, given)
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["level"])
    past = client.post(url, given | {"level": "ban", "effective_date": "2020-01-01"})
    assert past.status_code == 422
    assert not WordDecision.objects.exists()
    assert client.post(url, given | {"level": "ban"}).status_code == 302
    assert client.post(url, given | {"level": "ban"}).status_code == 422
    page = client.get(reverse("wording_decisions"))
    assert [(one.row.word, one.state) for one in page.context["rows"]] == [("首爆", "coming")]


@given(st.text(alphabet="最佳第一级NO1 。\n<国家>", max_size=40))
def test_the_pieces_put_together_are_the_text(text: str) -> None:
    pieces = pieces_of(text, check(text, lexicon_of(ON)))
    assert "".join(piece.text for piece in pieces) == text
