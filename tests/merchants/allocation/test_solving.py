"""The best split, against an oracle that tries everything and shares nothing with the solver."""

import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from merchants.allocation.rules import problems, solving
from merchants.allocation.rules.problems import Partner, Problem, Share
from merchants.allocation.rules.responses import Level

GROUP = ("scenario", "dining")


def best_of(problem: Problem) -> int | None:
    """The most that any choice within all bounds brings, by trying each; None where none is."""
    found = None
    for choice in itertools.product(*(range(len(one.levels)) for one in problem.partners)):
        money = [one.levels[at].amount for one, at in zip(problem.partners, choice, strict=True)]
        if sum(money) > problem.budget:
            continue
        is_within = True
        for share in problem.shares:
            inside = sum(
                amount
                for one, amount in zip(problem.partners, money, strict=True)
                if share.group in one.groups
            )
            is_within &= share.least * problem.budget <= 100 * inside
            is_within &= 100 * inside <= share.most * problem.budget
        if is_within:
            brought = sum(
                one.levels[at].effect for one, at in zip(problem.partners, choice, strict=True)
            )
            found = brought if found is None else max(found, brought)
    return found


@st.composite
def small_problems(draw: st.DrawFn) -> Problem:
    """Up to five partners with up to four levels each, concave or not, and two shares at most."""
    partners = []
    for number in range(draw(st.integers(1, 5))):
        amounts = draw(st.sets(st.integers(0, 60), min_size=1, max_size=4))
        unit = draw(st.sampled_from([1, 7, 100, 12_345]))
        effects = draw(
            st.lists(st.integers(0, 10**9), min_size=len(amounts), max_size=len(amounts))
        )
        groups = draw(st.sets(st.sampled_from(["dining", "travel"]), max_size=2))
        partners.append(
            Partner(
                f"M{number}",
                tuple(
                    Level(amount * unit, effect)
                    for amount, effect in zip(sorted(amounts), effects, strict=True)
                ),
                frozenset(("scenario", name) for name in groups),
            )
        )
    shares = []
    for name in draw(st.sets(st.sampled_from(["dining", "travel"]), max_size=2)):
        least = draw(st.integers(0, 60))
        shares.append(Share(("scenario", name), least, draw(st.integers(least, 100))))
    return Problem(draw(st.integers(1, 500_000)), tuple(partners), tuple(shares))


@settings(max_examples=150, deadline=None)
@given(small_problems())
def test_regret_against_an_exhaustive_oracle_is_zero(problem: Problem) -> None:
    oracle = best_of(problem)
    if oracle is None:
        with pytest.raises(solving.Infeasible):
            solving.solve(problem)
        return
    found = solving.solve(problem)
    assert problems.broken(problem, found.choice) == []
    assert problems.effect(problem, found.choice) == oracle


def concave(
    number: int, ceiling: int, step: int = 1000, count: int = 5, **values: object
) -> Partner:
    levels = tuple(Level(step * at, ceiling * at // (at + 2)) for at in range(count))
    return Partner(f"M{number:03d}", levels, **values)  # type: ignore[arg-type]


def test_equal_questions_get_equal_answers_whatever_happens_to_be_tied() -> None:
    alike = tuple(concave(number, 50_000) for number in range(6))
    problem = Problem(7_000, alike)
    found = {solving.solve(problem).choice for _time in range(3)}
    assert found == {(2, 1, 1, 1, 1, 1)}


def test_money_that_brings_nothing_is_not_given() -> None:
    flat = Partner("M1", (Level(0, 0), Level(1000, 90), Level(2000, 90)))
    assert solving.solve(Problem(2_000, (flat,))).choice == (1,)


def test_a_share_moves_money_to_its_group() -> None:
    strong = concave(1, 90_000)
    weak = concave(2, 10_000, groups=frozenset({GROUP}))
    free = Problem(4_000, (strong, weak))
    bound = Problem(4_000, (strong, weak), (Share(GROUP, 50, 100),))
    assert solving.solve(free).choice == (4, 0)
    assert solving.solve(bound).choice == (2, 2)


@pytest.mark.parametrize(
    ("problem", "bounds"),
    [
        (
            Problem(900, (Partner("M1", (Level(1000, 5),)),)),
            ["budget", "floors"],
        ),
        (
            Problem(1000, (concave(1, 9, count=2, step=300, groups=frozenset({GROUP})),),
                    (Share(GROUP, 50, 100),)),
            [(Share(GROUP, 50, 100), "least")],
        ),
        (
            Problem(1000, (Partner("M1", (Level(600, 5),), frozenset({GROUP})),),
                    (Share(GROUP, 0, 50),)),
            ["floors", (Share(GROUP, 0, 50), "most")],
        ),
    ],
)  # fmt: skip
def test_a_conflict_names_the_bounds_that_make_it_and_no_other(
    problem: Problem, bounds: list[object]
) -> None:
    with pytest.raises(solving.Infeasible) as refused:
        solving.solve(problem)
    assert refused.value.bounds == bounds


def test_a_bank_of_partners_is_solved_to_the_end() -> None:
    rng = random.Random(7)
    partners = tuple(
        concave(number, rng.randrange(10_000, 90_000), rng.choice([500, 700, 1100]), 10)
        for number in range(120)
    )
    found = solving.solve(Problem(200_000, partners))
    assert found.gap == 0
