"""The detector of declines beats "the last 90 days against the 90 before" in worlds that it has
never seen; the benchmark says by how much, here is a margin that must hold."""

import numpy as np
import pytest

from benchmarks import declines
from benchmarks.turnover import contest, worlds
from merchants.evidence.rules import chance

WORLDS = range(500, 506)


def test_worlds_are_the_same_for_the_same_seed_and_differ_else() -> None:
    one, same, other = (worlds.make_world(seed, 40) for seed in (1, 1, 2))
    assert np.array_equal(one.amounts, same.amounts)
    assert not np.array_equal(one.amounts, other.amounts)
    assert worlds.make_world(1, 40, declining=0).starts.min() == worlds.NEVER


def test_alarms_are_right_wrong_or_late() -> None:
    world = worlds.make_world(3, 6, declining=0)
    start = worlds.HISTORY + 10
    vars(world)["starts"][:4] = start
    first = np.array([start, start - 1, start + contest.HORIZON, worlds.NEVER, 120, worlds.NEVER])
    found = contest.tally(world, first)
    assert (found.right, found.wrong, found.missed) == (1, 2, 3)
    assert found.leads == (contest.HORIZON, 0, 0, 0)


def test_it_sees_more_declines_sooner_and_is_right_more_often() -> None:
    for fight in declines.fights(WORLDS):
        margins = {}
        for name, of in declines.MEASURES.items():
            ours, theirs = ([of(one) for one in side] for side in (fight.ours, fight.theirs))
            margins[name] = float(np.mean(ours) - np.mean(theirs))
        assert margins["precision"] > 0.08
        assert margins["recall"] > 0.12
        assert margins["median lead (weeks)"] > 4


def test_chance_is_as_it_is_stated() -> None:
    found = declines.simulate_chance(1_500, seed=11)
    for score, stated in zip(chance.SCORES[:4], chance.A_YEAR[:4], strict=True):
        assert found[score] == pytest.approx(stated, abs=4 * np.sqrt(stated * (1 - stated) / 1_500))
