"""Spending that comes, or is entered, after something was given: whatever the order of runs and
postings, the same stands in the end, once, and within stock and budget."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from campaigns.budgets import queries as budgets
from campaigns.models import BudgetLimit, CampaignVersion, Decision, Grant, GrantReversal
from campaigns.planning.rules import plans, wording
from journeys.models import Card, Message, Transaction
from tests.campaigns.rewards.test_multiples import TRIPLE, balance, ran, version_of
from tests.factories.campaigns import ON, PLAN, TIER, card_in_use
from tests.factories.journeys import DAY, TransactionFactory
from tests.factories.rewards import tier, used_of

pytestmark = pytest.mark.django_db
ONE = dt.timedelta(days=1)
WINDOW = 65
Has = tuple[str, Decimal, int | None]
Post = tuple[int, int, bool]  # the day, cents, whether of what is multiplied


def spent(at_least: int) -> dict[str, Any]:
    return {"kind": "spending_in_window", "days": WINDOW, "last_day": "inside",
            "at_least": at_least}  # fmt: skip


ASKED = {"low": 100, "middle": 1000, "high": 2000}
LADDERS: dict[str, list[dict[str, Any]]] = {
    "cash": [
        tier(code, value, needs=spent(ASKED[code]), stock=1)
        for code, value in (("low", "5.00"), ("middle", "20.00"), ("high", "50.00"))
    ],
    "points": [
        tier(code, value, kind="points", points=points, needs=spent(ASKED[code]))
        for code, value, points in (("low", "5.00", 500), ("middle", "20.00", 2000),
                                    ("high", "50.00", 5000))
    ],
    "mixed": [
        tier("low", "5.00", kind="gift", needs=spent(ASKED["low"]), stock=1),
        tier("middle", "20.00", kind="points", points=2000, needs=spent(ASKED["middle"])),
        tier("high", "50.00", kind="benefit", needs=spent(ASKED["high"])),
        TRIPLE | {"budget": "20.00"},
    ],
    "multiple": [TRIPLE],
}  # fmt: skip
POSTS = st.tuples(st.integers(0, WINDOW - 1), st.integers(100, 90_000), st.booleans())
BIG = (3, 90_000, True)
STEPS = st.lists(st.one_of(POSTS, st.integers(0, WINDOW)), max_size=6)
# Each ladder in each mode in which the order of the runs may make no difference: where the highest
# alone counts, a gift that was given stays, as customers are told.
CASES = [
    ("cash", "each"), ("points", "each"), ("mixed", "each"), ("multiple", "each"),
    ("cash", "highest"), ("points", "highest"), ("multiple", "highest"),
]  # fmt: skip


def expected(ladder: str, mode: str, posts: Sequence[Post]) -> Counter[Has]:
    """What the customer has in the end, from all that was spent and nothing else."""
    total = 5_000 + sum(cents for _day, cents, _is_grocery in posts)
    groceries = sum(cents for _day, cents, is_grocery in posts if is_grocery)
    found: list[Has] = []
    for one in LADDERS[ladder]:
        if one["code"] == "triple":
            points = min(10_000, 2 * (groceries // 100))
            if points:
                # 10,000 points are worth 20.00; a part of a cent is one.
                found.append(("triple", Decimal(-(-points * 2000 // 10_000)) / 100, points))
        elif total >= ASKED[one["code"]] * 100:
            found.append((one["code"], Decimal(one["value"]), one.get("points")))
    return Counter(found if mode == "each" else found[-1:])


def standing() -> Counter[Has]:
    rows = Grant.objects.filter(reversal=None).values_list("reward", "amount", "points")
    return Counter(tuple(row) for row in rows)


def begin(ladder: str, mode: str, **changes: Any) -> tuple[CampaignVersion, Card]:
    version = version_of(*LADDERS[ladder], mode=mode, **changes)
    return version, card_in_use(spent="50.00")


def post(card: Card, day: int, cents: int, is_grocery: bool) -> None:
    TransactionFactory(
        card=card, amount=Decimal(cents) / 100, mcc="5411" if is_grocery else "5812",
        posted_date=DAY + day * ONE,
    )  # fmt: skip


def held_against(version: CampaignVersion, card: Card, has: Counter[Has]) -> None:
    """What the books say goes with what the customer has."""
    assert standing() == has
    worth = sum((amount for _reward, amount, _points in has), Decimal("0.00"))
    assert (used_of(version, "campaign") or 0) == worth
    for reward in {one["code"] for one in version.content["rewards"]["tiers"]}:
        is_there = [amount for code, amount, _points in has if code == reward]
        assert (used_of(version, "stock", reward) or 0) == len(is_there)
        assert (used_of(version, "tier", reward) or 0) == sum(is_there)
    assert budgets.differences(version.campaign_id) == []
    assert balance(card) == sum(points or 0 for _reward, _amount, points in has)
    assert not GrantReversal.objects.exclude(kind="exchanged").exists()
    assert Message.objects.count() == bool(has), "told once"


@pytest.mark.parametrize(("ladder", "mode"), CASES)
def test_any_order_of_runs_and_postings_ends_in_the_same(ladder: str, mode: str) -> None:
    @settings(
        max_examples=5, suppress_health_check=list(HealthCheck), database=None,
        phases=[Phase.explicit, Phase.generate],
    )  # fmt: skip
    @given(steps=STEPS, late=st.lists(POSTS, max_size=3))
    @example(steps=[BIG, 9], late=[BIG, BIG])
    @example(steps=[], late=[BIG])
    @example(steps=[(0, 100, True)], late=[(0, 100, True)])  # no more cents, and more points
    def compare(steps: list[Any], late: list[Post]) -> None:
        with transaction.atomic():
            version, card = begin(ladder, mode)
            today, posts = DAY, []
            for step in steps:
                if isinstance(step, int):
                    today = max(today, DAY + step * ONE)
                    ran(version, on=today)
                else:
                    posts.append(step)
                    post(card, *step)
            ran(version, on=ON)
            held_against(version, card, expected(ladder, mode, posts))
            for one in late:
                post(card, *one)
            ran(version, on=ON + ONE)
            held_against(version, card, expected(ladder, mode, [*posts, *late]))
            rows = Grant.objects.count()
            again = ran(version, on=ON + ONE)
            assert Grant.objects.count() == rows, "exactly once"
            assert set(again.figures["tally"].get("award", {})) <= {"had_before"}
            transaction.set_rollback(True)

    compare()


def test_the_difference_of_what_is_multiplied_is_given_where_each_tier_adds() -> None:
    version, card = begin("mixed", "each")
    post(card, 3, 50_000, True)
    ran(version)
    assert standing() == expected("mixed", "each", [(3, 50_000, True)])
    post(card, 4, 25_000, True)
    run = ran(version, on=ON + ONE)
    assert list(Decision.objects.filter(run=run).values_list("award", "awarded", "given")) == [
        ("granted", Decimal("1.00"), [3])
    ]
    assert standing()["triple", Decimal("3.00"), 1500] == 1
    rows = Grant.objects.filter(reward="triple").order_by("id")
    assert list(rows.values_list("slot", "round", "points")) == [
        ("triple", 1, 1000), ("triple", 2, 1500),
    ]  # fmt: skip
    assert GrantReversal.objects.get().grant == rows[0]


def test_a_difference_that_fits_no_budget_leaves_what_was_given_and_comes_when_it_fits() -> None:
    version, card = begin("multiple", "each", budget={"total": "100.00", "per_day": "1.50"})
    post(card, 3, 70_000, True)
    ran(version)  # 1,400 points are worth 2.80, more than a day has
    assert standing() == Counter()
    Transaction.objects.filter(mcc="5411").update(amount=Decimal("300.00"))
    ran(version, on=ON + ONE)
    first = Counter([("triple", Decimal("1.20"), 600)])
    assert standing() == first
    post(card, 4, 10_000, True)
    same_day = ran(version, on=ON + ONE)  # 1.60: what is given instead counts on the day of then
    assert list(Decision.objects.filter(run=same_day).values_list("award", "awarded")) == [
        ("had_before", Decimal("0.00"))
    ]
    held_against(version, card, first)
    Transaction.objects.filter(card=card, amount=Decimal("100.00")).update(amount=Decimal("70.00"))
    ran(version, on=ON + 2 * ONE)
    held_against(version, card, Counter([("triple", Decimal("1.48"), 740)]))


def test_what_runs_out_gives_the_next_tiers_that_fit_and_the_rest_later() -> None:
    version, card = begin("cash", "each", budget={"total": "30.00"})
    post(card, 3, 90_000, True)
    ran(version)
    assert standing() == Counter([("low", Decimal("5.00"), None)])
    post(card, 4, 150_000, False)
    ran(version, on=ON + ONE)  # 20 fit, 50 do not
    both = Counter([("low", Decimal("5.00"), None), ("middle", Decimal("20.00"), None)])
    held_against(version, card, both)
    BudgetLimit.objects.filter(book__run=None, kind__in=["campaign", "party"]).update(
        planned="75.00", most="75.00"
    )
    held_against(version, card, both)


FURTHER = (
    "Whoever reaches a further one later, while the promotion runs, is given that one as well."
)
DIFFERENCE = "Whoever reaches a higher one of the same kind later is given the difference."
ONLY_ONE = (
    "A gift or a benefit that was given stays the only one, and nothing of another kind is given "
    "later instead, even where a higher one is reached."
)


@pytest.mark.parametrize("language", wording.LANGUAGES)
@pytest.mark.parametrize(("mode", "kinds", "later", "difference", "stays"), [
    ("each", ["gift", "gift"], True, False, False),
    ("each", ["cash_back", "cash_back"], True, False, False),
    ("each", ["gift"], False, False, False),
    ("highest", ["gift"], False, False, False),
    ("highest", ["cash_back", "cash_back"], False, True, False),
    ("highest", ["gift", "gift"], False, False, True),
    ("highest", ["gift", "cash_back"], False, False, True),
    ("highest", ["cash_back", "gift", "cash_back"], False, True, True),
])  # fmt: skip
def test_customers_read_what_becomes_of_those_who_reach_more_later(
    mode: str, kinds: list[str], later: bool, difference: bool, stays: bool, language: str
) -> None:
    tiers = [TIER | {"code": f"t{at}", "kind": kind} for at, kind in enumerate(kinds)]
    raw = {name: value for name, value in PLAN.items() if name != "code"}
    plan = plans.read_plan(raw | {"rewards": {"mode": mode, "tiers": tiers}})
    with translation.override(language):
        texts = {one.text for one in wording.rewards(plan, wording.Names())}
        sentences = [translation.gettext(one) for one in (FURTHER, DIFFERENCE, ONLY_ONE)]
    assert [one in texts for one in sentences] == [later, difference, stays]
