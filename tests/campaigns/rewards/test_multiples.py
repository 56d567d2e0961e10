"""Points that follow from spending: reckoned, granted once as a whole, and put right by refunds."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from campaigns.budgets import queries as budgets
from campaigns.eligibility import operations as eligibility
from campaigns.eligibility import queries
from campaigns.flash import operations as flash
from campaigns.models import (
    BudgetEntry,
    CampaignVersion,
    Decision,
    Grant,
    Run,
)
from campaigns.planning.rules import drift, files, linting, multiples, plans, rewards, wording
from campaigns.wording.rules import lexicon_of
from journeys.models import Card, PointsEntry, Transaction
from journeys.points import queries as points
from tests.factories import campaigns
from tests.factories.campaigns import AT, ON, PLAN, TIER, card_in_use
from tests.factories.journeys import DAY, TransactionFactory
from tests.factories.merchants import CategoryFactory
from tests.factories.portal import StaffFactory
from tests.factories.rewards import used_of, version_with

pytestmark = pytest.mark.django_db
ONE = dt.timedelta(days=1)
LAST = dt.date(2026, 6, 20)
SPENDING: dict[str, Any] = {
    "counted_from": "dates", "first_date": "2026-03-01", "last_date": str(LAST),
    "last_day": "inside", "at_least": "1.00", "mccs": ["5411"],
}  # fmt: skip
TRIPLE: dict[str, Any] = {
    "code": "triple", "kind": "multiple", "name": "三倍积分", "name_en": "Triple points",
    "value": "20.00", "points": 10_000, "times": "3", "spending": SPENDING,
}  # fmt: skip
USED: dict[str, Any] = {"all": [{"kind": "activated"}, {"kind": "first_used"}]}


def tier_with(**changes: Any) -> rewards.Tier:
    raw = {name: value for name, value in PLAN.items() if name != "code"}
    plan = plans.read_plan(raw | {"rewards": {"tiers": [TRIPLE | changes]}})
    return plan.rewards.tiers[0]


def version_of(*tiers: dict[str, Any], **changes: Any) -> CampaignVersion:
    CategoryFactory(mcc="5411", name="超市", name_en="Groceries", scenario="groceries")
    return version_with(*(tiers or (TRIPLE,)), rule=USED, **changes)


def spender(*amounts: str, mcc: str = "5411", on: dt.date = DAY) -> Card:
    """A card in use, and what was bought with it besides a first purchase that does not count."""
    card = card_in_use(spent="5.00")
    for amount in amounts:
        TransactionFactory(card=card, amount=Decimal(amount), mcc=mcc, posted_date=on)
    return card


def refund(bought: Transaction, amount: str, on: dt.date) -> None:
    TransactionFactory(
        card=bought.card, amount=-Decimal(amount), refund_of=bought.reference, posted_date=on
    )


def ran(version: CampaignVersion, kind: str = "live", on: dt.date = ON, **more: Any) -> Run:
    at = AT + (on - ON)
    run = eligibility.start_run(
        version_id=version.pk, kind=kind, on=on, started_by=None, at=at, **more
    )
    eligibility.work_run(run_id=run.pk, now=lambda: at)
    run.refresh_from_db()
    assert run.state == "done", run.failure
    return run


def balance(card: Card) -> int:
    return points.balance_of(card.customer_id)


def given_now() -> list[tuple[Any, ...]]:
    rows = Grant.objects.filter(reversal=None).order_by("id")
    return list(rows.values_list("card_id", "points", "amount"))


# --- reckoning --------------------------------------------------------------------------------
@pytest.mark.parametrize(("times", "spent", "given_points"), [
    ("3", "3200.00", 6400), ("3", "3200.99", 6400), ("3", "0.99", 0), ("3", "1.00", 2),
    ("1.5", "1.00", 0), ("1.5", "2.00", 1), ("1.5", "3.99", 1), ("1.01", "99.99", 0),
    ("1.01", "100.00", 1), ("2", "0.00", 0), ("2", "-0.50", 0), ("2", "-300.00", 0),
])  # fmt: skip
def test_points_are_n_minus_1_for_each_whole_yuan(
    times: str, spent: str, given_points: int
) -> None:
    tier = tier_with(times=times, spending=SPENDING | {"at_least": "1000.00"})
    assert tier.multiple is not None
    assert tier.multiple.points_for(Decimal(spent)) == given_points


@given(
    times=st.integers(101, 10_000), cents=st.integers(0, 10_000_000),
    most=st.integers(1, 10_000_000), value=st.integers(1, 1_000_000),
)  # fmt: skip
def test_reckoned_in_whole_hundredths_it_is_the_same(
    times: int, cents: int, most: int, value: int
) -> None:
    raw = {
        "times": str(Decimal(times) / 100), "points": most, "value": str(Decimal(value) / 100),
        "spending": SPENDING | {"at_least": "100.00"},
    }  # fmt: skip
    tier = tier_with(**raw).for_spending(Decimal(cents) / 100)
    expected = min(most, (times - 100) * (cents // 100) // 100)
    assert tier.points == expected
    assert tier.value == Decimal(-(-value * expected // most)) / 100, "a part of a cent is one"
    assert tier.value * most >= Decimal(value) / 100 * expected, "never too little is reserved"


def test_a_file_is_written_and_read_again_as_it_was() -> None:
    content = {name: value for name, value in PLAN.items() if name != "code"}
    content |= {"rewards": {"mode": "each", "tiers": [TRIPLE, campaigns.TIER]}}
    plan = plans.read_plan(content)
    text = files.write_file("x", plan.as_content())
    assert files.read_file(text) == ("x", plan)
    tiers = plan.as_content()["rewards"]["tiers"]
    assert tiers[0]["spending"] == SPENDING
    assert "times" not in tiers[1], "what older versions hold stays equal to what they say"


@pytest.mark.parametrize(("changes", "problem"), [
    ({"times": None}, "rewards.tiers[0].times: is missing"),
    ({"times": "1"}, "rewards.tiers[0].times: must be a number above 1"),
    ({"times": "100.01"}, "rewards.tiers[0].times: must be a number above 1"),
    ({"times": "2.005"}, "rewards.tiers[0].times: must be a number above 1"),
    ({"points": None}, "rewards.tiers[0].points: is missing"),
    ({"spending": None}, "rewards.tiers[0].spending: is missing"),
    ({"spending": SPENDING | {"refunds": "when_posted"}}, "rewards.tiers[0].spending.refunds: "),
    ({"spending": SPENDING | {"last_date": "2026-02-01"}}, "rewards.tiers[0].spending.last_date"),
    ({"spending": SPENDING | {"at_least": "0.99"}}, "rewards.tiers[0].spending.at_least: is not"),
    ({"times": "1.01", "spending": SPENDING | {"at_least": "99.00"}},
     "rewards.tiers[0].spending.at_least: is not enough for one point"),
    ({"kind": "points"}, "rewards.tiers[0].times: has a meaning only where"),
])  # fmt: skip
def test_what_cannot_be_read_is_said_with_its_place(changes: dict[str, Any], problem: str) -> None:
    with translation.override("en"), pytest.raises(plans.PlanWrong) as wrong:
        tier_with(**changes)
    assert any(one.startswith(problem) for one in wrong.value.problems), wrong.value.problems


def test_the_rule_that_customers_read_says_it() -> None:
    raw = {name: value for name, value in PLAN.items() if name != "code"}
    plan = plans.read_plan(raw | {"rewards": {"tiers": [TRIPLE]}})
    names = wording.Names(categories={"5411": ("超市", "Groceries")})
    text = wording.full_text(plan, names, "en")
    assert (
        "Triple points: 2 points for each whole yuan of the spending named here, besides those "
        "that the card earns; 10,000 points at most, worth ¥20; once for each customer, and "
        "only after the card is activated and used. Parts of a point are left out."
    ) in text
    assert "(merchant category: Groceries) comes to ¥1 or more" in text


@pytest.mark.parametrize(("changes", "place"), [
    ({}, None),
    ({"runs_to": LAST + ONE}, None),  # the evening of the last day of spending
    ({"runs_to": LAST}, "rewards.tiers[0].spending"),
    ({"budget": {"total": "100.00", "per_customer": "19.99"}}, "rewards.tiers[0].value"),
])  # fmt: skip
def test_what_could_not_be_given_blocks_the_submission(
    changes: dict[str, Any], place: str | None
) -> None:
    raw = {name: value for name, value in (PLAN | changes).items() if name != "code"}
    plan = plans.read_plan(raw | {"rule": USED, "rewards": {"tiers": [TRIPLE]}})
    faults = linting.lint(plan, linting.Around(on=dt.date(2026, 3, 1), words=lexicon_of(ON)))
    assert [fault.place for fault in faults if fault.is_block] == ([place] if place else [])


# --- granting ---------------------------------------------------------------------------------
def test_points_follow_the_purchases_that_count_and_are_granted_once() -> None:
    version = version_of(budget={"total": "100.00"})
    card = spender("3000.00", "200.50")
    TransactionFactory(card=card, amount=Decimal(700), mcc="5812", posted_date=DAY)
    TransactionFactory(card=card, amount=Decimal(80), mcc="5411", posted_date=LAST + ONE)
    capped, none, back = spender("9000.00"), spender("400.00", mcc="5812"), spender("50.00")
    bought = Transaction.objects.get(card=back, amount=50)
    refund(bought, "49.01", LAST + 3 * ONE)
    dry, live = ran(version, "dry_run"), ran(version)
    assert queries.figures_of(dry).given == queries.figures_of(live).given
    assert given_now() == [
        (card.pk, 6400, Decimal("12.80")), (capped.pk, 10_000, Decimal("20.00")),
    ]  # fmt: skip
    assert (balance(card), balance(capped), balance(none), balance(back)) == (6400, 10_000, 0, 0)
    assert used_of(version, "campaign") == Decimal("32.80")
    assert budgets.differences(version.campaign_id) == []
    fates = dict(Decision.objects.filter(run=live).values_list("card", "outcome"))
    assert fates == {
        card.pk: "qualified", capped.pk: "qualified", none.pk: "no_tier", back.pk: "no_tier",
    }  # fmt: skip
    before = PointsEntry.objects.count()
    again = ran(version, on=ON + ONE)
    assert again.figures["tally"]["award"] == {"had_before": [2, "0.00"]}
    assert PointsEntry.objects.count() == before


def test_a_back_test_gives_the_same_as_the_live_run() -> None:
    version = version_of()
    spender("3000.00"), spender("150.10"), spender("20.00", mcc="5812")
    tested = ran(version, "back_test", on=LAST + ONE, first=LAST - ONE)
    live = ran(version, on=LAST + ONE)
    fields = ("customer", "award", "awarded", "reached")
    qualified = {"outcome": "qualified"}
    assert list(tested.decisions.filter(**qualified).order_by("customer").values_list(*fields)) == (
        list(live.decisions.filter(**qualified).order_by("customer").values_list(*fields))
    )
    assert tested.figures["tally"]["day"] == {str(LAST): [2, "12.60"]}


def test_fixed_points_of_an_earlier_evening_are_exchanged_for_more_by_spending() -> None:
    """Reached at once or one after the other, it comes to the same, and costs the same."""
    fixed = TIER | {
        "code": "fixed", "kind": "points", "points": 500, "value": "1.00",
    }  # fmt: skip
    CategoryFactory(mcc="5411", name="超市", name_en="Groceries", scenario="groceries")
    version = version_with(fixed, TRIPLE, rule=USED)
    first, both = spender(), spender("400.00")
    ran(version)
    assert given_now() == [(first.pk, 500, Decimal("1.00")), (both.pk, 800, Decimal("1.60"))]
    TransactionFactory(card=first, amount=Decimal("400.00"), mcc="5411", posted_date=LAST)
    ran(version, on=ON + ONE)
    assert given_now() == [(both.pk, 800, Decimal("1.60")), (first.pk, 800, Decimal("1.60"))]
    assert (balance(first), balance(both)) == (800, 800)
    assert used_of(version, "campaign") == Decimal("3.20")
    assert budgets.differences(version.campaign_id) == []


def test_what_is_measured_and_approved_is_what_the_spending_comes_to() -> None:
    version = version_of()
    spender("3000.00"), spender("150.10"), spender("90000.00")
    run = ran(version, "dry_run")
    assert queries.measured(run) == drift.Measured(3, Decimal("32.60"))
    assert queries.figures_of(run).given.amount == Decimal("32.60")


@pytest.mark.parametrize(("budget", "answer"), [
    ({"total": "11.99"}, "over_budget_total"), ({"total": "12.00"}, "granted"),
    ({"total": "50.00", "per_day": "11.99"}, "over_budget_day"),
    ({"total": "50.00", "per_customer": "11.99"}, "over_budget_customer"),
])  # fmt: skip
def test_what_it_costs_is_reserved(budget: dict[str, str], answer: str) -> None:
    version = version_of(budget=budget)
    spender("3000.00")
    run = ran(version)
    assert list(Decision.objects.filter(run=run).values_list("award", flat=True)) == [answer]


def test_shared_cost_is_split_to_the_cent() -> None:
    shares = {"bank": "66.66", "M1": "33.34"}
    version = version_of(budget={"total": "100.00", "shares": shares})
    for amount in ("3000.00", "17.00", "333.00"):
        spender(amount)
    ran(version)
    granted = sum(amount for _card, _points, amount in given_now())
    charged = sum(BudgetEntry.objects.values_list("amount", flat=True))
    assert granted == charged == Decimal("13.41")


def test_the_receipt_explains_the_sum(client_of: Any) -> None:
    version = version_of()
    card, capped = spender("3000.00", "200.00"), spender("9000.00")
    run = ran(version)
    told = {}
    with translation.override("en"):
        for one in (card, capped):
            (tier,) = queries.tier_receipts(Decision.objects.get(run=run, card=one))
            told[one.pk] = tier.reckoning
    assert told == {
        card.pk: (
            "Purchases of ¥3,200 (merchant category: Groceries), refunds deducted; 2 more "
            "points for each whole yuan: 6,400 points."
        ),
        capped.pk: (
            "Purchases of ¥9,000 (merchant category: Groceries), refunds deducted; 2 more "
            "points for each whole yuan: 18,000 points. At most 10,000 are given."
        ),
    }
    client = client_of("campaign_manager")
    client.post(reverse("set_language"), {"language": "en"})
    page = client.get(reverse("decision_page", args=[Decision.objects.get(run=run, card=card).pk]))
    assert told[card.pk] in page.content.decode()


def test_it_cannot_be_sold_in_a_flash_sale() -> None:
    version = version_of(TRIPLE | {"stock": 5})
    spender("3000.00")
    ran(version, "dry_run")
    with pytest.raises(flash.SaleRefused):
        flash.arrange_sale(
            version_id=version.pk, tier="triple", units=2, opens_at=AT + ONE,
            closes_at=AT + ONE + dt.timedelta(hours=1), hold_seconds=30,
            by=StaffFactory(role="campaign_manager"), at=AT,
        )  # fmt: skip


def test_worth_is_never_less_than_a_cent() -> None:
    assert multiples.worth(1, most=10_000, value=Decimal("20.00")) == Decimal("0.01")
