"""The draw of calls: the same again from its seed, within its shares, each risk in its turn."""

import hashlib

import pytest

from journeys.telemarketing import rules
from journeys.telemarketing.rules import DrawnFrom, Shares

SEED = "5eed" * 8
SHARES = Shares(percent=10, least=1, most=10, risk_most=3, second_percent=0)


def drawn_of(calls: list[DrawnFrom], shares: Shares = SHARES, seed: str = SEED) -> list[tuple]:
    found = rules.drawn(calls, seed=seed, shares=shares)
    return [(one.hold_id, one.reason, one.wants) for one in found]


def lots(ids: range, purpose: str = "draw") -> list[int]:
    """The ids by their lots, by hand."""
    return sorted(ids, key=lambda n: hashlib.sha256(f"{SEED}:{purpose}:{n}".encode()).hexdigest())


@pytest.mark.parametrize(
    ("calls", "count"), [(0, 0), (1, 1), (10, 1), (11, 2), (95, 10), (100, 10), (5000, 10)]
)
def test_the_share_is_rounded_up_within_its_bounds(calls: int, count: int) -> None:
    assert rules.how_many(calls, SHARES) == count


@pytest.mark.parametrize(("calls", "count"), [(0, 0), (2, 2), (3, 3), (4, 3), (1000, 3)])
def test_the_least_is_drawn_of_few_calls(calls: int, count: int) -> None:
    assert rules.how_many(calls, Shares(0, 3, 5, 0, 0)) == count


def test_the_lowest_lots_are_drawn_whatever_the_order() -> None:
    calls = [DrawnFrom(n) for n in range(1, 51)]
    expected = [(n, "random", 1) for n in lots(range(1, 51))[:5]]
    assert drawn_of(calls) == drawn_of(calls[::-1]) == expected
    assert drawn_of(calls, seed="0" * 32) != expected


def test_each_risk_has_its_turn_and_the_gravest_is_told() -> None:
    shares = Shares(0, 0, 0, 4, 0)
    new, short = frozenset({"new_caller"}), frozenset({"short", "new_caller"})
    calls = [DrawnFrom(n, new) for n in range(1, 31)]
    calls += [DrawnFrom(n, short) for n in range(31, 34)]
    calls += [DrawnFrom(34, frozenset({"complained", "short"})), DrawnFrom(35)]
    by_lot = lots(range(1, 36))
    shorts = [n for n in by_lot if 31 <= n < 34]
    news = [n for n in by_lot if n < 31]
    assert drawn_of(calls, shares) == [
        (34, "complained", 1), (shorts[0], "short", 1), (news[0], "new_caller", 1),
        (shorts[1], "short", 1),
    ]  # fmt: skip


def test_no_call_is_drawn_twice_and_random_ones_are_told_as_such() -> None:
    calls = [DrawnFrom(n, frozenset({"short"})) for n in range(1, 5)]
    found = drawn_of(calls, Shares(50, 1, 10, 10, 0))
    by_lot = lots(range(1, 5))
    assert found == [(n, "random", 1) for n in by_lot[:2]] + [(n, "short", 1) for n in by_lot[2:]]


@pytest.mark.parametrize(("percent", "twice"), [(0, 0), (20, 1), (21, 2), (100, 5)])
def test_a_share_is_read_twice_by_lots_of_their_own(percent: int, twice: int) -> None:
    calls = [DrawnFrom(n) for n in range(1, 6)]
    found = drawn_of(calls, Shares(100, 0, 10, 0, percent))
    second = {n for n, _reason, wants in found if wants == 2}
    assert second == set(lots(range(1, 6), "second")[:twice])


def test_the_pace_says_how_long_the_leads_last() -> None:
    assert (rules.Pace(120, 4).is_told, rules.Pace(120, 5).is_told) == (False, True)
    assert (rules.Pace(120, 40).hours, rules.Pace(0, 40).hours) == (3.0, 0.0)
