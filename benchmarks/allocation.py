"""Splitting a promotion budget: 500 partners with 10 levels each, shares of groups, proven best.

    python -m benchmarks.allocation [PARTNERS]

Ours: the question from plain values to a split that was checked in whole fen, with ties settled.
Bare: the same matrix given to scipy's milp as it stands, and nothing else. Five random banks, of
which both must find splits that bring the same. The promise: 500 partners in under 5 seconds.
"""

import random
import sys
import time
from fractions import Fraction

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from benchmarks import harness

harness.boot()

from merchants.allocation.rules import problems, responses, solving  # noqa: E402

PARTNERS, LEVELS, PROMISED, BANKS = 500, 10, 5, 5
_SCENARIOS, _TIERS = 8, 3


def bank_of(seed: int, partners: int) -> problems.Problem:
    """This will make partners of many sizes and steps, in eight scenarios and three city tiers."""
    rng = random.Random(seed)
    made = []
    for number in range(partners):
        step = 100_000 * rng.randint(1, 9)
        curve = responses.Curve(rng.randint(10**6, 10**8), Fraction(rng.randint(10**5, 10**7)))
        wanted = responses.amounts(least=0, most=(LEVELS - 1) * step, step=step)
        groups = frozenset({
            ("scenario", str(number % _SCENARIOS)), ("city_tier", str(number % _TIERS)),
        })  # fmt: skip
        levels = tuple(responses.levels_on(wanted, curve))
        made.append(problems.Partner(f"M{number:05d}", levels, groups))
    shares = [problems.Share(("scenario", str(one)), 5, 25) for one in range(_SCENARIOS)]
    shares += [problems.Share(("city_tier", str(one)), 20, 50) for one in range(_TIERS)]
    return problems.Problem(partners * 300_000, tuple(made), tuple(shares))


def bare(problem: problems.Problem) -> int:
    """This will give the matrix to scipy, and return what its answer brings."""
    columns = [(place, level) for place, one in enumerate(problem.partners) for level in one.levels]
    money = np.array([level.amount for _place, level in columns], dtype=np.float64)
    brings = np.array([level.effect for _place, level in columns], dtype=np.float64)
    owner = np.array([place for place, _level in columns])
    rows = [(owner == place).astype(np.float64) for place in range(len(problem.partners))]
    lows, highs = [1.0] * len(rows), [1.0] * len(rows)
    rows.append(money)
    lows.append(-np.inf)
    highs.append(problem.budget)
    for share in problem.shares:
        rows.append(np.isin(owner, problem.members(share)) * money)
        lows.append(share.least_money(problem.budget))
        highs.append(share.most_money(problem.budget))
    answer = milp(
        -brings, integrality=np.ones(len(columns)), bounds=Bounds(0, 1),
        constraints=LinearConstraint(np.array(rows), lows, highs),
        options={"mip_rel_gap": 0.0},
    )  # fmt: skip
    return round(-answer.fun)


def main(partners: int) -> None:
    """This will print what each takes on every bank, and whether the promise is kept."""
    ours, theirs = [], []
    for seed in range(BANKS):
        problem = bank_of(seed, partners)
        started = time.perf_counter()
        found = solving.solve(problem)
        ours.append(time.perf_counter() - started)
        started = time.perf_counter()
        other = bare(problem)
        theirs.append(time.perf_counter() - started)
        brought = problems.effect(problem, found.choice)
        print(f"bank {seed}: brings {brought}, bare {other}, gap {found.gap} fen;"
              f" ours {ours[-1]:.2f} s, bare {theirs[-1]:.2f} s")  # fmt: skip
        if brought < other or problems.broken(problem, found.choice):
            raise SystemExit("BROKEN: the split is not the best one")
    harness.report(
        f"split among {partners} partners with {LEVELS} levels (median of {BANKS})",
        harness.median(ours), harness.median(theirs),
    )  # fmt: skip
    harness.promise("the slowest split", max(ours), PROMISED, " s")


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    size = numbers[0] if numbers else PARTNERS
    main(size)
    harness.end(is_judged=size >= PARTNERS)
