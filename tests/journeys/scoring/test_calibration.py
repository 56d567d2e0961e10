"""Chances are what comes: on a planted world, and the page's table against a count of its own."""

import re
from collections.abc import Callable
from dataclasses import asdict

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse

from journeys.scoring import operations, queries
from journeys.scoring.rules import figures, learning
from journeys.scoring.rules.moved import calibration_error
from tests.factories.past_calls import write_calls
from tests.factories.portal import StaffFactory
from tests.journeys.scoring.made_calls import make_calls
from tests.journeys.scoring.test_call_versions import AT, needs_library

# Of 400 calls a tenth, chance alone puts the error at 0.018 where chances are the true ones.
CALLS, HELD, BOUND = 9_000, 4_000, 0.04


def _error(won: np.ndarray, chances: np.ndarray) -> float:
    found = calibration_error([asdict(one) for one in figures.tenths(won, chances)])
    assert found is not None
    return found


def test_the_error_is_that_of_its_definition() -> None:
    tenths = [
        {"calls": 30, "foretold": 0.1, "came": 0.2}, {"calls": 10, "foretold": 0.9, "came": 0.5},
    ]  # fmt: skip
    assert calibration_error(tenths) == pytest.approx((30 * 0.1 + 10 * 0.4) / 40)
    assert calibration_error([]) is None


@needs_library
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("with_traits", [False, True])
def test_chances_of_calls_that_were_not_seen_come_true(seed: int, with_traits: bool) -> None:
    calls = make_calls(CALLS, seed)
    first = CALLS - HELD
    learned = learning.learn(calls.part(slice(0, first)), with_traits=with_traits)
    chances = learned.chances(learned.table_of(calls))[first:]
    won = calls.won[first:]
    assert _error(won, chances) < BOUND
    # The bound tells: the same order, but chances that are too sure, or too low, are beyond it.
    odds = np.log(chances / (1 - chances))
    for bent in (1 / (1 + np.exp(-2 * odds)), 1 / (1 + np.exp(-(odds - 0.5)))):
        assert figures.auc(won, bent) == pytest.approx(figures.auc(won, chances))
        assert _error(won, bent) > BOUND


@needs_library
@pytest.mark.django_db
def test_the_table_of_the_page_is_what_a_count_of_its_own_says(
    client_of: Callable[..., Client],
) -> None:
    staff = StaffFactory(role="branch_manager", language="en")
    write_calls(staff.branch, 1500)
    operations.train_call_models(at=AT, actor=staff)
    page = client_of(staff).get(reverse("call_models")).content.decode()
    rows = re.findall(
        r"<tr data-tenth>.*?(\d+)</th>.*?>(\d+)</td>.*?>([\d.]+) %</td>.*?>([\d.]+) %</td>", page
    )
    calls = queries.latest_calls()
    learned = learning.learn(calls.part(slice(0, 1200)), with_traits=False)
    chances = learned.chances(learned.table_of(calls))[1200:].tolist()
    pairs = sorted(zip(chances, calls.won[1200:].tolist(), strict=True), key=lambda one: one[0])
    counted, off = [], 0.0
    for tenth in range(10):
        part = pairs[30 * tenth : 30 * (tenth + 1)]
        foretold = sum(chance for chance, _won in part) / 30
        came = sum(won for _chance, won in part) / 30
        off += abs(foretold - came) / 10
        counted.append((str(tenth + 1), "30", f"{100 * foretold:.1f}", f"{100 * came:.1f}"))
    assert rows == counted
    assert f"is {100 * off:.1f} percentage points from what came" in page
