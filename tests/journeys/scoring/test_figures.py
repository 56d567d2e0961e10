"""Figures of scores, against their definitions counted one by one."""

import numpy as np
import pytest

from journeys.scoring.rules import figures


def _drawn(seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    scores = rng.integers(0, 8, 61) / 8  # with ties
    return (rng.random(61) < 0.2 + 0.6 * scores).astype(float), scores


@pytest.mark.parametrize("seed", range(4))
def test_auc_is_the_share_of_pairs_in_the_right_order(seed: int) -> None:
    won, scores = _drawn(seed)
    pairs = [
        1.0 if high > low else 0.5 if high == low else 0.0
        for high in scores[won > 0] for low in scores[won == 0]
    ]  # fmt: skip
    assert figures.auc(won, scores) == pytest.approx(sum(pairs) / len(pairs))


@pytest.mark.parametrize("seed", range(4))
def test_alift_goes_with_auc_as_areas_do(seed: int) -> None:
    won, scores = _drawn(seed)
    share = won.mean()
    expected = (1 - share) * figures.auc(won, scores) + share / 2
    assert figures.alift(won, scores) == pytest.approx(expected)


def test_a_score_that_knows_all_and_one_that_knows_nothing() -> None:
    won = np.array([1.0, 0, 0, 1, 0, 0, 0, 0])
    assert figures.in_better_half(won, won) == 1.0
    assert figures.alift(won, won) == pytest.approx(1 - 2 / 8 / 2)
    same = np.zeros(8)
    assert (figures.auc(won, same), figures.in_better_half(won, same)) == (0.5, 0.5)
    assert figures.alift(won, same) == pytest.approx(0.5)


def test_an_odd_number_halves_the_call_in_the_middle() -> None:
    won, scores = np.array([1.0, 1, 1]), np.array([0.9, 0.5, 0.1])
    assert figures.in_better_half(won, scores) == pytest.approx(0.5)


def test_without_a_success_nothing_is_said() -> None:
    nothing = np.zeros(5)
    found = [figures.auc(nothing, nothing), figures.alift(nothing, nothing),
             figures.in_better_half(nothing, nothing),
             figures.half_width_of_auc(nothing, 0.5)]  # fmt: skip
    assert np.isnan(found).all()


def test_tenths_are_of_one_size_and_hold_what_came() -> None:
    rng = np.random.default_rng(1)
    chances = rng.random(1003)
    won = (rng.random(1003) < chances).astype(float)
    tenths = figures.tenths(won, chances)
    assert [tenth.calls for tenth in tenths] == [101] * 3 + [100] * 7
    assert sum(tenth.calls * tenth.came for tenth in tenths) == pytest.approx(won.sum())
    assert [t.foretold for t in tenths] == sorted(t.foretold for t in tenths)
    assert figures.brier(won, chances) == pytest.approx(
        sum((c - w) ** 2 for c, w in zip(chances, won, strict=True)) / 1003
    )


def test_the_interval_of_an_auc_holds_the_true_one_nineteen_times_of_twenty() -> None:
    # Exponential scores, of which the formula speaks; four times as many failures as successes.
    rng = np.random.default_rng(1)
    won, held = np.repeat([1.0, 0.0], [40, 160]), 0
    for _draw in range(1000):
        scores = rng.exponential(np.where(won > 0, 3.0, 1.0))
        area = figures.auc(won, scores)
        held += abs(area - 0.75) <= figures.half_width_of_auc(won, area)
    assert 925 <= held <= 975
