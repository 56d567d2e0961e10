"""Intervals of shares, and the places that they leave open."""

import pytest

from merchants.prospects.rules import places
from portal.kit.shares import Share


# Reckoned by hand from Wilson's formula (1927) at z = 1.96.
@pytest.mark.parametrize(
    ("of", "whole", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (1, 2, 0.0945, 0.9055),
        (842, 8000, 0.0987, 0.1122),
        (0, 0, 0.0, 1.0),
    ],
)
def test_wilsons_interval(of: int, whole: int, low: float, high: float) -> None:
    share = Share(of, whole)
    assert (round(share.low, 4), round(share.high, 4)) == (low, high)
    assert share.low <= share.rate <= share.high


def test_only_those_whose_intervals_lie_apart_have_a_place_of_their_own() -> None:
    far, near, nearer, last = Share(900, 1000), Share(50, 100), Share(55, 100), Share(10, 1000)
    assert places([near, far, last, nearer]) == [(2, 3), (1, 1), (4, 4), (2, 3)]
    assert places([Share(1, 2), Share(0, 3)]) == [(1, 2), (1, 2)]
    assert places([Share(0, 0)]) == [(1, 1)]
    assert places([]) == []
