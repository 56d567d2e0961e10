"""In which order people get what is limited: as the published rule and the editor say it."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from campaigns.design.forms import rewards as forms
from campaigns.models import Grant
from campaigns.planning import queries as planning
from campaigns.planning.rules import plans, wording
from tests.campaigns.rewards.test_multiples import ran
from tests.factories.campaigns import ON, RULE, TIER, approved, card_in_use, draft
from tests.factories.journeys import TransactionFactory

pytestmark = pytest.mark.django_db
SPENT = RULE["all"][3] | {"days": 150}
SAID = {
    "en": "What is limited in number is given out evening by evening: first to those who qualify "
          "on an earlier evening; of one evening, to those whom the bank has had on file for "
          "longer.",
    "zh-hans": "数量有限的奖励逐晚评定发放：较早一晚评定为达标者先得；同一晚评定为达标的，"
               "按客户在本行建档的先后顺序发放。",
}  # fmt: skip
FLASH = {
    "en": "What is released in a flash redemption that the bank announces goes to those who claim "
          "it first.",
    "zh-hans": "本行公告会员抢兑的奖励，按抢兑的先后顺序发放。",
}  # fmt: skip
HELP = {"en": "an earlier evening comes first", "zh-hans": "先达标的那一晚优先"}


def test_an_earlier_evening_comes_first_and_of_one_whoever_is_on_file_for_longer() -> None:
    version = approved(rule=SPENT, rewards={"tiers": [TIER | {"stock": 2}]})
    slow, second, first = (card_in_use(spent="1.00") for _number in range(3))
    TransactionFactory(card=first, amount=Decimal(600), posted_date=ON)
    ran(version)
    for card in (second, slow):
        TransactionFactory(card=card, amount=Decimal(600), posted_date=ON + dt.timedelta(days=1))
    ran(version, on=ON + dt.timedelta(days=1))
    assert list(Grant.objects.order_by("id").values_list("card", flat=True)) == [
        first.pk, slow.pk,
    ]  # fmt: skip


def test_on_one_evening_it_tells_nothing_who_reached_it_some_days_before() -> None:
    """The first evening finds all who qualify by then, those of the days before together: so it is
    the evening that is published, and not the day."""
    version = approved(rule=SPENT, rewards={"tiers": [TIER | {"stock": 1}]})
    later, sooner = (card_in_use(spent="1.00") for _number in range(2))
    for card, days in ((later, 1), (sooner, 9)):
        day = ON - dt.timedelta(days=days)
        TransactionFactory(card=card, amount=Decimal(600), posted_date=day)
    ran(version)
    assert Grant.objects.get().card == later
    plan = plans.plan_of(version.content)
    text = wording.full_text(plan, planning.names_of(plan), "en")
    assert ("on an earlier evening" in text, "on an earlier day" in text) == (True, False)


@pytest.mark.parametrize("language", SAID)
@pytest.mark.parametrize("stock", [None, 1])
def test_the_published_rule_says_so_where_there_is_a_stock(language: str, stock: Any) -> None:
    plan = plans.plan_of(draft(rewards={"tiers": [TIER | {"stock": stock}]}).content)
    text = wording.full_text(plan, planning.names_of(plan), language)
    for sentence in (SAID, FLASH):
        assert (sentence[language] in text.splitlines()) is (stock is not None)


@pytest.mark.parametrize("language", HELP)
def test_the_editor_says_so_beside_the_stock(language: str) -> None:
    with translation.override(language):
        assert HELP[language] in str(forms.TierForm.base_fields["stock"].help_text)
