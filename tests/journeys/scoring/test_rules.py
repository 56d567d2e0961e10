"""The scorecard by table, at its edges."""

import dataclasses
import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from journeys.scoring import rules
from journeys.scoring.enums import Potential
from journeys.stages.enums import JourneyStep

ON = dt.date(2026, 6, 1)
NOTHING = rules.Facts(
    on=ON, registered=ON, step="", issued=None, activated=None, open_cards=9, spent=Decimal(0),
    spent_before=Decimal(0), purchases=0, last_used=None, birth_date=None,
)  # fmt: skip
BEST = rules.Facts(
    on=ON, registered=dt.date(2024, 6, 1), step="redeemed", issued=ON, activated=ON, open_cards=0,
    spent=Decimal(6000), spent_before=Decimal(5000), purchases=20, last_used=ON,
    birth_date=dt.date(1990, 1, 1),
)  # fmt: skip


def points(label: str, **facts: Any) -> tuple[int, str]:
    """What one line gives for these facts, and what it says."""
    with translation.override("en"):
        score = rules.score_of(dataclasses.replace(NOTHING, **facts), with_traits=True)
    (reason,) = [row for row in score.reasons if row.label == label]
    return reason.points, reason.words


def ago(days: int) -> dt.date:
    return ON - dt.timedelta(days=days)


@pytest.mark.parametrize(("spent", "given"), [
    ("-5", 0), ("0", 0), ("0.01", 4), ("999.99", 4), ("1000", 10), ("2999.99", 10), ("3000", 18),
    ("5999.99", 18), ("6000", 25), ("1000000", 25),
])  # fmt: skip
def test_spending(spent: str, given: int) -> None:
    assert points("Spending now", spent=Decimal(spent))[0] == given


@pytest.mark.parametrize(("before", "now", "given"), [
    ("0", "0", 0), ("-3", "-3", 0), ("0", "1", 15), ("-3", "1", 15), ("100", "119.99", 8),
    ("100", "120", 15), ("100", "90", 8), ("100", "89.99", 0), ("100", "0", 0), ("100", "-20", 0),
])  # fmt: skip
def test_growth(before: str, now: str, given: int) -> None:
    assert points("Growth", spent=Decimal(now), spent_before=Decimal(before))[0] == given


@pytest.mark.parametrize(("purchases", "given"), [
    (0, 0), (2, 0), (3, 5), (7, 5), (8, 10), (19, 10), (20, 15),
])  # fmt: skip
def test_frequency(purchases: int, given: int) -> None:
    assert points("Frequency", purchases=purchases) == (
        given, f"Purchases in 90 days: {purchases}",
    )  # fmt: skip


@pytest.mark.parametrize(("days", "given"), [(0, 10), (14, 10), (15, 5), (45, 5), (46, 0)])
def test_last_use(days: int, given: int) -> None:
    assert points("Last use", last_used=ago(days))[0] == given


@pytest.mark.parametrize(("step", "given"), [
    ("redeemed", 15), ("used", 12), ("activated", 8), ("issued", 5), ("approved", 3), ("filed", 3),
    ("ended", 0), ("registered", 0), ("", 0),
])  # fmt: skip
def test_the_way_come_so_far(step: str, given: int) -> None:
    assert points("Way come so far", step=step)[0] == given


@pytest.mark.parametrize("step", JourneyStep.values)
def test_every_step_of_the_journey_is_weighed(step: str) -> None:
    assert 0 <= points("Way come so far", step=step)[0] <= 15


@pytest.mark.parametrize(("days", "given"), [(0, 5), (7, 5), (8, 2), (30, 2), (31, 0), (None, 0)])
def test_the_speed_of_activation(days: int | None, given: int) -> None:
    activated = None if days is None else ON
    assert points("Speed of activation", issued=ago(days or 0), activated=activated)[0] == given


@pytest.mark.parametrize(("cards", "given"), [(0, 10), (1, 8), (2, 4), (3, 0), (9, 0)])
def test_room_for_a_card(cards: int, given: int) -> None:
    assert points("Room for a card", open_cards=cards)[0] == given


@pytest.mark.parametrize(("since", "given"), [
    (dt.date(2026, 6, 1), 0), (dt.date(2025, 6, 2), 0), (dt.date(2025, 6, 1), 3),
    (dt.date(2024, 6, 2), 3), (dt.date(2024, 6, 1), 5),
])  # fmt: skip
def test_the_length_of_the_relation(since: dt.date, given: int) -> None:
    assert points("Length of relation", registered=since)[0] == given


@pytest.mark.parametrize(("born", "given"), [
    (None, 0), (dt.date(2001, 6, 2), 0), (dt.date(2001, 6, 1), 5), (dt.date(1986, 6, 2), 5),
    (dt.date(1986, 6, 1), 3), (dt.date(1971, 6, 2), 3), (dt.date(1971, 6, 1), 0),
])  # fmt: skip
def test_age(born: dt.date | None, given: int) -> None:
    assert points("Age", birth_date=born)[0] == given


def test_the_weights_add_up_to_100_without_traits() -> None:
    assert sum(factor.most for factor in rules.FACTORS if not factor.is_trait) == 100
    assert all(str(factor.why) for factor in rules.FACTORS)


@pytest.mark.parametrize("with_traits", [True, False])
def test_both_ways_run_from_0_to_100(with_traits: bool) -> None:
    found = [rules.score_of(facts, with_traits=with_traits) for facts in (NOTHING, BEST)]
    assert [(score.value, score.potential) for score in found] == [
        (0, Potential.LOW), (100, Potential.HIGH),
    ]  # fmt: skip
    traits = [row.label for row in found[0].reasons if row.is_trait]
    assert len(traits) == with_traits


def test_without_traits_a_day_of_birth_changes_nothing() -> None:
    other = dataclasses.replace(BEST, birth_date=None)
    assert rules.score_of(BEST, with_traits=False) == rules.score_of(other, with_traits=False)
    assert rules.score_of(BEST, with_traits=True) != rules.score_of(other, with_traits=True)


@pytest.mark.parametrize(("reached", "most", "found"), [
    (0, 105, 0), (1, 105, 1), (52, 105, 50), (53, 105, 50), (105, 105, 100), (1, 200, 1),
    (1, 201, 0),
])  # fmt: skip
def test_the_share_is_rounded_half_up(reached: int, most: int, found: int) -> None:
    assert rules.share(reached, most) == found


@pytest.mark.parametrize(("value", "potential"), [
    (39, Potential.LOW), (40, Potential.MIDDLE), (64, Potential.MIDDLE), (65, Potential.HIGH),
])  # fmt: skip
def test_what_a_score_means(value: int, potential: Potential) -> None:
    assert rules.potential_of(value) == potential


def test_the_weightiest_reasons_come_first() -> None:
    given = [row.points for row in rules.score_of(BEST, with_traits=True).reasons]
    assert given == sorted(given, reverse=True)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (364, "Customer for 0 full years"),
        (365, "Customer for 1 full year"),
        (730, "Customer for 2 full years"),
    ],
)
def test_a_year_is_one_and_several_are_many(days: int, words: str) -> None:
    assert points("Length of relation", registered=ago(days))[1] == words
