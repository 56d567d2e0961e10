"""One person under several customer numbers, asked for at the same instant: one reward, and of an
exclusive group, or of campaigns that rule out each other, one campaign's."""

import threading
from collections import Counter
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, transaction

from campaigns.flash import operations as flash
from campaigns.models import FlashClaim, Grant
from journeys.models import Card, Customer
from tests.campaigns.rewards.test_groups import group, of_group
from tests.factories import flash as sales
from tests.factories.campaigns import AT, ON, TIER, approved
from tests.factories.journeys import CustomerFactory
from tests.factories.rewards import ask, candidate, run_of, used_card, version_with
from tests.races.threads import in_threads, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("people", [10, pytest.param(300, marks=pytest.mark.chaos)])
def test_workers_that_ask_for_a_persons_numbers_at_once_give_one(people: int) -> None:
    version = version_with(budget={"total": "1000000.00"})
    cards: list[list[Card]] = [[] for _ in range(4)]
    for person in range(people):
        for mine in cards:
            customer = CustomerFactory(id_number=f"44030519880615{person:04}")
            mine.append(used_card(customer=customer))

    def give(place: int) -> dict[str, int]:
        found: Counter[str] = Counter()
        for card in cards[place] if place % 2 else cards[place][::-1]:
            found.update(one.answer for one in ask(version, [candidate(card)]))
        return dict(found)

    told: Counter[str] = Counter()
    for one in in_threads(4, give):
        told.update(one)
    assert told == Counter(granted=people, same_person=3 * people)
    assert Grant.objects.values("customer__bearer").distinct().count() == people
    assert Grant.objects.count() == people


def numbers_of(people: int, numbers: int) -> list[list[Card]]:
    """The cards of people, each of whom has so many customer numbers; a list for each number."""
    found: list[list[Card]] = [[] for _ in range(numbers)]
    for person in range(people):
        for mine in found:
            customer = CustomerFactory(id_number=f"44030519880615{person:04}")
            mine.append(used_card(customer=customer))
    return found


@pytest.mark.parametrize("of_one_group", [False, True])
def test_rows_that_are_written_past_the_rewards_at_once_give_one(of_one_group: bool) -> None:
    """The second one waits for the first, whoever wrote it, and sees it."""
    if of_one_group:
        one = group()
        versions = [of_group("a", one), of_group("b", one)]
        more: dict[str, Any] = {"group": one, "held": (ON, None)}
    else:
        versions, more = [version_with()] * 2, {}
    runs = [run_of(version) for version in versions]
    cards = [mine[0] for mine in numbers_of(1, 2)]
    is_written = threading.Event()

    def write(place: int) -> str:
        if place:
            assert is_written.wait(60)
        try:
            with transaction.atomic():
                Grant.objects.create(
                    campaign=versions[place].campaign, version=versions[place], run=runs[place],
                    customer=cards[place].customer, card=cards[place], reward="first-gift",
                    amount=1, granted_date=ON, granted_at=AT, **more,
                )  # fmt: skip
                if not place:
                    is_written.set()
                    wait_for(1)
        except DatabaseError as refused:
            cause = refused.__cause__
            return str(isinstance(cause, psycopg.Error) and cause.diag.constraint_name)
        return "given"

    guard = "grant_one_campaign_for_bearer" if of_one_group else "grant_once_for_bearer"
    assert in_threads(2, write) == ["given", guard]
    assert Grant.objects.get().card == cards[0]


@pytest.mark.parametrize("rival", ["group", "named"])
@pytest.mark.parametrize("people", [12, pytest.param(300, marks=pytest.mark.chaos)])
def test_campaigns_that_rule_each_other_out_give_a_person_one_reward(
    people: int, rival: str
) -> None:
    points = {"mode": "highest", "tiers": [TIER | {"kind": "points", "points": 100}]}
    if rival == "group":
        one = group()
        versions = [of_group("a", one, rewards=points), of_group("b", one)]
    else:
        approved(code="b", name="b", name_en="b")
        rules = [{"kind": "not_in_campaign", "campaigns": [code]} for code in "ba"]
        versions = [approved(code="a", name="a", name_en="a", rule=rules[0], rewards=points)]
        versions.append(approved(code="b", name="b", name_en="b", rule=rules[1]))
    cards = numbers_of(people, 2)

    def give(place: int) -> Counter[str]:
        found: Counter[str] = Counter()
        mine = cards[place % 2] if place < 2 else cards[place % 2][::-1]
        for start in range(0, people, 5):
            asked = [candidate(card) for card in mine[start : start + 5]]
            found.update(one.answer for one in ask(versions[place % 2], asked))
        return found

    told = sum(in_threads(4, give), Counter[str]())
    holders = Counter(
        bytes(one) for one in Grant.objects.values_list("customer__bearer", flat=True)
    )
    assert set(holders.values()) == {1}
    assert told["granted"] == len(holders) == people


@pytest.mark.parametrize("by_rows", [False, True])
@pytest.mark.parametrize("people", [8, pytest.param(100, marks=pytest.mark.chaos)])
def test_numbers_of_a_person_that_claim_at_once_hold_one_unit(people: int, by_rows: bool) -> None:
    """Each person asks under two numbers, by two processes for each; there is enough for all."""
    sale = sales.open_sale(2 * people)
    numbers = sales.qualified(sale, 2 * people)
    for person in range(people):
        known = CustomerFactory.build(id_number=f"44030519880615{person:04}")
        seal = {name: getattr(known, name)
                for name in ("id_number_sealed", "id_number_index", "bearer")}  # fmt: skip
        Customer.objects.filter(number__in=numbers[person::people]).update(**seal)
    ways = [flash.claim_by_rows] * 4 if by_rows else [flash.claim, flash.claim_by_rows] * 2

    def claim(place: int) -> Counter[str]:
        found: Counter[str] = Counter()
        mine = numbers[:people] if place < 2 else numbers[people:]
        for start in range(0, people, 4):
            asked = mine[start : start + 4]
            told = ways[place](sale=sale, numbers=asked, at=sale.opens_at)
            found.update(one.answer.value for one in told)
        return found

    told = sum(in_threads(4, claim), Counter[str]())
    holders = FlashClaim.objects.values_list("customer__bearer", flat=True)
    assert len(holders) == len({bytes(one) for one in holders}) == people
    assert told == Counter(held=2 * people, same_person=2 * people)
