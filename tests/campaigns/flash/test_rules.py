"""What a gate needs mending, against a naive oracle; near sell-out by table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.flash import rules

UNITS = range(1, 9)
PEOPLE = [f"C{n}" for n in range(8)]
pairs = st.builds(
    lambda people, units: dict(zip(people, units, strict=False)),
    st.sets(st.sampled_from(PEOPLE)),
    st.permutations(UNITS),
)


@given(
    free=st.frozensets(st.sampled_from(UNITS)),
    had=st.frozensets(st.sampled_from(PEOPLE)),
    in_flight=pairs,
    standing=pairs,
    most=st.integers(0, len(UNITS)),
)
def test_a_mended_gate_keeps_the_invariant(
    free: frozenset[int],
    had: frozenset[str],
    in_flight: dict[str, int],
    standing: dict[str, int],
    most: int,
) -> None:
    gate = rules.GateState(free, had, in_flight)
    mending = rules.mending_of(gate, UNITS, standing, most)
    mended = (free | mending.units_in) - mending.units_out
    gone = {*standing.values(), *in_flight.values()}
    open_to_all = {unit for unit in mended if unit not in in_flight.values()}
    assert open_to_all <= set(UNITS) - gone
    assert len(open_to_all) == max(0, min(most, len(UNITS)) - len(gone))
    if len(free - gone) <= len(open_to_all):  # what was free stays so, rather than another
        assert free - gone <= open_to_all
    let_in = (had | mending.had_in) - mending.had_out
    assert let_in == set(standing) | (had & set(in_flight))
    again = rules.GateState(mended, let_in, in_flight)
    assert not rules.mending_of(again, UNITS, standing, most).is_needed


@pytest.mark.parametrize(
    ("left", "units", "is_near"),
    [(0, 100, False), (1, 100, True), (10, 100, True), (11, 100, False), (1, 9, False)],
)
def test_near_sell_out_is_a_tenth(left: int, units: int, is_near: bool) -> None:
    assert rules.is_near_sell_out(left, units) is is_near
