"""A back-test of several days gives what the live runs of those days would have given."""

import datetime as dt
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from campaigns.budgets import queries as budgets
from campaigns.models import BudgetLimit, CampaignVersion, Decision, Grant, Run, TrialGrant
from journeys.models import Card, Message
from tests.campaigns.rewards.test_late_spending import LADDERS
from tests.campaigns.rewards.test_multiples import TRIPLE, USED, ran
from tests.campaigns.rewards.test_persons import FRIEND, brings
from tests.factories.campaigns import card_in_use
from tests.factories.journeys import TransactionFactory
from tests.factories.merchants import CategoryFactory
from tests.factories.rewards import tier, version_with

pytestmark = pytest.mark.django_db
ONE = dt.timedelta(days=1)
DAYS = 4
FIRST = dt.date(2026, 4, 20)  # within the days in which spending counts
GENEROUS = FRIEND | {"for_each": FRIEND["for_each"] | {"most": 3}}
CASES: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "for each person": ("each", [GENEROUS]),
    "beside a tier": ("each", [GENEROUS, tier("low", "5.00", stock=2)]),
    "each adds": ("each", [*LADDERS["cash"], LADDERS["points"][2] | {"code": "more"}]),
    "cash, the highest": ("highest", [one | {"stock": 2} for one in LADDERS["cash"]]),
    "points, the highest": ("highest", LADDERS["points"]),
}  # fmt: skip
# Who spends, or brings somebody, on which of the days, and how much in yuan.
EVENTS = st.lists(
    st.tuples(
        st.integers(0, 2), st.integers(-1, DAYS - 1), st.integers(50, 1200), st.booleans()
    ),
    max_size=9,
)  # fmt: skip
BUDGETS = st.sampled_from([
    {"total": "100000.00"}, {"total": "70.00"}, {"total": "100000.00", "per_day": "35.00"},
    {"total": "100000.00", "per_customer": "60.00"},
    {"total": "100000.00", "shares": {"bank": "66.66", "M1": "33.34"}},
])  # fmt: skip


def has(rows: Any) -> Counter[tuple[Any, ...]]:
    fields = ("customer", "slot", "reward", "round", "amount", "points", "referral")
    return Counter(rows.values_list(*fields))


def by_day(run: Run) -> dict[str, list[Any]]:
    return dict(run.figures["tally"].get("day", {}))


def used(version: CampaignVersion, run: Run | None) -> dict[tuple[str, str], Decimal]:
    rows = BudgetLimit.objects.filter(book__campaign=version.campaign, book__run=run)
    found = {(row.kind, row.key): row.used for row in rows}
    return {key: amount for key, amount in found.items() if amount}


def summed(runs: list[Run], kind: str) -> dict[str, Decimal]:
    found: Counter[str] = Counter()
    for run in runs:
        for key, (_count, amount) in run.figures["tally"].get(kind, {}).items():
            found[key] += Decimal(amount)
    return {key: amount for key, amount in found.items() if amount}


def happen(cards: list[Card], events: list[Any]) -> None:
    for who, day, yuan, is_person in events:
        on = FIRST + day * ONE
        if is_person:
            brings(cards[who], on)
        else:
            TransactionFactory(card=cards[who], amount=Decimal(yuan), posted_date=on)


def equal_to_live(version: CampaignVersion) -> Run:
    """Runs the back-test, and then a live run on each of its days."""
    tested = ran(version, "back_test", first=FIRST, on=FIRST + (DAYS - 1) * ONE)
    given = Grant.objects.filter(campaign=version.campaign)
    assert not given.exists()
    assert not Message.objects.exists()
    live = [ran(version, on=FIRST + day * ONE) for day in range(DAYS)]
    assert has(TrialGrant.objects.filter(run=tested, is_over=False)) == (
        has(given.filter(reversal=None))
    )
    assert has(TrialGrant.objects.filter(run=tested)) == has(given)
    granted = {run.on_date.isoformat(): run.figures["tally"].get("award", {}).get("granted")
               for run in live}  # fmt: skip
    assert by_day(tested) == {day: found for day, found in granted.items() if found}
    for kind in ("party", "tier", "branch"):
        assert summed([tested], kind) == summed(live, kind), kind
    (of_all,) = tested.figures["tally"].get("award", {}).get("granted", [0, "0"])[1:]
    assert sum(summed([tested], "tier").values()) == Decimal(of_all), "tiers add up to all given"
    assert used(version, tested) == used(version, None)
    assert budgets.differences(version.campaign_id) == []
    people = set(given.values_list("customer", flat=True))
    rows = tested.decisions.filter(award="granted")
    assert set(rows.values_list("customer", flat=True)) == people
    assert tested.figures["tally"].get("award", {}).get("granted", [0])[0] == len(people)
    assert sum(rows.values_list("awarded", flat=True)) == sum(
        Decimal(amount) for _count, amount in by_day(tested).values()
    )
    return tested


