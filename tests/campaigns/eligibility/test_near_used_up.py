"""Nobody is near to what is used up: on the page, in the audience, in texts that count down and on
the customer's page, each of which says so."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import translation

from campaigns.eligibility import queries
from campaigns.models import BudgetLimit, Grant
from tests.campaigns.eligibility.test_near import SMALL, SPENT, near, ran, told
from tests.campaigns.eligibility.test_near_persons import ONE, RULE, both, close
from tests.factories.campaigns import ON, TIER, approved, card_in_use, draft, dry_run
from tests.factories.journeys import DAY, CustomerFactory
from tests.factories.merchants import MerchantFactory
from tests.factories.portal import BranchFactory, StaffFactory
from tests.factories.rewards import ask, candidate, used_card
from tests.factories.touches import step, steps_of, sweep, touched

pytestmark = pytest.mark.django_db
ONE_LEFT: dict[str, Any] = {"tiers": [TIER | {"stock": 1}]}


@pytest.mark.parametrize(("tiers", "budget", "kinds"), [
    ([TIER | {"stock": 1}], "100.00", ["stock"]), ([TIER | {"stock": 2}], "100.00", []),
    ([TIER], "19.99", ["campaign"]), ([TIER], "20.00", []),
    ([TIER | {"budget": "10.00"}], "100.00", ["tier"]),
    ([TIER | {"stock": 1, "budget": "10.00"}], "10.00", ["stock", "tier", "campaign"]),
    ([TIER | {"stock": 1}, SMALL | {"value": "20.00", "needs": SPENT | {"at_least": "900.00"}}],
     "100.00", ["stock"]),
])  # fmt: skip
def test_the_page_lists_nobody_and_says_what_is_used_up(
    client_of: Any, tiers: list[dict[str, Any]], budget: str, kinds: list[str]
) -> None:
    version = approved(rule=RULE, rewards={"tiers": tiers}, budget={"total": budget})
    card_in_use(spent="600.00")
    me = close()
    run = ran(version)
    assert Grant.objects.count() == 1
    assert both(run) == (set() if kinds else {me.customer_id})
    page = client_of("campaign_manager").get(reverse("near_misses", args=[run.pk]))
    assert page.context["may_edit"] is (not kinds)
    found = queries.used_up([run.version]).get(run.version_id, [])
    assert [one.kind for one in found] == kinds
    assert bool(page.context["spent"]) is bool(kinds)


@pytest.mark.parametrize(("language", "words"), [
    ("en", "Used up: the stock of First-transaction gift, the budget of the campaign."),
    ("zh-hans", "已用完：“首刷礼”的库存、活动预算。"),
])  # fmt: skip
def test_the_reason_is_said_on_the_page_and_on_the_customer_s(
    client: Client, language: str, words: str
) -> None:
    version = approved(rule=RULE, rewards=ONE_LEFT, budget={"total": "10.00"})
    card_in_use(spent="600.00")
    me = close()
    run = ran(version)
    with translation.override(language):
        (verdict,) = queries.receipts_about(me.customer_id, today=ON)
        limits = [one.label for one in verdict.spent]
        assert (translation.gettext(", ").join(limits) in words, verdict.days_left) == (True, None)
    with time_machine.travel(dt.datetime.combine(ON, dt.time(4), dt.UTC), tick=False):
        client.force_login(StaffFactory(role="compliance", language=language))
        body = client.get(reverse("near_misses", args=[run.pk])).content.decode()
        part = client.get(
            reverse("customer_receipts", args=[me.customer.number]), headers={"HX-Request": "true"}
        ).content.decode()
    assert words in body
    for label in limits:
        assert label in part


def test_a_branch_whose_budget_is_used_up_is_near_to_nothing(client_of: Any) -> None:
    above = BranchFactory()
    below = BranchFactory(parent=above)
    version = approved(rule=RULE, budget={"total": "100.00", "branches": {above.code: "19.99"}})
    card_in_use(spent="600.00", customer=CustomerFactory(branch=below))
    close(customer=CustomerFactory(branch=below))
    free = close()
    run = ran(version)
    assert both(run) == {free.customer_id}
    page = client_of("campaign_manager").get(reverse("near_misses", args=[run.pk]))
    assert above.name in page.content.decode()
    assert page.context["spent"] == ""


def test_a_party_that_bears_no_more_is_named() -> None:
    MerchantFactory(number="M1", name="甲店", name_en="Shop A")
    budget = {"total": "100.00", "shares": {"bank": "60.00", "M1": "40.00"}}
    version = approved(rule=RULE, budget=budget, merchants=["M1"])
    card_in_use(spent="600.00")
    me = close()
    run = ran(version)
    assert both(run) == {me.customer_id}
    rows = BudgetLimit.objects.filter(kind="party", key="M1", book__run=None)
    assert rows.update(used="36.00", most="40.00") == 1
    assert {who for who, _gap, _last in near(run)} == {me.customer_id}
    assert rows.update(used="36.01") == 1
    assert near(run) == []
    assert told("again") == set()
    with translation.override("en"):
        assert [one.label for one in queries.used_up([run.version])[run.version_id]] == [
            "what Shop A bears"
        ]


def test_a_newer_version_counts_by_its_own_plan() -> None:
    version = approved(rule=RULE, rewards=ONE_LEFT)
    card_in_use(spent="600.00")
    me = close()
    assert both(ran(version)) == set()
    newer = draft(rule=RULE, rewards={"tiers": [TIER | {"stock": 2}]})
    assert newer.campaign_id == version.campaign_id
    assert [who for who, _gap, _last in near(dry_run(newer))] == [me.customer_id]
    as_little = draft(rule=RULE, rewards=ONE_LEFT, name="新")
    assert near(dry_run(as_little)) == []


def test_no_text_counts_down_to_what_is_used_up() -> None:
    limited = {"mode": "highest", "tiers": [TIER | {"stock": 1}]}
    version = touched(step("count", template="count"), bodies={"count": "{to_go}"}, rewards=limited)
    late = card_in_use(spent="1.00", issued_date=DAY)
    assert ask(version, [candidate(used_card(issued_date=DAY - 200 * ONE))])[0].tiers
    sweep(DAY)
    assert steps_of(late.customer_id)["count"] == ("skipped", "no_value")
