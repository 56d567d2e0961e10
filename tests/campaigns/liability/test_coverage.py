"""The truth lies in the interval as often as it says, in worlds that the method has never seen: the
same as `python -m benchmarks.liability`, with fewer worlds."""

import pytest

from benchmarks import liability
from benchmarks.futures import worlds

WORLDS = range(900_000, 900_030)


def test_worlds_are_the_same_for_the_same_seed_and_differ_else() -> None:
    one, same, other = (worlds.make_world("trend", seed) for seed in (1, 1, 2))
    assert (one.whole, one.branches) == (same.whole, same.branches)
    assert one.whole != other.whole


def test_in_a_world_with_a_budget_no_more_is_granted() -> None:
    for seed in range(10):
        world = worlds.make_world("ends early", seed)
        assert world.whole <= world.room.whole + 0.005


def test_the_truth_lies_in_the_interval_as_often_as_it_should(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = liability.measure_all(WORLDS)
    with capsys.disabled():
        liability.show(found)
    assert set(found) == {*worlds.FREE, *worlds.LIMITED, liability.ALL}
    assert liability.out_of_band(found) == []


def test_an_interval_that_is_too_narrow_or_too_wide_is_out_of_its_band(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for covered in (45, 99):
        monkeypatch.setattr("campaigns.liability.rules.paths.COVERED", covered)
        found = [liability.measure(shape, WORLDS[:20]) for shape in worlds.FREE]
        assert liability.out_of_band({liability.ALL: liability.together(found)}) == [liability.ALL]