@pytest.mark.parametrize("case", CASES)
def test_a_back_test_is_the_sum_of_the_live_runs_of_its_days(case: str) -> None:
    mode, tiers = CASES[case]

    @settings(
        max_examples=5, suppress_health_check=list(HealthCheck), database=None,
        phases=[Phase.explicit, Phase.generate],
    )  # fmt: skip
    @given(events=EVENTS, budget=BUDGETS)
    @example(
        events=[(0, 0, 500, True), (0, 1, 500, True), (0, 2, 500, True), (0, 3, 600, True),
                (1, 0, 500, False), (1, 2, 1100, False), (2, 3, 1200, False), (1, 3, 900, False)],
        budget={"total": "100000.00"},
    )  # fmt: skip
    def compare(events: list[Any], budget: dict[str, Any]) -> None:
        with transaction.atomic():
            version = version_with(*tiers, mode=mode, rule=USED, budget=budget)
            happen([card_in_use(spent="50.00") for _number in range(3)], events)
            equal_to_live(version)
            transaction.set_rollback(True)

    compare()


def test_of_a_referrer_each_evening_counts() -> None:
    version = version_with(GENEROUS, mode="each", rule=USED, budget={"total": "1000.00"})
    me = card_in_use()
    found = [brings(me, FIRST + day * ONE) for day in (0, 0, 2, 3)]
    tested = equal_to_live(version)
    assert by_day(tested) == {
        str(FIRST): [1, "60.00"], str(FIRST + 2 * ONE): [1, "30.00"],
    }  # fmt: skip
    decision = Decision.objects.get(run=tested, customer=me.customer)
    assert (decision.award, decision.awarded, decision.given) == ("granted", Decimal("90.00"), [0])
    assert decision.decided_date == FIRST + 2 * ONE, "that of the evening that gave the last"
    assert tested.figures["tally"]["award"]["granted"] == [1, "90.00"]
    rows = TrialGrant.objects.order_by("slot").values_list("referral", "slot", "granted_date")
    assert list(rows) == [
        (found[0].pk, "friend:1", FIRST), (found[1].pk, "friend:2", FIRST),
        (found[2].pk, "friend:3", FIRST + 2 * ONE),
    ]  # fmt: skip


def test_what_is_entered_for_days_that_are_over_is_made_up_for_in_a_back_test_too() -> None:
    """Points that follow spending: a refund of a later day lessens the sum, a purchase adds."""
    CategoryFactory(mcc="5411", name="超市", name_en="Groceries", scenario="groceries")
    days = TRIPLE["spending"] | {"last_date": str(FIRST)}
    version = version_with(TRIPLE | {"spending": days}, mode="each", rule=USED)
    card = card_in_use(spent="5.00")
    TransactionFactory(card=card, amount=Decimal("900.00"), mcc="5411", posted_date=FIRST)
    equal_to_live(version)


def test_what_was_granted_before_is_had_and_exchanged_once() -> None:
    version = version_with(*LADDERS["cash"], mode="highest", rule=USED)
    card = card_in_use(spent="150.00")
    ran(version, on=FIRST)
    TransactionFactory(card=card, amount=Decimal("1000.00"), posted_date=FIRST + ONE)
    TransactionFactory(card=card, amount=Decimal("1000.00"), posted_date=FIRST + 2 * ONE)
    tested = ran(version, "back_test", first=FIRST + ONE, on=FIRST + 3 * ONE)
    assert by_day(tested) == {
        str(FIRST + ONE): [1, "15.00"], str(FIRST + 2 * ONE): [1, "30.00"],
    }  # fmt: skip
    for day in (1, 2, 3):
        ran(version, on=FIRST + day * ONE)
    assert used(version, tested) == used(version, None)


def test_of_a_gift_that_stays_the_only_one_nobody_is_asked_again() -> None:
    version = version_with(tier(kind="gift"), rule=USED)
    card_in_use(spent="50.00")
    tested = ran(version, "back_test", first=FIRST, on=FIRST + 3 * ONE)
    assert by_day(tested) == {str(FIRST): [1, "10.00"]}
    assert not TrialGrant.objects.exists(), "what nobody will read is not kept"
