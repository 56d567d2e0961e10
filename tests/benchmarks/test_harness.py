"""What benchmarks share: a bound that can be broken."""

import pytest

from benchmarks import harness


@pytest.mark.parametrize(("taken", "holds"), [
    ([160.0, 160.0, 160.0], True), ([160.0, 176.0], True), ([160.0, 176.1], False),
    ([100.0, 104.0, 108.0, 112.0, 116.1], False),
])  # fmt: skip
def test_memory_that_grows_beyond_the_bound_fails(taken: list[float], holds: bool) -> None:
    if holds:
        assert harness.check_flat("worker", taken, 16.0) == taken[-1] - taken[0]
        return
    with pytest.raises(AssertionError, match=r"worker: grew by 16\.1 MB, more than 16"):
        harness.check_flat("worker", taken, 16.0)
