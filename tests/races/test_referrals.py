"""Many at once about persons brought: no customer is rewarded beyond the cap, nobody for the same
person twice, and no circle is closed. The rows are looked at by reckoning of their own."""

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from campaigns.models import Grant
from campaigns.rewards import operations as rewards
from campaigns.rewards.rules import Candidate
from journeys.models import Referral
from journeys.referrals import operations as referrals
from portal.staff.access import Scope
from tests.campaigns.rewards.test_persons import FOR_EACH, FRIEND
from tests.factories.journeys import DAY, ApplicationFactory, CardFactory, CustomerFactory
from tests.factories.portal import StaffFactory
from tests.factories.rewards import AT, ON, ask, run_of, used_of, version_with
from tests.project.rows import row_of
from tests.races.threads import in_threads

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS, CAP = 12, 5


@pytest.mark.parametrize("rounds", [1, pytest.param(20, marks=pytest.mark.chaos)])
def test_the_cap_holds_and_each_person_is_rewarded_once(rounds: int) -> None:
    for number in range(rounds):
        _race_for_the_cap(f"race-{number}")


def _race_for_the_cap(code: str) -> None:
    """Each writer knows of other persons, some of whom several know of."""
    tier = FRIEND | {"for_each": FOR_EACH | {"most": CAP}}
    version = version_with(tier, mode="each", code=code, budget={"total": "100000.00"})
    run = run_of(version)
    cards = [CardFactory(activated_date=DAY, first_used_date=DAY) for _number in range(2)]
    brought = {
        card.pk: [row_of("journeys.Referral", referrer=card.customer).pk for _number in range(16)]
        for card in cards
    }

    def give(place: int) -> list[tuple[int, int]]:
        found = []
        for card in cards if place % 2 else cards[::-1]:
            known = tuple(brought[card.pk][place : place + 3])
            one = Candidate(
                card.customer_id, card.pk, card.customer.branch_id, (0,), {}, {0: known}
            )
            (answer,) = ask(version, [one], run=run)
            found.append((card.pk, len(answer.tiers)))
        return found

    told = Counter[int]()
    for each in in_threads(WRITERS, give):
        for card, count in each:
            told[card] += count
    rows = Grant.objects.filter(campaign=version.campaign)
    for card in cards:
        mine = list(rows.filter(card=card).values_list("referral", "place"))
        assert len(mine) == told[card.pk] == CAP
        assert sorted(place for _who, place in mine) == list(range(1, CAP + 1))
        assert len({who for who, _place in mine}) == CAP
    assert used_of(version, "campaign") == Decimal(30) * 2 * CAP


def test_the_database_alone_holds_the_cap_and_the_person() -> None:
    """Writers that ask nobody: the rows themselves are refused."""
    card = CardFactory(activated_date=DAY, first_used_date=DAY)
    version = version_with(FRIEND, mode="each")
    run = run_of(version)
    referrals = [row_of("journeys.Referral", referrer=card.customer) for _number in range(8)]

    def write(place: int) -> bool:
        nth = place % CAP + 1
        values: dict[str, Any] = {
            "run": run, "card": card, "reward": "friend", "slot": f"friend:{nth}", "place": nth,
            "most": CAP, "referral": referrals[place % 8],
        }  # fmt: skip
        try:
            with transaction.atomic():
                row_of("campaigns.Grant", **values)
        except IntegrityError:
            return False
        return True

    assert sum(in_threads(16, write)) == Grant.objects.count() == CAP
    assert Grant.objects.values("referral").distinct().count() == CAP


def test_of_those_who_would_close_a_circle_together_one_is_refused() -> None:
    people = [CustomerFactory() for _number in range(8)]
    filed = [ApplicationFactory(customer=one) for one in people]

    def write(place: int) -> bool:
        """Each was brought by the next, the last by the first."""
        try:
            with transaction.atomic():
                row_of(
                    "journeys.Referral", application=filed[place],
                    referrer=people[(place + 1) % len(people)],
                )  # fmt: skip
        except IntegrityError:
            return False
        return True

    assert sum(in_threads(len(people), write)) == len(people) - 1
    links = dict(Referral.objects.values_list("referred", "referrer"))
    for start in links:
        at, steps = start, 0
        while at in links and steps <= len(people):
            at, steps = links[at], steps + 1
        assert steps < len(people), "a circle"


def test_of_withdrawing_and_granting_at_once_nothing_stands_for_what_was_withdrawn() -> None:
    """Whoever commits last sees the other: either nothing is granted, or it is taken back."""
    tier = FRIEND | {"for_each": FOR_EACH | {"most": CAP}}
    version = version_with(tier, mode="each", budget={"total": "100000.00"})
    run = run_of(version)
    clerk = StaffFactory(role="branch_manager")
    cards = [CardFactory(activated_date=DAY, first_used_date=DAY) for _number in range(8)]
    said = {card.pk: row_of("journeys.Referral", referrer=card.customer) for card in cards}

    def act(place: int) -> None:
        for card in cards:
            if place == 0:
                known = {0: (said[card.pk].pk,)}
                one = Candidate(card.customer_id, card.pk, card.customer.branch_id, (0,), {}, known)
                ask(version, [one], run=run)
            else:
                withdraw(said[card.pk])

    def withdraw(row: Referral) -> bool:
        try:
            referrals.withdraw_referral(
                referral_id=row.pk, reason="x", scope=Scope(branch_path=""), actor=clerk, at=AT
            )
        except referrals.ReferralRefused:
            return False
        return True

    in_threads(3, act)  # one grants, two withdraw
    assert Referral.objects.filter(withdrawn_at=None).count() == 0
    rewards.reopen_grants(on=ON, at=AT)
    assert Grant.objects.filter(reversal=None).count() == 0
    assert used_of(version, "campaign") in (None, 0)
