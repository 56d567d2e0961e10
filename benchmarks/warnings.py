"""How much of planted gaming do the detectors of early warning find, and how often are they right?

    python -m benchmarks.warnings [WORLDS]

Random worlds (`benchmarks/gaming/worlds.py`) in which three of many units game, one kind in each
world; the others differ from one another by more than chance. Recall is the share of the planted
ones that were found, precision that of the alarms that were planted, each with Wilson's interval at
95 %, over all worlds together; and the false alarms of a world. The limits are the usual ones,
which were chosen on other worlds (seeds 0 to 59). Staff who are rewarded under their own e-mail
address are found by equality: of that nothing is measured.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.gaming import worlds
from campaigns.warnings.enums import Kind
from portal.kit.shares import Share

WORLDS = 200
_FIRST_SEED = 10_000


@dataclass(frozen=True)
class Tally:
    """Of all worlds of a kind: the planted ones that were found, and the alarms that were right."""

    recall: Share
    precision: Share
    worlds: int

    @property
    def false_alarms(self) -> float:
        """How many a world."""
        return (self.precision.whole - self.precision.of) / self.worlds


def measure(kind: Kind, seeds: Sequence[int]) -> Tally:
    """This will let the detector of a kind look at the worlds of these seeds."""
    found = planted = alarms = right = 0
    for seed in seeds:
        world = worlds.WORLDS[kind](np.random.default_rng([seed, len(kind)]))
        keys = {one.key for one in world.found}
        found += len(keys & world.planted)
        planted += len(world.planted)
        alarms += len(keys)
        right += len(keys & world.planted)
    return Tally(Share(found, planted), Share(right, alarms), len(seeds))


def _said(share: Share) -> str:
    if not share.whole:
        return "-"
    return f"{share.rate:.3f} ({share.low:.3f} to {share.high:.3f})"


def main(count: int) -> None:
    """This will print recall and precision of all kinds."""
    print(f"{count} worlds of each kind, {worlds.PLANTED} planted in each")
    print(f"  {'kind':12}{'recall':>28}{'precision':>28}{'false alarms a world':>24}")
    for kind in worlds.WORLDS:
        tally = measure(kind, range(_FIRST_SEED, _FIRST_SEED + count))
        cells = f"{_said(tally.recall):>28}{_said(tally.precision):>28}{tally.false_alarms:>24.2f}"
        print(f"  {kind.value:12}{cells}")


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    main(numbers[0] if numbers else WORLDS)
