"""Does the detector of declines see them sooner, and surer, than "the last 90 days against the 90
before"?

    python -m benchmarks.declines [WORLDS]
    python -m benchmarks.declines --chance

Random worlds of 240 merchants with planted declines of 15 to 60 % (`benchmarks/turnover`), each
looked at every Monday for a year. Two fair fights: with the same budget of alarms, the largest
yearly loss first, where the other side has the threshold that suits it best; and with as many false
alarms per merchant-year on both sides, no budget. Means over the worlds with 95 % intervals. A lead
is how much of the half year after its start a decline's alarm leaves; a missed one leaves none.
Then how often merchants without a decline are told of, beside what is stated by
`evidence.rules.chance`. With --chance that table is simulated anew.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks import harness
from benchmarks.turnover import contest, worlds
from merchants.evidence.rules import chance, noise, scan, seasons

WORLDS = 200
BUDGET = 1  # alarms for each manager of 30 merchants in four weeks
_GRID = np.arange(0.05, 0.81, 0.025)
_CALM_SEED = 1_000_000


@dataclass(frozen=True)
class Fight:
    """What both sides made of each world: tallies in the order of the worlds."""

    ours: list[contest.Tally]
    theirs: list[contest.Tally]
    threshold: float


def fights(seeds: Sequence[int]) -> tuple[Fight, Fight]:
    """This will let both watch the worlds: with the same budget, and with as many false alarms."""
    made = [worlds.make_world(seed) for seed in seeds]
    ours = [contest.detector(world) for world in made]
    theirs = [contest.last_against_before(world) for world in made]

    def within(signals: contest.Signals, world: worlds.World, at: float) -> contest.Tally:
        first = contest.alarms_within_budget(
            signals, at, world.managers, BUDGET, lambda found: found.loss
        )
        return contest.tally(world, first)

    def freely(signals: contest.Signals, world: worlds.World, at: float) -> contest.Tally:
        return contest.tally(world, contest.alarms_without_budget(signals, at))

    def all_of(
        look: Callable[[contest.Signals, worlds.World, float], contest.Tally],
        signals: list[contest.Signals],
        at: float,
    ) -> list[contest.Tally]:
        return [look(found, world, at) for found, world in zip(signals, made, strict=True)]

    budget = {at: all_of(within, theirs, at) for at in _GRID}
    best = max(budget, key=lambda at: _f1(budget[at]))
    free = all_of(freely, ours, 0.0)
    same = _as_often_wrong(free, lambda at: all_of(freely, theirs, at))
    return (
        Fight(all_of(within, ours, 0.0), budget[best], float(best)),
        Fight(free, all_of(freely, theirs, same), same),
    )


def _f1(tallies: Sequence[contest.Tally]) -> float:
    right = sum(one.right for one in tallies)
    return 2 * right / max(2 * right + sum(one.wrong + one.missed for one in tallies), 1)


def _as_often_wrong(
    ours: Sequence[contest.Tally], look: Callable[[float], list[contest.Tally]]
) -> float:
    """The threshold at which the others raise as many false alarms as we do, by bisection."""
    wanted, low, high = sum(one.wrong for one in ours), 0.0, 1.0
    for _step in range(14):
        middle = (low + high) / 2
        low, high = (
            (middle, high) if sum(one.wrong for one in look(middle)) > wanted else (low, middle)
        )
    return high


def mean_and_interval(values: Sequence[float]) -> tuple[float, float]:
    """This will return the mean over the worlds and half the width of its 95 % interval."""
    spread = np.std(values, ddof=1) if len(values) > 1 else 0.0
    return float(np.mean(values)), float(1.96 * spread / np.sqrt(len(values)))


MEASURES: dict[str, Callable[[contest.Tally], float]] = {
    "precision": lambda one: one.precision,
    "recall": lambda one: one.recall,
    "median lead (weeks)": lambda one: one.lead,
    "false alarms a merchant-year": lambda one: one.false_alarms,
}


def _show(name: str, fight: Fight) -> None:
    print(f"{name}; 90 against 90 tells of falls from {fight.threshold:.0%} on")
    print(f"  {'':30}{'detector':>16}{'90 against 90':>16}{'difference':>18}")
    for measure, of in MEASURES.items():
        ours, theirs = [of(one) for one in fight.ours], [of(one) for one in fight.theirs]
        apart = [one - other for one, other in zip(ours, theirs, strict=True)]
        cells = [mean_and_interval(values) for values in (ours, theirs, apart)]
        print(f"  {measure:30}" + "".join(f"{mean:>9.3f} ±{half:.3f}" for mean, half in cells))


def _mean(measure: str, tallies: Sequence[contest.Tally]) -> float:
    return mean_and_interval([MEASURES[measure](one) for one in tallies])[0]


def main(count: int) -> None:
    """This will print both fights, and the false alarms where nothing declines."""
    budget, free = fights(range(count))
    _show(f"{count} worlds, {BUDGET} alarm for each manager in four weeks", budget)
    _show("as many false alarms, no budget", free)
    for measure in ("precision", "median lead (weeks)"):
        ours, theirs = (_mean(measure, tallies) for tallies in (budget.ours, budget.theirs))
        harness.promise(f"{measure}: 90 against 90 ahead of the detector by", theirs - ours, 0)
    calm = [worlds.make_world(_CALM_SEED + seed, declining=0) for seed in range(max(count // 4, 1))]
    wrong = [
        contest.tally(world, contest.alarms_without_budget(contest.detector(world), 0.0))
        for world in calm
    ]
    mean, half = mean_and_interval([one.false_alarms for one in wrong])
    stated = chance.false_alarms_a_year(chance.ALARM)
    print(f"without any decline: {mean:.3f} ±{half:.3f} false alarms a merchant-year;"
          f" stated for weeks that know nothing of each other: {stated:.3f}")  # fmt: skip


def simulate_chance(merchants: int = 20_000, seed: int = 0) -> dict[float, float]:
    """This will simulate how many merchants without a change reach each score within a year."""
    rng = np.random.default_rng(seed)
    weeks = worlds.HISTORY + scan.LATEST_YEAR
    values = rng.normal(1_000, 50, size=(merchants, weeks))
    highest = np.zeros(merchants)
    for end in range(worlds.HISTORY, weeks):
        seen = values[:, end - worlds.HISTORY : end]
        season = seasons.Season(np.ones_like(seen), np.ones_like(seen), np.isfinite(seen))
        known = noise.Noise(seen, np.full(merchants, 50**2 / 1_000), 0.0)
        found = scan.find_changes(season, known, is_fall=True)
        highest = np.maximum(highest, -found.score)
    return {score: float((highest >= score).mean()) for score in chance.SCORES}


if __name__ == "__main__":
    if "--chance" in sys.argv:
        for score, share in simulate_chance(200_000).items():
            print(f"{score:.1f}: {share:.5f}")
    else:
        numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
        size = numbers[0] if numbers else WORLDS
        main(size)
        harness.end(is_judged=size >= WORLDS)
