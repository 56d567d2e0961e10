"""What is left runs out in the middle: who is given what, as the published text says it."""

import itertools
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from campaigns.budgets.rules import WHOLE, Account, Charge, Purse, cents, yuan
from campaigns.eligibility import queries
from campaigns.models import Grant
from campaigns.planning.rules import plans, wording
from campaigns.planning.rules.rewards import Rewards
from campaigns.rewards import rules
from campaigns.rewards.rules import Candidate, Customer, Gift
from tests.campaigns.rewards.test_multiples import (
    SPENDING,
    TRIPLE,
    USED,
    ran,
    spender,
    version_of,
)
from tests.factories.campaigns import PLAN, TIER

TOTAL = ("campaign", "")
# A fixed tier, and one above it that multiplies: 3,000.00 come to 6,000 points worth 12.00.
FIXED = TIER | {"code": "fixed", "kind": "points", "points": 2_000, "value": "5.00"}
MULTIPLE = TRIPLE | {"code": "triple", "spending": SPENDING | {"at_least": "100.00"}}
SPENT = (50_000, 300_000, 900_000)  # cents: 1,000 points for 2.00; 6,000 for 12.00; all, 20.00
Has = tuple[tuple[str, int | None, str], ...]


def plan_of(mode: str, *tiers: dict[str, Any], **changes: Any) -> plans.Plan:
    raw: dict[str, Any] = {name: value for name, value in PLAN.items() if name != "code"}
    rewards = {"mode": mode, "tiers": list(tiers)}
    return plans.read_plan(raw | {"rule": USED, "rewards": rewards} | changes)


class Till:
    """The purse of a campaign with one total, and stock of the tiers that have one."""

    def __init__(self, total: int, stock: dict[str, int]) -> None:
        accounts = {TOTAL: Account(0, total)}
        accounts |= {("stock", code): Account(0, 100 * units) for code, units in stock.items()}
        self.purse = Purse(accounts, {"bank": WHOLE})

    def give(self, gifts: Any) -> str:
        done = []
        for gift in gifts:
            if refusal := self.purse.refusal(self._charge(gift)):
                for one in done:
                    self.purse.undo(one)
                return refusal
            done.append(self.purse.book(self._charge(gift)))
        return ""

    def fits(self, gift: Gift) -> bool:
        return not self.purse.refusal(self._charge(gift))

    def _charge(self, gift: Gift) -> Charge:
        return Charge(gift.tier.code, cents(gift.tier.value), (TOTAL,))


def chosen(rewards: Rewards, spent: int, till: Till, reached: tuple[int, ...] = (0, 1)) -> Has:
    one = Candidate(1, 1, 1, reached, {1: yuan(spent)})
    _answer, gifts = rules.choose(rewards, one, Customer(True), till)
    return tuple((gift.tier.code, gift.tier.points, str(gift.tier.value)) for gift in gifts)


def expected(mode: str, spent: int, total: int, stock: dict[str, int]) -> Has:
    """What the published text promises, reckoned by itself."""
    points = min(10_000, 2 * (spent // 100))
    worth = Decimal(points) / 500  # 10,000 points for 20.00
    offers = [("fixed", 2_000, Decimal(5)), ("triple", points, worth)]
    fitting = [
        chosen
        for count in (1, 2)
        for chosen in itertools.combinations(offers, count)
        if (mode == "each" or count == 1)
        and sum(cents(one[2]) for one in chosen) <= total
        and all(stock.get(one[0], 1) for one in chosen)
    ]
    best = max(fitting, key=lambda found: sum(one[2] for one in found), default=())
    return tuple((code, number, f"{value:.2f}") for code, number, value in best)


STOCKS: list[dict[str, int]] = [
    {}, {"triple": 1}, {"triple": 0}, {"fixed": 0}, {"triple": 0, "fixed": 0},
]  # fmt: skip


@pytest.mark.parametrize("mode", ["highest", "each"])
def test_the_next_that_fits_is_given_and_nothing_in_part(mode: str) -> None:
    """Each sum that may be left, to the cent around each edge, with each stock and spending."""
    rewards = plan_of(mode, FIXED, MULTIPLE).rewards
    edges = {0, 200, 500, 700, 1_200, 1_700, 2_000, 2_500}
    sums = sorted({edge + by for edge in edges for by in (-1, 0, 1) if edge + by >= 0})
    seen = set()
    for spent, total, stock in itertools.product(SPENT, sums, STOCKS):
        found = sorted(chosen(rewards, spent, Till(total, stock)))
        assert found == sorted(expected(mode, spent, total, stock)), (spent, total, stock)
        seen.add(tuple(code for code, _points, _value in found))
    both = {("fixed", "triple")} if mode == "each" else set()
    assert seen == {(), ("fixed",), ("triple",)} | both


# --- in runs, and in what customers read --------------------------------------------------------
SHORT = (
    "Where what is left of a number or sum named here is not enough for {what}; none is given in "
    "part."
)
NEXT = SHORT.format(
    what="the highest that is reached, the next one reached for which it is enough is given"
)
ALL = SHORT.format(what="all of them, those are given that are worth most together")
NONE = (
    "Where what is left of a number or sum named here is not enough for all of a customer's "
    "points, that customer is given none of them."
)


@pytest.mark.parametrize(("mode", "tiers", "said"), [
    ("highest", (FIXED, MULTIPLE), NEXT), ("each", (FIXED, MULTIPLE), ALL),
    ("highest", (MULTIPLE,), NONE), ("highest", (FIXED,), None),
])  # fmt: skip
def test_customers_read_what_is_given_where_not_enough_is_left(
    mode: str, tiers: tuple[dict[str, Any], ...], said: str | None
) -> None:
    with translation.override("en"):
        texts = {one.text for one in wording.rewards(plan_of(mode, *tiers), wording.Names())}
        unbounded = {
            one.text for one in wording.rewards(plan_of(mode, *tiers, budget={}), wording.Names())
        }
    assert {one for one in (NEXT, ALL, NONE) if one in texts} == ({said} if said else set())
    assert unbounded.isdisjoint({NEXT, ALL, NONE}), "nothing can run out"


@pytest.mark.django_db
@pytest.mark.parametrize(("mode", "left", "given"), [
    # The second in turn comes to 6,000 points, worth 12.00, and is left with so much.
    ("highest", "12.00", ["triple", "triple"]), ("highest", "11.99", ["triple", "fixed"]),
    ("highest", "4.99", ["triple"]), ("each", "16.99", ["both", "triple"]),
    ("each", "11.99", ["both", "fixed"]), ("each", "17.00", ["both", "both"]),
])  # fmt: skip
def test_a_run_gives_the_same(mode: str, left: str, given: list[str]) -> None:
    first = Decimal("17.00") if mode == "each" else Decimal("12.00")
    version = version_of(FIXED, MULTIPLE, mode=mode, budget={"total": str(first + Decimal(left))})
    for _number in range(2):
        spender("3000.00")
    dry, live = ran(version, "dry_run"), ran(version)
    assert queries.figures_of(dry).given == queries.figures_of(live).given
    had: dict[int, list[str]] = {}
    for card, code in Grant.objects.order_by("card", "reward").values_list("card", "reward"):
        had.setdefault(card, []).append(code)
    assert [one[0] if len(one) == 1 else "both" for _card, one in sorted(had.items())] == given
