"""The 27 campaigns of the Complete Journey data load with their days."""

import datetime as dt
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command

from campaigns.models import CampaignVersion
from campaigns.planning import operations as planning
from examples.completejourney import convert, plain
from tests.factories.campaigns import AT, message_texts
from tests.factories.journeys import ProductFactory
from tests.factories.portal import StaffFactory

ONE = plain.Campaign(3, "Type C", dt.date(2017, 3, 13), dt.date(2017, 5, 8))


@pytest.mark.django_db
def test_a_campaign_keeps_number_type_and_days() -> None:
    ProductFactory(code="CLASSIC")
    message_texts()
    plan = convert.plan_of(ONE, product="CLASSIC", stock=7)
    version = planning.load_campaign(
        text=yaml.safe_dump(plan, allow_unicode=True),
        owner=StaffFactory(role="campaign_manager"),
        at=AT,
    )
    assert (version.campaign.code, version.campaign.name_en) == (
        "complete-journey-03", "Coupon campaign 3, type C",
    )  # fmt: skip
    # The last day, 8 May, is inside: the span is half open.
    assert (version.content["runs_from"], version.content["runs_to"]) == (
        "2017-03-13", "2017-05-09",
    )  # fmt: skip
    assert version.content["rewards"]["tiers"][0]["stock"] == 7


def test_without_the_data_it_is_said(tmp_path: Path) -> None:
    with pytest.raises(plain.Unreadable):
        plain.campaigns(tmp_path)


def test_who_comes_first_is_served_and_each_once() -> None:
    day = dt.date(2017, 3, 13)
    come = [plain.Redemption(house, 3, day) for house in (5, 5, 7, 6, 5, 8)]
    assert [one.household for one in plain.served(come, stock=3)] == [5, 7, 6]
    assert [one.household for one in plain.served(come, stock=9)] == [5, 7, 6, 8]
    assert plain.served(come, stock=0) == []


@pytest.mark.django_db
def test_all_load_with_their_days(folder: Path, tmp_path: Path) -> None:
    files = convert.convert(folder, tmp_path, product="CLASSIC", stock=50)
    ProductFactory(code="CLASSIC")
    message_texts()
    StaffFactory(username="campaign_manager", role="campaign_manager")
    for file in files:
        call_command("load_campaign", str(file))
    found = {
        version.campaign.code: (version.content["runs_from"], version.content["runs_to"])
        for version in CampaignVersion.objects.select_related("campaign")
    }
    assert found == {
        f"complete-journey-{one.number:02}": (
            one.first.isoformat(), (one.last + dt.timedelta(days=1)).isoformat(),
        )
        for one in plain.campaigns(folder)
    }  # fmt: skip
    assert len(found) == len(files)


def test_the_data_has_27_campaigns_and_2102_redemptions(data: Path) -> None:
    assert [one.number for one in plain.campaigns(data)] == list(range(1, 28))
    assert len(plain.redemptions(data)) == 2102


def test_the_redemptions_are_served_by_the_day(folder: Path) -> None:
    come = plain.redemptions(folder)
    for campaign in plain.campaigns(folder):
        own = [one for one in come if one.campaign == campaign.number]
        houses = {one.household for one in own}
        for stock in (1, 10, 50):
            taken = plain.served(own, stock=stock)
            assert len(taken) == min(stock, len(houses))
            assert [one.day for one in taken] == sorted(one.day for one in taken)
