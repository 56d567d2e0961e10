"""The difference of two shares."""

import pytest

from portal.kit.shares import Share, difference


# Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method 10.
@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
    ],
)
def test_newcombes_interval(
    one: tuple[int, int], other: tuple[int, int], low: float, high: float
) -> None:
    found = difference(Share(*one), Share(*other))
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)
    assert found.is_shown == (low > 0)
    turned = difference(Share(*other), Share(*one))
    assert (round(turned.low, 4), round(turned.high, 4)) == (-high, -low)


def test_of_several_pairs_each_interval_is_wider() -> None:
    one, other = Share(90, 1000), Share(50, 1000)
    alone, among = difference(one, other), difference(one, other, pairs=3)
    assert among.low < alone.low < alone.high < among.high
    assert among.by == alone.by


def test_of_nobody_nothing_is_shown() -> None:
    assert not difference(Share(0, 0), Share(5, 10)).is_shown
