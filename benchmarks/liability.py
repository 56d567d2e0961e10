"""How often does what a campaign came to grant lie in the interval that was forecast?

    python -m benchmarks.liability [WORLDS]

Random campaigns of each shape (`benchmarks/futures/worlds.py`), known for two to twelve weeks and
forecast for up to twice as long: as many as before day after day, more or fewer with time, busy
weekends, a rush at the start, good days after good ones; and with limits that end within these
days or soon after: budget, day, branch and stock. What comes then was planted before, and is
granted person by person, by code of its own. Printed is the share of the worlds whose truth lay in
the interval of 80 %, for the campaign and for its branches, with Wilson's interval at 95 %, and how
wide it was beside what is expected. It ends with 1 where a share is out of its band.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.futures import worlds
from campaigns.liability import rules
from portal.kit.shares import Share

WORLDS = 400
_FIRST_SEED = 50_000
# By how many points the method may be off for a shape, beside what chance makes of few worlds:
# shapes are not those of its model, and lie on both sides of what it takes for likely.
_OFF, _OFF_ALL = 0.09, 0.05
_DEVIATIONS = 2.6
_CENT = 0.01


@dataclass(frozen=True)
class Coverage:
    """In how many worlds the truth lay in the interval: of the campaign, and of its branches; and
    the median width of the former over what is expected."""

    whole: Share
    branches: Share
    width: float


def measure(shape: str, seeds: range) -> Coverage:
    """This will forecast the worlds of a shape and hold them against what came."""
    found: list[tuple[bool, int, int, float]] = []
    for seed in seeds:
        world = worlds.make_world(shape, seed)
        said = rules.forecast(world.known, world.asked, world.room, world.worth)
        pairs = list(zip(said.branches, world.branches, strict=True))
        inside = sum(lies_in(one, truth) for one, truth in pairs)
        width = (said.whole.high - said.whole.low) / max(said.whole.expected, 1.0)
        found.append((lies_in(said.whole, world.whole), inside, len(pairs), width))
    return Coverage(
        Share(sum(is_in for is_in, *_rest in found), len(found)),
        Share(sum(inside for _in, inside, *_rest in found), sum(of for *_some, of, _w in found)),
        float(np.median([width for *_rest, width in found])),
    )


def lies_in(said: rules.Range, truth: float) -> bool:
    """This will tell whether the truth lies in an interval, its ends included, to the cent."""
    return said.low - _CENT <= truth <= said.high + _CENT


def band(shape: str, count: int) -> tuple[float, float]:
    """This will return between what the share of a shape's worlds must lie. Where limits end, what
    comes is often known to the cent: there is no upper bound."""
    off = _OFF_ALL if shape == ALL else _OFF
    wanted = rules.COVERED / 100
    reach = off + _DEVIATIONS * (wanted * (1 - wanted) / count) ** 0.5
    return wanted - reach, 1.0 if shape in worlds.LIMITED else wanted + reach


ALL = "all without limits"


def measure_all(seeds: range) -> dict[str, Coverage]:
    """This will measure every shape, and those without limits together."""
    found = {shape: measure(shape, seeds) for shape in [*worlds.FREE, *worlds.LIMITED]}
    return found | {ALL: together([found[shape] for shape in worlds.FREE])}


def together(found: Sequence[Coverage]) -> Coverage:
    """This will add up what was measured of several shapes."""
    return Coverage(
        Share(sum(one.whole.of for one in found), sum(one.whole.whole for one in found)),
        Share(sum(one.branches.of for one in found), sum(one.branches.whole for one in found)),
        float(np.median([one.width for one in found])),
    )


def out_of_band(found: dict[str, Coverage]) -> list[str]:
    """This will name the shapes whose share is out of its band."""
    return [
        shape
        for shape, one in found.items()
        if not (limits := band(shape, one.whole.whole))[0] <= one.whole.rate <= limits[1]
    ]


def _said(share: Share) -> str:
    return f"{share.rate:.3f} ({share.low:.3f} to {share.high:.3f})"


def show(found: dict[str, Coverage]) -> None:
    """This will print what was measured."""
    print(f"  {'shape':20}{'campaign':>26}{'its band':>18}{'branches':>26}{'width':>9}")
    for shape, one in found.items():
        low, high = band(shape, one.whole.whole)
        limits = f"{low:.3f} to {high:.3f}"
        print(f"  {shape:20}{_said(one.whole):>26}{limits:>18}{_said(one.branches):>26}"
              f"{one.width:>8.0%}")  # fmt: skip


def main(count: int) -> int:
    """This will print the coverage of all shapes; 1 where one is out of its band."""
    print(f"{count} worlds of each shape; wanted are {rules.COVERED} % in the interval")
    found = measure_all(range(_FIRST_SEED, _FIRST_SEED + count))
    show(found)
    out = out_of_band(found)
    print(f"out of its band: {', '.join(out)}" if out else "every share lies in its band")
    return 1 if out else 0


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    sys.exit(main(numbers[0] if numbers else WORLDS))
