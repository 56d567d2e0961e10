"""Redemptions replayed through the portal against a stock that is too small: who comes first is
served, nobody twice, and as many as the stock and those who may allow."""

import datetime as dt
import random
from pathlib import Path
from typing import Any

import pytest
import yaml

from campaigns.budgets import queries as budgets
from campaigns.models import CampaignVersion, Grant
from campaigns.planning import operations as planning
from campaigns.rewards.rules import Candidate
from examples.completejourney import convert, plain
from examples.completejourney.replay import replay
from tests.factories.campaigns import AT, approve, message_texts
from tests.factories.journeys import CardFactory, ProductFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.factories.rewards import run_of, used_of

pytestmark = pytest.mark.django_db
ISSUED = dt.date(2016, 6, 1)


def version_of(campaign: plain.Campaign, stock: int, owner: Any) -> CampaignVersion:
    plan = convert.plan_of(campaign, product="CLASSIC", stock=stock)
    text = yaml.safe_dump(plan, allow_unicode=True)
    version = planning.load_campaign(text=text, owner=owner, at=AT)
    approve(version)
    return version


def holders_of(households: list[int], idle: set[int]) -> dict[int, Candidate]:
    """A card for each household; those of `idle` were never used."""
    branch, product = BranchFactory(), ProductFactory(code="CLASSIC")
    found = {}
    for house in households:
        card = CardFactory(
            customer__branch=branch, application=None, product=product, branch=branch,
            issued_date=ISSUED, activated_date=ISSUED,
            first_used_date=None if house in idle else ISSUED,
        )  # fmt: skip
        found[house] = Candidate(card.customer_id, card.pk, branch.pk, (0,))
    return found


def served_by(
    come: list[plain.Redemption], version: CampaignVersion, holders: dict[int, Candidate]
) -> list[tuple[int, dt.date]]:
    run = run_of(version)
    answered = replay(come, version=version, run=run, holders=holders)
    granted = [one for one, award in answered if award.answer == "granted"]
    rows = Grant.objects.filter(run=run).order_by("id").values_list("customer", "granted_date")
    house = {one.customer_id: key for key, one in holders.items()}
    assert [(one.household, one.day) for one in granted] == [(house[who], on) for who, on in rows]
    assert budgets.differences(version.campaign_id) == []
    return [(one.household, one.day) for one in granted]


@pytest.mark.parametrize("stock", [1, 7, 60])
def test_a_slice_is_served_as_plain_reckoning_serves_it(stock: int) -> None:
    rng, start = random.Random(stock), dt.date(2017, 3, 13)
    campaign = plain.Campaign(3, "Type C", start, start + dt.timedelta(days=50))
    come = sorted(
        (
            plain.Redemption(rng.randrange(40), 3, start + dt.timedelta(days=rng.randrange(50)))
            for _number in range(160)
        ),
        key=lambda one: one.day,
    )
    message_texts()
    idle = {3, 4, 17, 31}
    holders = holders_of(list(range(40)), idle)
    version = version_of(campaign, stock, StaffFactory(role="campaign_manager"))
    found = served_by(come, version, holders)
    may = [one for one in come if one.household not in idle]
    assert found == [(one.household, one.day) for one in plain.served(may, stock=stock)]
    assert len(found) == min(stock, len({one.household for one in may}))
    assert used_of(version, "stock", "coupon") == len(found)


def test_all_redemptions_of_all_campaigns_are_served_as_plain_reckoning_serves_them(
    folder: Path,
) -> None:
    come = plain.redemptions(folder)
    houses = sorted({one.household for one in come})
    idle = set(houses[::11])
    message_texts()
    holders, owner = holders_of(houses, idle), StaffFactory(role="campaign_manager")
    granted, ran_out = 0, 0
    for campaign in plain.campaigns(folder):
        own = [one for one in come if one.campaign == campaign.number]
        version = version_of(campaign, 25, owner)
        found = served_by(own, version, holders)
        may = [one for one in own if one.household not in idle]
        assert found == [(one.household, one.day) for one in plain.served(may, stock=25)]
        assert len(found) == min(25, len({one.household for one in may}))
        granted += len(found)
        ran_out += len(found) == 25
    assert Grant.objects.count() == granted
    assert ran_out > 3, "a stock that never runs out shows nothing"
