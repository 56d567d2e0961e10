"""One person under several customer numbers has the reward of a campaign once."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest

from campaigns.eligibility import queries
from campaigns.eligibility import rules as eligibility_rules
from campaigns.flash import operations as flash
from campaigns.flash.enums import ClaimAnswer
from campaigns.models import Decision, FlashClaim, Grant, GrantReversal
from journeys.models import Card, Customer
from tests.campaigns.rewards.test_multiples import USED, ran
from tests.factories import flash as sales
from tests.factories.campaigns import AT, ON, TIER, approved, card_in_use
from tests.factories.journeys import CustomerFactory
from tests.factories.rewards import ask, candidate, used_card, version_with

pytestmark = pytest.mark.django_db
ID = "440305198806150034"
OTHER_ID = "440305199001010017"


def two_cards() -> tuple[Card, Card]:
    first = used_card(customer=CustomerFactory(id_number=ID))
    return first, used_card(customer=CustomerFactory(id_number=ID))


def answers(version: Any, cards: Sequence[Card], **how: Any) -> list[str]:
    return [one.answer for one in ask(version, [candidate(card) for card in cards], **how)]


@pytest.mark.parametrize("is_live", [True, False])
def test_of_two_numbers_asked_for_at_once_the_first_is_given(is_live: bool) -> None:
    version = version_with(budget={"total": "1000.00"})
    first, second = two_cards()
    stranger = used_card(customer=CustomerFactory(id_number=OTHER_ID))
    unknown = [used_card(customer=CustomerFactory()) for _ in range(2)]
    found = answers(version, [first, second, stranger, *unknown], is_live=is_live)
    assert found == ["granted", "same_person", "granted", "granted", "granted"]
    assert Grant.objects.count() == 4 * is_live


def test_who_has_it_under_another_number_is_given_nothing_until_that_is_taken_back() -> None:
    version = version_with(budget={"total": "1000.00"})
    first, second = two_cards()
    assert answers(version, [first]) == ["granted"]
    assert answers(version, [second]) == ["same_person"]
    assert answers(version, [first]) == ["had_before"]
    # Another campaign asks for itself.
    other = version_with(budget={"total": "1000.00"}, code="second")
    assert answers(other, [second]) == ["granted"]
    grant = Grant.objects.get(card=first)
    GrantReversal.objects.create(
        grant=grant, kind="condition_lost", on_date=ON, failed_at=0, at=AT
    )  # fmt: skip
    assert answers(version, [second]) == ["granted"]
    assert answers(version, [first]) == ["same_person"]


def test_what_adds_goes_on_under_the_number_that_has_it() -> None:
    tiers = [TIER, TIER | {"code": "more", "value": "20.00"}]
    version = version_with(*tiers, mode="each", budget={"total": "1000.00"})
    first, second = two_cards()
    assert answers(version, [first]) == ["granted"]
    found = ask(version, [candidate(second, 0, 1), candidate(first, 0, 1)])
    assert [one.answer for one in found] == ["same_person", "granted"]
    assert list(Grant.objects.order_by("id").values_list("card", "reward")) == [
        (first.pk, "first-gift"), (first.pk, "more"),
    ]  # fmt: skip


def test_a_dry_run_says_what_a_live_one_gives_over_several_chunks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(eligibility_rules, "SMALLEST_CHUNK", 1)
    version = approved(rule=USED)
    cards = [card_in_use(customer=CustomerFactory(id_number=ID)) for _ in range(3)]
    card_in_use()
    dry, live = ran(version, "dry_run"), ran(version)
    assert live.chunks.count() > 1
    assert queries.figures_of(dry).given == queries.figures_of(live).given
    for run in (dry, live):
        found = Decision.objects.filter(run=run, card__in=cards).order_by("customer")
        assert list(found.values_list("award", flat=True)) == [
            "granted", "same_person", "same_person",
        ]  # fmt: skip
    assert Grant.objects.count() == 2


def one_person_with(numbers: Sequence[str]) -> None:
    known = CustomerFactory.build(id_number=ID)
    seal = {name: getattr(known, name)
            for name in ("id_number_sealed", "id_number_index", "bearer")}  # fmt: skip
    Customer.objects.filter(number__in=numbers).update(**seal)


def told(found: Sequence[Any]) -> list[ClaimAnswer]:
    return [one.answer for one in found]


CLAIMS = [flash.claim, flash.claim_by_rows]


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_flash_sale_holds_one_for_a_person(claim: Any) -> None:
    sale = sales.open_sale(3)
    numbers = sales.qualified(sale, 3)
    one_person_with(numbers[:2])
    at = sale.opens_at
    # At once, one after the other, and asked again.
    assert told(claim(sale=sale, numbers=[*numbers, numbers[0]], at=at)) == [
        ClaimAnswer.HELD, ClaimAnswer.SAME_PERSON, ClaimAnswer.HELD, ClaimAnswer.HELD,
    ]  # fmt: skip
    assert told(claim(sale=sale, numbers=numbers[1:2], at=at)) == [ClaimAnswer.SAME_PERSON]
    assert told(claim(sale=sale, numbers=numbers[:1], at=at)) == [ClaimAnswer.HELD]
    assert FlashClaim.objects.filter(sale=sale).count() == 2
    # What is held ends, and the other number may claim.
    over = at + dt.timedelta(seconds=sale.hold_seconds)
    assert told(claim(sale=sale, numbers=numbers[1:2], at=over)) == [ClaimAnswer.HELD]
    assert told(flash.confirm(sale=sale, numbers=numbers[1:2], at=over)) == [ClaimAnswer.GRANTED]
    assert told(claim(sale=sale, numbers=numbers[:1], at=over)) == [ClaimAnswer.HAD_BEFORE]


def test_who_is_told_that_nothing_is_free_is_told_so_under_each_number() -> None:
    sale = sales.open_sale(1)
    numbers = sales.qualified(sale, 3)
    one_person_with(numbers[1:])
    found = flash.claim_by_rows(sale=sale, numbers=numbers, at=sale.opens_at)
    assert told(found) == [ClaimAnswer.HELD, ClaimAnswer.ALL_HELD, ClaimAnswer.ALL_HELD]


def test_of_two_that_are_held_when_it_comes_out_one_is_granted() -> None:
    sale = sales.open_sale(2)
    numbers = sales.qualified(sale, 2)
    held = flash.claim(sale=sale, numbers=numbers, at=sale.opens_at)
    assert told(held) == [ClaimAnswer.HELD] * 2
    one_person_with(numbers)
    again = flash.claim(sale=sale, numbers=numbers, at=sale.opens_at)
    assert told(again) == [ClaimAnswer.HELD] * 2
    granted = flash.confirm(sale=sale, numbers=numbers, at=sale.opens_at)
    assert told(granted) == [ClaimAnswer.GRANTED, ClaimAnswer.HAD_BEFORE]
    assert Grant.objects.count() == 1
