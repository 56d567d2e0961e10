"""The pages of active and sleeping cards say what the figures are, and let compliance set what
they mean."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from journeys.activity import panels
from journeys.activity.models import ActiveDefinition, SleepRule
from portal.kit import clock
from portal.models import Staff
from tests.factories.activity import ago, count, define, used_card
from tests.factories.journeys import CustomerFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.project.rows import row_of

pytestmark = pytest.mark.django_db
Clients = Callable[..., Client]


def yesterday() -> dt.date:
    return clock.today() - dt.timedelta(days=1)


def counted_now(back: int = 3) -> None:
    count(clock.now(), back)


def words_of(client: Client, url: str) -> str:
    text = client.get(url).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def english(role: str, **given: Any) -> Staff:
    return StaffFactory(role=role, language="en", **given)


def test_the_page_shows_the_figures_with_the_definition_they_were_counted_by(
    client_of: Clients,
) -> None:
    day = yesterday()
    define(window_days=90, leaves_supplementary=True)
    for number in range(6):
        used_card(ago(700, of=day), ago(5 + number * 20, of=day))
    used_card(ago(700, of=day))
    counted_now()
    told = words_of(client_of(english("compliance")), reverse("activity_page"))
    assert "71.43 % 5 of 7" in told
    assert "14.29 % 1 of 7; ceiling 20 %" in told
    assert (
        "Active cards (board 2020-01-01): Cards · used within the last 90 days · left out: "
        "cancelled cards, supplementary cards" in told
    )
    # Who sees no persons is told in fives.
    assert "100.00 % 5 of 5" in words_of(client_of(english("analyst")), reverse("activity_page"))


def test_a_branch_sees_its_own_figures_alone(client_of: Clients) -> None:
    day, here = yesterday(), BranchFactory()
    define()
    mine = CustomerFactory(branch=here)
    for number in range(3):
        used_card(ago(700, of=day), ago(number, of=day), customer=mine)
    used_card(ago(700, of=day))
    counted_now()
    manager = english("branch_manager", branch=here)
    told = words_of(client_of(manager), reverse("activity_page"))
    assert "100.00 % 3 of 3" in told
    assert "0.00 % 0 of 3; ceiling 20 %" in told
    told = words_of(
        client_of(english("compliance")), reverse("activity_page") + f"?branch={here.code}"
    )
    assert "100.00 % 3 of 3" in told


def test_without_a_definition_the_page_says_so(client_of: Clients) -> None:
    client = client_of(english("compliance"))
    assert "No day was counted yet" in words_of(client, reverse("activity_page"))
    used_card(ago(9, of=yesterday()))
    counted_now()
    assert "No definition of active cards was in force" in words_of(
        client, reverse("activity_page")
    )


def test_compliance_defines_active_cards_and_the_limit(client_of: Clients) -> None:
    client = client_of(english("compliance"))
    today = clock.today().isoformat()
    sent = {
        "code": "board", "name": "活卡率", "name_en": "Active-card rate", "counted": "customers",
        "window_days": "180", "leaves_closed": "on", "effective_date": today, "source": "Board",
    }  # fmt: skip
    assert client.post(reverse("active_definition_new"), sent).status_code == 302
    row = ActiveDefinition.objects.get()
    assert (row.code, row.counted, row.window_days, row.leaves_closed, row.policy_products) == (
        "board", "customers", 180, True, [],
    )  # fmt: skip
    again = client.post(reverse("active_definition_new"), sent)
    assert again.status_code == 422
    assert "has its rule already" in again.content.decode()
    limit = {
        "months": "18", "ceiling": "20", "near": "18", "effective_date": today, "source": "Notice",
    }  # fmt: skip
    assert client.post(reverse("sleep_rule_new"), limit).status_code == 302
    assert client.post(reverse("sleep_rule_new"), limit | {"near": "25"}).status_code == 422
    assert SleepRule.objects.count() == 1
    told = words_of(client, reverse("activity_rules"))
    assert "Customers (accounts) · used within the last 180 days · left out: cancelled cards" in (
        told
    )


def test_the_list_is_masked_and_leads_to_a_draft(client_of: Clients) -> None:
    day = clock.today()
    customer = CustomerFactory(name="王小明")
    used_card(ago(540, of=day), customer=customer)
    counted_now()
    told = client_of("campaign_manager").get(reverse("sleeping_list")).content.decode()
    assert customer.shown_name in told
    assert "王小明" not in told
    assert 'name="within_days" value="30"' in told
    assert reverse("design_waking") in told
    assert reverse("design_waking") not in (
        client_of(english("compliance")).get(reverse("sleeping_list")).content.decode()
    )


def test_the_home_page_warns_near_the_ceiling_alone(client_of: Clients, rf: object) -> None:
    day = yesterday()
    row_of("journeys.SleepDay", day=day, cards=1000, asleep=179, due_30=0, due_60=0, due_90=0)
    row_of("journeys.ActivityCount", day=day)
    request = rf.get("/")  # type: ignore[attr-defined]
    request.user = english("compliance")
    assert panels.sleep_near(request) is None
    row_of("journeys.SleepDay", day=day, cards=1000, asleep=182, due_30=0, due_60=0, due_90=0,
           branch=BranchFactory())  # fmt: skip
    found = panels.sleep_near(request)
    assert found is not None
    assert found["standing"].is_near
    assert not found["stopped"]
    assert "Sleeping cards near the ceiling" in words_of(client_of(request.user), reverse("home"))


def test_what_differed_is_told_by_branch_to_who_sees_the_bank(client_of: Clients) -> None:
    row_of("journeys.ActivityProof", differences=[
        {"branch": "B77", "product": "GOLD", "kept": [3, 1], "counted": [3, 2]}
    ])  # fmt: skip
    address = reverse("activity_proofs")
    assert "B77 GOLD: kept 3 / 1, counted 3 / 2" in words_of(
        client_of(english("compliance")), address
    )
    manager = english("branch_manager", branch=BranchFactory())
    assert "B77" not in words_of(client_of(manager), address)
