"""Rewards are taken back for what a refund undid alone: never for a move, a birthday, a consent."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.models import CampaignVersion, Grant
from campaigns.planning.rules import plans
from campaigns.rewards import operations as rewards
from campaigns.rewards import queries
from journeys.models import Card, Consent, Customer, Transaction
from tests.campaigns.rewards.test_reopening import DECIDED, day, granted, refund
from tests.factories.journeys import DAY, ConsentFactory, TransactionFactory
from tests.factories.portal import BranchFactory
from tests.factories.rewards import AT, ON, ask, candidate, run_of, used_card
from tests.factories.rewards import version_with as plan_with

pytestmark = pytest.mark.django_db

NEEDED, WINDOW, DAYS = 500, 65, 90
SPENT: dict[str, Any] = {
    "kind": "spending_in_window", "days": WINDOW, "last_day": "inside", "at_least": "500.00",
}  # fmt: skip
YOUNG = {"kind": "age", "at_least": 18, "at_most": 25}
AGREED = {"kind": "consent", "purpose": "marketing", "channel": "sms"}


def instant(number: int) -> dt.datetime:
    return dt.datetime.combine(day(number), dt.time(4), dt.UTC)


def grant_to(version: CampaignVersion, card: Card) -> None:
    run = run_of(version)
    type(run).objects.filter(pk=run.pk).update(on_date=DECIDED, started_at=AT - (ON - DECIDED))
    card = Card.objects.select_related("customer").get(pk=card.pk)
    (award,) = ask(version, [candidate(card)], run=run, on=DECIDED)
    assert award.answer == "granted"


def move(card: Card) -> None:
    Customer.objects.filter(pk=card.customer_id).update(branch=BranchFactory())


def turn_26(card: Card) -> None:
    born = day(20).replace(year=day(20).year - 26)
    Customer.objects.filter(pk=card.customer_id).update(birth_date=born)


def withdraw(card: Card) -> None:
    ConsentFactory(
        customer=card.customer, is_granted=False, text=None, effective_at=instant(20),
        recorded_at=instant(20),
    )  # fmt: skip


@pytest.mark.parametrize("becomes", [move, turn_26, withdraw])
@pytest.mark.parametrize("on", [day(5), day(20)])  # counted when it was decided, or posted later
def test_what_becomes_of_the_customer_beside_a_small_refund_takes_nothing_back(
    becomes: Any, on: dt.date
) -> None:
    home = BranchFactory()
    at_home = {"kind": "branch", "branches": [home.code]}
    version = plan_with(rule={"all": [at_home, YOUNG, AGREED, SPENT]})
    card = used_card(issued_date=DAY)
    born = day(40).replace(year=day(40).year - 25)
    Customer.objects.filter(pk=card.customer_id).update(branch=home, birth_date=born)
    ConsentFactory(customer=card.customer, effective_at=instant(-30))
    TransactionFactory(card=card, amount=Decimal(900), posted_date=DAY)
    if on < DECIDED:
        refund(card, "1.00", on)
    grant_to(version, card)
    if on > DECIDED:
        refund(card, "1.00", on)
    becomes(card)
    assert rewards.reopen_grants(on=ON, at=AT) == 0


def test_who_turns_too_old_after_a_refund_that_undid_it_does_not_keep_it() -> None:
    version = plan_with(rule={"all": [YOUNG, SPENT]})
    card = used_card(issued_date=DAY)
    turn_26(card)
    TransactionFactory(card=card, amount=Decimal(600), posted_date=DAY)
    grant_to(version, card)
    refund(card, "100.01", day(15))
    assert rewards.reopen_grants(on=day(30), at=AT) == 1


def test_spending_that_made_up_before_the_birthday_keeps_it() -> None:
    version = plan_with(rule={"all": [YOUNG, SPENT]})
    card = used_card(issued_date=DAY)
    turn_26(card)
    TransactionFactory(card=card, amount=Decimal(600), posted_date=DAY)
    grant_to(version, card)
    refund(card, "100.01", day(15))
    TransactionFactory(card=card, amount=Decimal("0.01"), posted_date=day(17))
    assert rewards.reopen_grants(on=day(30), at=AT) == 0


@dataclass
class World:
    """What happens to a customer: amounts by day, refunds below zero."""

    posted: Sequence[tuple[int, int]]
    birthday: int  # the day on which the customer turns 26
    withdrawn: int
    moves: bool
    names: Sequence[str] = field(default=("spent", "young", "agreed", "home"))
    join: str = "all"

    def holds(self, on: int, *, refunded: bool) -> bool:
        spent = sum(
            amount
            for number, amount in self.posted
            if number <= min(on, WINDOW) and (refunded or amount > 0)
        )
        found = {
            "spent": spent >= NEEDED, "young": on < self.birthday, "agreed": on < self.withdrawn,
            "home": not self.moves,
        }  # fmt: skip
        verdicts = [found[name] for name in self.names]
        return all(verdicts) if self.join == "all" else any(verdicts)

    def lost_on(self, decided: int, on: int) -> int | None:
        """The first day of a refund from which on it would be held but for refunds, and is not."""
        refunds = {max(number, decided) for number, amount in self.posted if amount < 0}
        for number in sorted(one for one in refunds if one <= on):
            differs = self.holds(number, refunded=False) and not self.holds(number, refunded=True)
            later = range(number, on + 1)
            if differs and not any(self.holds(one, refunded=True) for one in later):
                return number
        return None


@st.composite
def worlds(draw: st.DrawFn) -> World:
    near = st.integers(0, DAYS)
    amount = st.sampled_from([100, 300, 499, 500, 501, -1, -100, -300, -500])
    names = draw(st.lists(st.sampled_from(["young", "agreed", "home"]), max_size=3, unique=True))
    return World(
        draw(st.lists(st.tuples(near, amount), max_size=7)), draw(near), draw(near),
        draw(st.booleans()), ["spent", *names], draw(st.sampled_from(["all", "any"])),
    )  # fmt: skip


@settings(
    max_examples=150, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(world=worlds(), decided=st.integers(0, 30), on=st.integers(30, DAYS))
def test_it_is_undone_exactly_where_the_verdict_of_the_same_day_differs(
    world: World, decided: int, on: int
) -> None:
    with transaction.atomic():
        grant, plan = in_the_bank(world, decided)
        lost = queries.undone(
            plan, None, grant, decided=day(decided), on=day(on),
            refund_days=[day(n) for n, amount in world.posted if amount < 0 and n <= on],
        )  # fmt: skip
        expected = world.lost_on(decided, on)
        assert (lost and lost.day) == (None if expected is None else day(expected))
        transaction.set_rollback(True)


def in_the_bank(world: World, decided: int) -> tuple[Grant, plans.Plan]:
    """The rows of a world, and a grant decided on a day (given whatever held then)."""
    home = BranchFactory()
    known = {
        "spent": SPENT, "young": YOUNG, "agreed": AGREED,
        "home": {"kind": "branch", "branches": [home.code]},
    }  # fmt: skip
    version = plan_with(rule={world.join: [known[name] for name in world.names]})
    card = granted_card(version, decided)
    born = day(world.birthday).replace(year=day(world.birthday).year - 26)
    branch = BranchFactory() if world.moves else home
    Customer.objects.filter(pk=card.customer_id).update(branch=branch, birth_date=born)
    ConsentFactory(customer=card.customer, effective_at=instant(-30))
    Consent.objects.bulk_create(
        [
            ConsentFactory.build(
                customer=card.customer, is_granted=False, text=None,
                effective_at=instant(world.withdrawn), recorded_at=instant(world.withdrawn),
            )
        ]
    )  # fmt: skip
    for number, amount in world.posted:
        kind = "purchase" if amount > 0 else "refund"
        TransactionFactory(card=card, kind=kind, amount=Decimal(amount), posted_date=day(number))
    assert Transaction.objects.count() == len(world.posted)
    return Grant.objects.get(), plans.plan_of(version.content)


def granted_card(version: CampaignVersion, decided: int) -> Card:
    card = used_card(issued_date=DAY)
    (award,) = ask(version, [candidate(card)], on=day(decided))
    assert award.answer == "granted"
    return card


def test_days_of_which_many_are_asked_at_once_are_told_as_one_by_one() -> None:
    version = plan_with()
    card = granted(version, "600.00")
    refund(card, "100.01", day(20))
    refund(card, "600.00", day(22))
    grant, plan = Grant.objects.get(), plans.plan_of(version.content)
    found = queries.undone(
        plan, None, grant, decided=DECIDED, refund_days=[day(20), day(22)], on=ON
    )
    assert found == queries.failure_of(plan, None, grant, day(20))
