"""One person under several customer numbers, asked for at the same instant: one reward."""

from collections import Counter

import pytest

from campaigns.models import Grant
from journeys.models import Card
from tests.factories.journeys import CustomerFactory
from tests.factories.rewards import ask, candidate, used_card, version_with
from tests.races.threads import in_threads

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
