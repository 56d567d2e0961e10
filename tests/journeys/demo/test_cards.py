"""Applications and cards of the demo bank."""

import datetime as dt
import statistics

import pytest

from journeys.cards.enums import OPEN_STATES
from journeys.demo import cards, customers, rhythm
from portal.demo import places
from portal.demo.house import HouseBranch

ON = dt.date(2026, 11, 23)
BRANCHES = [HouseBranch(number, place, [], [], []) for number, place in enumerate(places.BRANCHES)]
_DAYS = rhythm.days_of(None, ON - dt.timedelta(days=cards.DAYS), cards.DAYS + 1)
FILING = [_DAYS.first + dt.timedelta(days=number) for number in range(cards.DAYS + 1)]


@pytest.fixture(scope="module")
def story() -> tuple[list[cards.DemoApplication], list[cards.DemoCard]]:
    known = [
        customer
        for customer, _row in customers.draw_customers(
            seed="1", count=4000, branches=BRANCHES, filing_days=FILING, on=ON
        )
    ]
    filed = cards.draw_applications(
        seed="1", customers=known, merchants=["M1", "M2"], filing_days=FILING, on=ON
    )
    issued = cards.draw_cards(seed="1", customers=known, applications=filed, on=ON)
    return filed, issued


Story = tuple[list[cards.DemoApplication], list[cards.DemoCard]]


def test_four_in_five_cards_are_issued_within_twenty_days(story: Story) -> None:
    filed, issued = story
    by_number = {row.number: row for row in filed}
    days = [
        (card.issued_date - by_number[card.application].filed_date).days
        for card in issued
        if card.application
    ]
    assert 0.75 < sum(day <= 20 for day in days) / len(days) < 0.87
    assert min(days) >= 1
    assert max(days) > 30


def test_most_cards_have_an_application_with_days_of_its_own(story: Story) -> None:
    filed, issued = story
    by_number = {row.number: row for row in filed}
    own = [card for card in issued if card.is_primary]
    on_file = [by_number[card.application] for card in own if card.application]
    assert 0.85 < len(on_file) / len(own) < 0.97
    waited = [
        (card.issued_date - by_number[card.application].filed_date).days
        for card in own
        if card.application
    ]
    known = [
        (row.filed_date - row.customer.registered_date).days
        for row in filed
        if row.customer.segment != customers.OLD or row.filed_date < FILING[0]
    ]
    assert 7 <= statistics.median(waited) <= 12
    assert 10 <= statistics.median(known) <= 60
    assert min(known) == 0
    issued_on = {card.application for card in issued}
    waiting = [row for row in filed if row.state == "approved" and row.number not in issued_on]
    assert 0 < len(waiting) < len(filed) / 100
    assert any((ON - row.filed_date).days >= 15 for row in waiting)


def test_some_are_refused_some_withdrawn_some_open_and_near_the_limit(story: Story) -> None:
    filed = [row for row in story[0] if row.filed_date >= FILING[0]]
    states = [row.state for row in filed]
    assert 0.1 < states.count("refused") / len(filed) < 0.18
    assert 0.02 < states.count("withdrawn") / len(filed) < 0.06
    waiting = [(ON - row.filed_date).days for row in filed if row.state in OPEN_STATES]
    assert 0.05 < states.count("supplemented") / len(waiting) < 0.5
    assert sum(15 <= days <= 20 for days in waiting) >= 1
    assert sum(days > 20 for days in waiting) >= 1
    assert all((row.decided_date is None) == (row.state in OPEN_STATES) for row in filed)
    with_documents = [row for row in filed if row.supplemented_date]
    assert 0.1 < len(with_documents) / len(filed) < 0.3
    for row in with_documents:
        assert row.filed_date < row.supplemented_date < (row.decided_date or ON + dt.timedelta(1))


def test_supplementary_cards_hang_on_primary_ones_and_some_have_another_holder(
    story: Story,
) -> None:
    _filed, issued = story
    known = {card.reference: card for card in issued}
    extra = [card for card in issued if not card.is_primary]
    for card in extra:
        primary = known[str(card.primary_reference)]
        assert primary.is_primary
        assert primary.issued_date < card.issued_date
        assert primary.customer.branch == card.customer.branch
    assert all(card.primary_reference is None for card in issued if card.is_primary)
    others = sum(known[str(card.primary_reference)].customer != card.customer for card in extra)
    assert 0 < others < len(extra) / 2


def test_days_of_a_card_follow_each_other_and_none_is_beyond_the_last_day(story: Story) -> None:
    _filed, issued = story
    for card in issued:
        assert card.issued_date <= ON
        assert card.activated_date is None or card.issued_date <= card.activated_date <= ON
        assert card.closed_date is None or card.issued_date < card.closed_date <= ON
        assert card.issued_date >= card.customer.registered_date


def test_shares_of_cards_are_plausible(story: Story) -> None:
    filed, issued = story
    never = sum(card.activated_date is None for card in issued) / len(issued)
    extra = sum(not card.is_primary for card in issued) / len(issued)
    assert 0.08 < never < 0.22
    assert 0.02 < extra < 0.07
    assert 0 < sum(card.closed_date is not None for card in issued) / len(issued) < 0.06
    assert 0.1 < sum(row.is_fast_track for row in filed) / len(filed) < 0.26
    lately = [row for row in filed if row.filed_date >= FILING[0]]
    assert 0.05 < sum(row.merchant is not None for row in lately) / len(lately) < 0.14
